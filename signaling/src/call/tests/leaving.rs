//! Leaving, and what is heard after it.

use super::*;

#[test]
fn leaving_says_so_forgets_and_hangs_up() {
    let mut call = inside();
    let actions = call.handle(Event::Leave, at(1.0));
    assert_eq!(actions[0], Action::Send(ClientMessage::Leave));
    assert!(actions.contains(&Action::Forget) && actions.contains(&Action::HangUp));
    assert_eq!(shown(&actions), [Status::Left]);
    assert_eq!(call.handle(Event::Tick, at(60.0)), []);
}

#[test]
fn whoever_thinks_better_of_joining_leaves_nobody_behind() {
    for token in [None, Some(token(2))] {
        let mut call = new_call(token);
        call.handle(Event::Prepare, at(0.0));
        call.handle(Event::Join { name: name() }, at(1.0));
        let actions = call.handle(Event::Leave, at(1.1));
        assert_eq!(actions[0], Action::Send(ClientMessage::Leave));
        assert!(actions.contains(&Action::HangUp));
    }
    let mut call = joining();
    call.handle(Event::Closed(SocketNumber(1)), at(0.1));
    assert!(!call.handle(Event::Leave, at(0.2)).contains(&Action::Send(ClientMessage::Leave)));
}

#[test]
fn nothing_is_heard_after_leaving() {
    let mut call = joining();
    call.handle(Event::Leave, at(0.1));
    assert_eq!(hears(&mut call, 1, welcome(2, &[]), 0.2), []);
    assert_eq!(hears(&mut call, 1, refused(Refusal::RoomFull), 0.2), []);
    assert!(!call.is_online());
}

#[test]
fn whoever_left_may_join_again_as_someone_new() {
    let mut call = inside();
    call.handle(Event::Leave, at(1.0));
    let actions = call.handle(Event::Join { name: name() }, at(2.0));
    assert!(actions.contains(&says_join(MediaState::default(), None)));
}

#[test]
fn a_join_that_was_given_up_leaves_nobody_behind() {
    let (_, actions) = first_action(&mut joining(), 0.0);
    assert_eq!(actions[..2], [Action::Send(ClientMessage::Leave), Action::Dial(SocketNumber(2))]);
    let mut call = new_call(Some(token(2)));
    call.handle(Event::Join { name: name() }, at(0.0));
    assert_eq!(first_action(&mut call, 0.0).1[0], Action::Dial(SocketNumber(2)));
}
