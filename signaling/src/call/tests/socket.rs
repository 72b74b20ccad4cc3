//! A socket that is lost, doubted or silent, and what is made up for when there is one again.

use super::*;

#[test]
fn a_lost_socket_is_a_badge_and_no_goodbye() {
    let mut call = inside();
    let actions = call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    assert_eq!(actions, [Action::Show(Status::Away)]);
    assert!(!call.is_online());
    let (waited, actions) = first_action(&mut call, 1.0);
    let again = says_join(MediaState::default(), Some((2, Page::Same)));
    assert_eq!(actions, [Action::Dial(SocketNumber(2)), again]);
    assert!(waited <= 0.3, "{waited}");
    assert_eq!(call.mesh().unwrap().shown().count(), 1);
}

#[test]
fn retries_never_end_and_are_never_far_apart() {
    let mut call = inside();
    let (mut now, mut waits) = (1.0, Vec::new());
    for socket in 1..20 {
        call.handle(Event::Closed(SocketNumber(socket)), at(now));
        let (waited, _) = first_action(&mut call, now);
        (now, _) = (now + waited, waits.push(waited));
    }
    assert!(waits.iter().all(|waited| *waited <= 1.6) && waits[10..].iter().all(|waited| *waited >= 0.7), "{waits:?}");
}

#[test]
fn waking_up_dials_at_once() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    assert_eq!(call.handle(Event::Woke, at(1.0))[0], Action::Dial(SocketNumber(2)));
}

#[test]
fn a_doubted_socket_is_asked_and_believed_when_it_answers() {
    let mut call = inside();
    let probe = Action::Send(ClientMessage::Probe { nonce: 1 });
    assert_eq!(call.handle(Event::Woke, at(1.0)), [probe]);
    assert_eq!(call.handle(Event::Woke, at(1.1)), []);
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 1.2);
    let (waited, _) = first_action(&mut call, 1.2);
    assert!(waited > 3.0, "{waited}");
}

#[test]
fn a_socket_that_does_not_answer_is_given_up() {
    let mut call = inside();
    call.handle(Event::Woke, at(1.0));
    hears(&mut call, 1, ServerMessage::Echo { nonce: 9 }, 1.2);
    let (waited, actions) = first_action(&mut call, 1.0);
    assert_eq!(actions[..2], [Action::Show(Status::Away), Action::Dial(SocketNumber(2))]);
    assert!((0.9..1.2).contains(&waited), "{waited}");
}

#[test]
fn a_server_that_says_nothing_for_long_is_asked() {
    let mut call = inside();
    let (waited, actions) = first_action(&mut call, 0.1);
    assert_eq!(actions, [Action::Send(ClientMessage::Probe { nonce: 1 })]);
    assert!((19.0..21.0).contains(&waited), "{waited}");
}

#[test]
fn a_pair_in_trouble_is_a_reason_to_doubt_the_socket() {
    let mut call = inside();
    let epoch = call.mesh().unwrap().shown().next().unwrap().1.epoch();
    let news = |state| Event::Pair(ParticipantId(1), negotiation::Event::Transport { epoch, state });
    let probe = Action::Send(ClientMessage::Probe { nonce: 1 });
    assert!(!call.handle(news(Transport::Connected), at(1.0)).contains(&probe));
    assert!(call.handle(news(Transport::Disconnected), at(2.0)).contains(&probe));
}

#[test]
fn an_offer_without_an_answer_is_a_reason_to_doubt_a_silent_server() {
    let mut call = inside();
    let epoch = call.mesh().unwrap().shown().next().unwrap().1.epoch();
    let sdp = crate::protocol::Sdp::new("v=0").unwrap();
    let described = negotiation::Event::Described { epoch, seq: 1, sdp };
    call.handle(Event::Pair(ParticipantId(1), described), at(0.1));
    let probe = Action::Send(ClientMessage::Probe { nonce: 1 });
    let asked = (1..100).map(|step| f64::from(step) / 10.0);
    let asked = asked.into_iter().find(|now| call.handle(Event::Tick, at(*now)).contains(&probe));
    assert!(asked.is_some_and(|now| (4.0..10.0).contains(&now)), "{asked:?}");
}

#[test]
fn a_refusal_never_ends_a_call_that_runs() {
    use Refusal::*;
    for reason in
        [UnknownRoom, RoomFull, StaleToken, Unknown, Malformed, OutOfOrder, TooFast, TooSlow, TooLate, Stopping]
    {
        let mut call = inside();
        let mut actions = hears(&mut call, 1, refused(reason), 1.0);
        assert_eq!(shown(&actions), [Status::Away], "{reason:?}");
        if !actions.contains(&Action::Dial(SocketNumber(2))) {
            actions = first_action(&mut call, 1.0).1;
        }
        assert!(actions.contains(&Action::Dial(SocketNumber(2))), "{reason:?}");
        assert_eq!(call.mesh().unwrap().shown().count(), 1, "{reason:?}");
    }
}

#[test]
fn news_of_an_old_socket_is_no_news() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    call.handle(Event::Woke, at(1.0));
    assert_eq!(call.handle(Event::Closed(SocketNumber(1)), at(1.1)), []);
    assert_eq!(call.handle(Event::Woke, at(1.1)), []);
    assert_eq!(hears(&mut call, 1, welcome(2, &[]), 1.1), []);
    assert!(!call.is_online());
}

#[test]
fn devices_are_announced_as_they_are() {
    let mut call = inside();
    let media = MediaState { microphone: false, camera: true, ..MediaState::default() };
    assert_eq!(call.handle(Event::SetMedia(media), at(1.0)), [Action::Send(ClientMessage::SetMedia(media))]);
    assert_eq!(call.handle(Event::SetMedia(media), at(1.1)), []);
}

#[test]
fn what_devices_did_while_away_is_told_on_return() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    call.handle(Event::Woke, at(1.0));
    let media = MediaState { microphone: true, camera: true, ..MediaState::default() };
    assert_eq!(call.handle(Event::SetMedia(media), at(1.1)), []);
    let actions = hears(&mut call, 2, welcome(2, &[1]), 1.2);
    assert_eq!(actions.last(), Some(&Action::Send(ClientMessage::SetMedia(media))));
}

#[test]
fn what_pairs_say_is_dropped_while_away() {
    let mut call = inside();
    let epoch = call.mesh().unwrap().shown().next().unwrap().1.epoch();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    let sdp = crate::protocol::Sdp::new("v=0").unwrap();
    let described = negotiation::Event::Described { epoch, seq: 1, sdp };
    assert_eq!(call.handle(Event::Pair(ParticipantId(1), described), at(1.1)), []);
}

#[test]
fn a_clock_that_stood_still_is_a_reason_to_doubt_the_socket() {
    let mut call = inside();
    call.handle(Event::Tick, at(1.0));
    assert!(call.handle(Event::Tick, at(10.0)).contains(&Action::Send(ClientMessage::Probe { nonce: 1 })));
}

#[test]
fn whoever_does_not_want_to_wait_need_not() {
    let mut call = inside_with_one_heard();
    let epoch = epoch_of(&call, 1);
    call.handle(
        Event::Pair(ParticipantId(1), negotiation::Event::Transport { epoch, state: Transport::Disconnected }),
        at(5.0),
    );
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 5.1);
    let actions = call.handle(Event::Hurry(ParticipantId(1)), at(5.2));
    assert!(actions.iter().any(|action| matches!(action, Action::Mesh(mesh::Action::Pair(..)))), "{actions:?}");
}
