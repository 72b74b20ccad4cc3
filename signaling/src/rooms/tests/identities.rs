//! Who comes back as whom, and for how long.

use super::*;

#[test]
fn a_reload_keeps_the_identity_and_draws_a_new_incarnation() {
    let table = table_for(2);
    let (mut left, right) = (table.guest(), table.guest());
    left.hears();
    let before = right.welcome.you.clone();
    right.membership.closing();
    let right = table.back(&right.welcome.token, Page::Reloaded).unwrap();
    let now = Participant { incarnation: Incarnation(3), ..before };
    assert_eq!(right.welcome.you, now);
    assert_eq!(left.hears(), [ServerMessage::Joined(now)]);
    table.wait(limits::LOST_SEAT);
    assert_eq!(left.hears(), []);
}

#[test]
fn a_lost_socket_comes_back_as_it_was() {
    let table = table_for(8);
    let (mut left, right) = (table.guest(), table.guest());
    let before = right.welcome.you.clone();
    drop(right.membership);
    left.hears();
    let right = table.back(&right.welcome.token, Page::Same).unwrap();
    assert_eq!(right.welcome.you, before);
    assert_eq!(right.welcome.participants, [left.welcome.you.clone()]);
    assert_eq!(left.hears(), [ServerMessage::Joined(before)]);
}

#[test]
fn a_superseded_connection_is_told_and_leaves_no_trace() {
    let table = table_for(8);
    let (mut left, mut old) = (table.guest(), table.guest());
    let new = table.back(&old.welcome.token, Page::Same).unwrap();
    left.hears();
    assert_eq!(old.hears(), [refused(Refusal::Superseded)]);
    old.membership.set_media(MediaState { microphone: true, camera: true, ..MediaState::default() });
    old.membership.signal(left.id(), ask());
    drop(old);
    assert_eq!(left.hears(), []);
    new.membership.signal(left.id(), ask());
    assert_eq!(left.hears().len(), 1);
}

#[test]
fn a_join_that_comes_late_through_an_earlier_connection_takes_nothing_back() {
    let table = table_for(8);
    let guest = table.guest();
    let slow = table.rooms.connect();
    let mut present = table.back(&guest.welcome.token, Page::Same).unwrap();
    let late = table.request(Some((&guest.welcome.token, Page::Same)));
    assert_eq!(table.enter_through(slow, &late).err(), Some(Refusal::Superseded));
    assert_eq!(present.hears(), []);
    present.membership.leave();
    assert_eq!(table.enter_through(slow, &late).err(), Some(Refusal::Superseded));
    assert_eq!(table.glance().inside, 0);
}

#[test]
fn a_token_is_good_until_the_next_one_is_used() {
    let table = table_for(8);
    let guest = table.guest();
    let (first, id) = (guest.welcome.token.clone(), guest.id());
    let second = table.back(&first, Page::Same).unwrap().welcome.token;
    assert_ne!(first, second);
    // The welcome that brought the second may have been lost.
    let third = table.back(&first, Page::Same).unwrap().welcome.token;
    assert_eq!(table.back(&second, Page::Same).err(), Some(Refusal::StaleToken), "it was replaced before it was used");
    let fourth = table.back(&third, Page::Same).unwrap();
    assert_eq!(fourth.id(), id);
    assert_eq!(table.back(&first, Page::Same).err(), Some(Refusal::StaleToken));
    table.wait(limits::LOST_SEAT);
    fourth.membership.leave();
    assert_eq!(table.back(&fourth.welcome.token, Page::Same).unwrap().id(), id);
}

#[test]
fn a_token_of_another_room_proves_nothing() {
    let mut table = table_for(8);
    let here = table.guest();
    table.room = table.rooms.create(Rules::default()).unwrap();
    assert_eq!(table.back(&here.welcome.token, Page::Same).err(), Some(Refusal::StaleToken));
}

#[test]
fn whoever_left_may_come_back_while_remembered_and_a_seat_is_free() {
    let table = table_for(1);
    let first = table.guest();
    let (token, you) = (first.welcome.token.clone(), first.welcome.you.clone());
    first.membership.leave();
    let second = table.guest();
    assert_eq!(table.back(&token, Page::Same).err(), Some(Refusal::RoomFull));
    second.membership.leave();
    let again = table.back(&token, Page::Same).unwrap();
    assert_eq!((again.welcome.you.id, again.welcome.you.number), (you.id, you.number));
    assert!(again.welcome.you.incarnation > you.incarnation, "the others have closed its connections");
}

#[test]
fn whoever_was_lost_for_long_keeps_its_incarnation() {
    let table = table_for(8);
    let (_left, right) = (table.guest(), table.guest());
    drop(right.membership);
    table.wait(limits::LOST_SEAT);
    assert_eq!(table.back(&right.welcome.token, Page::Same).unwrap().welcome.you, right.welcome.you);
}

#[test]
fn the_memory_of_a_room_is_bounded() {
    let table = table_for(2);
    let first = table.guest();
    let token = first.welcome.token.clone();
    first.membership.leave();
    for _ in 0..limits::REMEMBERED_IDENTITIES {
        table.guest().membership.leave();
    }
    assert_eq!(table.back(&token, Page::Same).err(), Some(Refusal::StaleToken));
}

#[test]
fn those_who_left_are_forgotten_before_the_lost() {
    let table = table_for(2);
    let (lost, left) = (table.guest(), table.guest());
    let (lost_token, left_token) = (lost.welcome.token.clone(), left.welcome.token.clone());
    let lost_id = lost.id();
    drop(lost);
    table.wait(limits::LOST_SEAT);
    left.membership.leave();
    for _ in 0..2 * limits::REMEMBERED_IDENTITIES {
        table.guest().membership.leave();
    }
    assert_eq!(table.back(&left_token, Page::Same).err(), Some(Refusal::StaleToken));
    assert_eq!(table.back(&lost_token, Page::Same).unwrap().id(), lost_id);
}

#[test]
fn the_memory_of_the_lost_is_bounded_too() {
    let table = table_for(1);
    let tokens: Vec<_> = (0..=limits::REMEMBERED_IDENTITIES)
        .map(|_| {
            let token = table.guest().welcome.token;
            table.wait(limits::LOST_SEAT);
            token
        })
        .collect();
    assert_eq!(table.back(&tokens[0], Page::Same).err(), Some(Refusal::StaleToken));
    assert!(table.back(&tokens[1], Page::Same).is_ok());
}
