//! Who is there, who left, and who is somebody new.

use super::*;

#[test]
fn the_newcomer_calls_everyone_present_and_awaits_who_comes_later() {
    let mut mesh = mesh();
    let actions = mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
    assert_eq!(actions[0], Action::Appeared(right()));
    assert!(opens(&actions, RIGHT));
    assert_eq!(mesh.joined(third(), at(1)), [Action::Appeared(third())]);
    assert_eq!(shown(&mesh), [RIGHT, THIRD]);
}

#[test]
fn one_is_not_someone_else() {
    assert_eq!(mesh().joined(someone(LEFT, 2), at(0)), []);
}

#[test]
fn whoever_joins_again_is_shown_once() {
    let mut mesh = working();
    assert_eq!(mesh.joined(right(), at(2)), []);
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![right()], at(3)), []);
    assert_eq!(shown(&mesh), [RIGHT]);
}

#[test]
fn what_may_be_lost_in_a_gap_is_said_again() {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
    let (epoch, sdp) = (epoch_of(&mesh, RIGHT), Sdp::new("v=0").unwrap());
    let said = mesh.pair(RIGHT, Event::Described { epoch, seq: 1, sdp }, at(0));
    assert_eq!(said.len(), 1);
    assert_eq!(mesh.joined(right(), at(1)), said);
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![right()], at(1)), said);
}

#[test]
fn a_reload_replaces_the_connection_and_keeps_the_tile() {
    let mut mesh = working();
    let before = epoch_of(&mesh, RIGHT);
    let actions = mesh.joined(someone(RIGHT, 9), at(2));
    assert_eq!(actions[0], Action::Close(RIGHT));
    assert!(actions.contains(&Action::Changed(someone(RIGHT, 9))));
    assert!(actions.contains(&Action::Linked(RIGHT, Link::Connecting)));
    assert!(!actions.iter().any(|action| matches!(action, Action::Appeared(_) | Action::Disappeared(_))));
    assert!(opens(&actions, RIGHT) && epoch_of(&mesh, RIGHT) > before);
}

#[test]
fn ones_own_new_incarnation_opens_every_pair_anew() {
    let mut mesh = working();
    let before = epoch_of(&mesh, RIGHT);
    let actions = mesh.welcome(someone(LEFT, 9), vec![right()], at(2));
    assert_eq!(actions[0], Action::Close(RIGHT));
    assert!(opens(&actions, RIGHT) && epoch_of(&mesh, RIGHT) > before);
}

#[test]
fn whoever_left_is_gone_at_once() {
    let mut mesh = working();
    assert_eq!(mesh.left(RIGHT), [Action::Close(RIGHT), Action::Disappeared(RIGHT)]);
    assert_eq!(mesh.left(RIGHT), []);
}

#[test]
fn a_lost_participant_stays_while_its_transport_works() {
    let mut mesh = working();
    assert_eq!(mesh.lost(RIGHT, at(2)), []);
    assert_eq!(done(mesh.tick(Server::There, at(3_600))), []);
    turn(&mut mesh, Transport::Disconnected, at(3_600));
    assert_eq!(mesh.tick(Server::There, at(3_604)), []);
    assert_eq!(done(mesh.tick(Server::There, at(3_606))), [Action::Close(RIGHT), Action::Disappeared(RIGHT)]);
}

#[test]
fn whom_the_server_forgot_stays_while_its_transport_works() {
    let mut mesh = working();
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![], at(2)), []);
    turn(&mut mesh, Transport::Failed, at(10));
    assert_eq!(done(mesh.tick(Server::There, at(16))), [Action::Close(RIGHT), Action::Disappeared(RIGHT)]);
}

#[test]
fn whoever_was_lost_before_one_came_is_not_shown_until_it_is_back() {
    let mut mesh = mesh();
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![lost(right())], at(0)), []);
    let actions = mesh.joined(right(), at(1));
    assert_eq!(actions[0], Action::Appeared(right()));
    assert!(opens(&actions, RIGHT));
}

#[test]
fn a_pair_that_was_closed_goes_on_counting() {
    let mut mesh = working();
    let before = epoch_of(&mesh, RIGHT);
    mesh.left(RIGHT);
    mesh.joined(right(), at(2));
    assert_eq!(epoch_of(&mesh, RIGHT), before.next());
}

