//! Getting in, and coming back as who one was.

use super::*;

#[test]
fn a_prepared_socket_is_used_for_joining() {
    let mut call = new_call(None);
    assert_eq!(call.handle(Event::Prepare, at(0.0)), [Action::Dial(SocketNumber(1))]);
    assert_eq!(call.handle(Event::Prepare, at(0.1)), []);
    let actions = call.handle(Event::Join { name: name() }, at(5.0));
    assert_eq!(actions, [Action::Show(Status::Joining), says_join(MediaState::default(), None)]);
}

#[test]
fn joining_without_a_socket_dials_one() {
    let actions = new_call(None).handle(Event::Join { name: name() }, at(0.0));
    assert_eq!(actions[1..], [Action::Dial(SocketNumber(1)), says_join(MediaState::default(), None)]);
}

#[test]
fn a_welcome_is_the_proof_of_being_in() {
    let mut call = joining();
    assert!(!call.is_online());
    let actions = hears(&mut call, 1, welcome(2, &[1]), 0.1);
    assert_eq!(shown(&actions), [Status::Online(ParticipantId(2))]);
    assert!(actions.contains(&Action::Remember(token(2))));
    assert_eq!(call.mesh().unwrap().shown().count(), 1);
}

#[test]
fn a_welcome_that_nobody_asked_for_is_none() {
    let mut call = new_call(None);
    call.handle(Event::Prepare, at(0.0));
    assert_eq!(hears(&mut call, 1, welcome(2, &[]), 0.1), []);
}

#[test]
fn a_reloaded_page_comes_back_as_who_it_was() {
    let mut call = new_call(Some(token(2)));
    let actions = call.handle(Event::Join { name: name() }, at(0.0));
    assert_eq!(actions[2], says_join(MediaState::default(), Some((2, Page::Reloaded))));
}

#[test]
fn a_dead_socket_is_found_in_the_green_room() {
    let mut call = new_call(None);
    call.handle(Event::Prepare, at(100.0));
    let probe = |nonce| Action::Send(ClientMessage::Probe { nonce });
    let (waited, actions) = first_action(&mut call, 100.0);
    assert_eq!(actions, [probe(1)]);
    assert!((19.0..21.0).contains(&waited), "{waited}");
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 121.0);
    assert_eq!(call.handle(Event::Woke, at(122.0)), [probe(2)]);
    let (waited, actions) = first_action(&mut call, 122.0);
    assert_eq!(actions, [Action::Dial(SocketNumber(2))]);
    assert!((0.9..1.2).contains(&waited), "{waited}");
}

#[test]
fn an_echo_is_no_answer_to_a_join() {
    let mut call = new_call(None);
    call.handle(Event::Prepare, at(0.0));
    call.handle(Event::Woke, at(1.0));
    call.handle(Event::Join { name: name() }, at(1.1));
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 1.2);
    let (waited, actions) = first_action(&mut call, 1.2);
    assert!(actions.contains(&Action::Dial(SocketNumber(2))) && waited < 4.2, "{waited} {actions:?}");
}

#[test]
fn a_refusal_at_the_door_is_an_answer() {
    for reason in [Refusal::UnknownRoom, Refusal::RoomFull, Refusal::Unknown] {
        let actions = hears(&mut joining(), 1, refused(reason), 0.1);
        assert_eq!(shown(&actions), [Status::Refused(reason)]);
        assert!(actions.contains(&Action::HangUp));
    }
    for reason in [Refusal::Stopping, Refusal::TooFast] {
        assert_eq!(hears(&mut joining(), 1, refused(reason), 0.1), [], "{reason:?}");
    }
}

#[test]
fn a_token_that_is_not_known_any_more_is_not_shown_again() {
    let mut call = new_call(Some(token(2)));
    call.handle(Event::Join { name: name() }, at(0.0));
    let actions = hears(&mut call, 1, refused(Refusal::StaleToken), 0.1);
    let anew = says_join(MediaState::default(), None);
    assert_eq!(actions, [Action::Forget, Action::Dial(SocketNumber(2)), anew]);
}

#[test]
fn a_superseded_page_stops_and_leaves_the_memory_to_its_successor() {
    let actions = hears(&mut inside(), 1, refused(Refusal::Superseded), 1.0);
    assert_eq!(shown(&actions), [Status::Refused(Refusal::Superseded)]);
    assert!(actions.contains(&Action::HangUp) && !actions.contains(&Action::Forget));
    assert!(actions.contains(&Action::Mesh(mesh::Action::Disappeared(ParticipantId(1)))));
}

#[test]
fn a_new_identity_begins_a_new_mesh() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    call.handle(Event::Woke, at(1.0));
    let actions = hears(&mut call, 2, welcome(5, &[4]), 1.2);
    assert!(actions.contains(&Action::Mesh(mesh::Action::Disappeared(ParticipantId(1)))));
    let shown: Vec<_> = call.mesh().unwrap().shown().map(|(participant, _)| participant.id).collect();
    assert_eq!(shown, [ParticipantId(4)]);
}

#[test]
fn a_room_that_hides_everybody_says_so_before_any_connection_is_opened() {
    let ServerMessage::Welcome(mut welcome) = welcome(2, &[1]) else { unreachable!() };
    welcome.room.relay_only = true;
    let actions = hears(&mut joining(), 1, ServerMessage::Welcome(welcome), 0.1);
    let opens =
        |action: &Action| matches!(action, Action::Mesh(mesh::Action::Pair(_, negotiation::Action::Open { .. })));
    let position = |wanted: &dyn Fn(&Action) -> bool| actions.iter().position(wanted).unwrap();
    assert!(position(&|action| *action == Action::HideAddresses) < position(&opens));
    assert!(!hears(&mut joining(), 1, self::welcome(2, &[1]), 0.1).contains(&Action::HideAddresses));
}
