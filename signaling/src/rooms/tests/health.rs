//! Pairs that do not work for both, and who is told to repair them.

use super::*;

const PATIENCE: Moment = limits::PAIR_PATIENCE;

/// Two who have heard of each other, and nothing since.
fn two() -> (Table, Guest, Guest) {
    let table = table_for(8);
    let (mut left, mut right) = (table.guest(), table.guest());
    left.hears();
    right.hears();
    (table, left, right)
}

fn tells(guest: &Guest, reached: &[&Guest]) {
    guest.membership.health(reached.iter().map(|other| other.id()).collect());
}

#[test]
fn a_pair_that_works_for_both_is_left_alone() {
    let (table, mut left, mut right) = two();
    tells(&left, &[&right]);
    tells(&right, &[&left]);
    table.wait(PATIENCE * 3);
    assert_eq!((left.hears(), right.hears()), (vec![], vec![]));
    assert_eq!(table.rooms.figures().pairs, PairCounts { whole: 1, ..PairCounts::default() });
}

#[test]
fn the_later_to_join_is_told_to_repair_what_works_for_one_or_for_none() {
    for reached_by_left in [true, false] {
        let (table, mut left, mut right) = two();
        let both = [&right];
        tells(&left, if reached_by_left { &both } else { &[] });
        tells(&right, &[]);
        let pairs = table.rooms.figures().pairs;
        assert_eq!((pairs.one_sided, pairs.dead), if reached_by_left { (1, 0) } else { (0, 1) });
        table.wait(PATIENCE - Moment::from_millis(1));
        assert_eq!(right.hears(), []);
        table.wait(Moment::from_millis(1));
        assert_eq!(right.hears(), [ServerMessage::Repair { with: left.id() }]);
        assert_eq!(left.hears(), []);
    }
}

#[test]
fn an_order_is_repeated_until_it_helps() {
    let (table, left, mut right) = two();
    tells(&left, &[]);
    tells(&right, &[]);
    for _ in 0..3 {
        table.wait(PATIENCE);
        assert_eq!(right.hears().len(), 1);
    }
    tells(&left, &[&right]);
    tells(&right, &[&left]);
    table.wait(PATIENCE * 3);
    assert_eq!(right.hears(), []);
    assert_eq!(table.rooms.figures().repairs_ordered, 3);
}

#[test]
fn who_has_told_nothing_or_is_away_is_not_judged() {
    let (table, left, mut right) = two();
    tells(&right, &[]);
    table.wait(PATIENCE * 2);
    assert_eq!(right.hears(), []);
    tells(&left, &[]);
    drop(left.membership);
    table.wait(PATIENCE * 2);
    assert!(!right.hears().iter().any(|message| matches!(message, ServerMessage::Repair { .. })));
    assert_eq!(table.rooms.figures().pairs.unknown, 1);
}

#[test]
fn what_was_told_through_one_socket_is_not_held_against_the_next() {
    let (table, mut left, right) = two();
    tells(&left, &[]);
    tells(&right, &[]);
    let token = right.welcome.token.clone();
    let mut right = table.enter(&table.request(Some((&token, Page::Same)))).unwrap();
    table.wait(PATIENCE * 2);
    let repairs = |heard: Vec<ServerMessage>| heard.iter().any(|said| matches!(said, ServerMessage::Repair { .. }));
    assert!(!repairs(left.hears()) && !repairs(right.hears()));
}

#[test]
fn whoever_is_not_in_the_room_is_not_reached() {
    let (table, left, right) = two();
    left.membership.health(vec![ParticipantId(1), ParticipantId(2)]);
    tells(&right, &[&left]);
    assert_eq!(table.rooms.figures().pairs.one_sided, 1);
}