#[test]
fn devices_are_shown_as_they_are_told() {
    let mut mesh = working();
    let media = MediaState { microphone: true, camera: false, ..MediaState::default() };
    assert_eq!(mesh.media_changed(RIGHT, media, at(2)), [Action::Changed(Participant { media, ..right() })]);
    assert_eq!(mesh.media_changed(THIRD, media, at(2)), []);
    let back = Participant { media: MediaState::default(), ..right() };
    assert_eq!(mesh.joined(back.clone(), at(2)), [Action::Changed(back)]);
}

#[test]
fn devices_that_change_without_end_are_shown_now_and_then_and_at_last_as_they_are() {
    let mut mesh = working();
    let media = |screen| MediaState { screen, ..MediaState::default() };
    let shown = (0..101).map(|told| mesh.media_changed(RIGHT, media(told % 2 == 0), at(2)).len());
    assert_eq!(shown.sum::<usize>(), 6);
    let last = Action::Changed(Participant { media: media(true), ..right() });
    assert!(mesh.tick(Server::There, at(3)).contains(&last));
    assert!(!mesh.tick(Server::There, at(4)).contains(&last), "once");
}

#[test]
fn leaving_closes_everything() {
    let mut mesh = working();
    mesh.joined(third(), at(2));
    let closed = mesh.close_all();
    assert_eq!(closed.iter().filter(|action| matches!(action, Action::Disappeared(_))).count(), 2);
    assert_eq!(shown(&mesh), []);
}

#[test]
fn a_reload_that_others_told_of_first_is_not_taken_for_another_one() {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![third()], at(0));
    let offer =
        |since| Signal { epoch: Epoch::from((since, 1)), seq: 1, body: SignalBody::Offer(Sdp::new("v=0").unwrap()) };
    assert!(opens(&mesh.signal(THIRD, offer(3), at(1)), THIRD));
    assert!(opens(&mesh.signal(THIRD, offer(9), at(2)), THIRD), "carried here past the server");
    let reloaded = someone(THIRD, 9);
    let actions = mesh.joined(reloaded.clone(), at(3));
    assert_eq!(actions, [Action::Changed(reloaded)]);
    assert!(mesh.joined(someone(THIRD, 12), at(4)).contains(&Action::Close(THIRD)));
    assert!(!opens(&mesh.signal(THIRD, offer(9), at(5)), THIRD), "that connection is over");
}

#[test]
fn whoever_was_reached_before_being_shown_is_shown_as_reached() {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![lost(third())], at(0));
    let offer = Signal { epoch: Epoch::from((3, 1)), seq: 1, body: SignalBody::Offer(Sdp::new("v=0").unwrap()) };
    mesh.signal(THIRD, offer, at(1));
    let epoch = Epoch::from((3, 1));
    mesh.pair(THIRD, Event::Described { epoch, seq: 1, sdp: Sdp::new("v=0").unwrap() }, at(1));
    assert_eq!(mesh.pair(THIRD, Event::Transport { epoch, state: Transport::Connected }, at(2)), []);
    let actions = mesh.joined(third(), at(3));
    assert_eq!(actions, [Action::Appeared(third()), Action::Linked(THIRD, Link::Connected)]);
}

#[test]
fn whoever_was_away_when_we_came_back_as_new_is_met_anew() {
    let mut mesh = working();
    assert_eq!(mesh.welcome(someone(LEFT, 9), vec![], at(2)), [], "what works is not given up for it");
    let actions = mesh.joined(right(), at(3));
    assert!(opens(&actions, RIGHT) && actions.contains(&Action::Close(RIGHT)), "{actions:?}");
    assert_eq!(epoch_of(&mesh, RIGHT), Epoch::from((9, 1)));
}

#[test]
fn whoever_was_silent_for_long_is_given_a_moment_to_come_back_when_the_old_socket_ends() {
    let mut mesh = working();
    turn(&mut mesh, Transport::Disconnected, at(10));
    mesh.tick(Server::There, at(30));
    assert_eq!(mesh.lost(RIGHT, at(30)), []);
    assert_eq!(done(mesh.tick(Server::There, at(32))), []);
    let actions = mesh.joined(right(), at(32));
    assert!(!actions.contains(&Action::Disappeared(RIGHT)), "{actions:?}");
    mesh.lost(RIGHT, at(40));
    let gone = mesh.tick(Server::There, at(43));
    assert!(gone.contains(&Action::Disappeared(RIGHT)), "{gone:?}");
}
