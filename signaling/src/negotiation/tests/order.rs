//! What comes too early, too late, twice, or from the wrong end.

use super::super::candidates::Candidates;
use super::*;

#[test]
fn a_candidate_that_comes_before_its_offer_is_held_back() {
    let mut left = left();
    assert_eq!(left.handle(trickled(1, 1, "right"), at(0.0)), []);
    left.handle(offer(1, 1), at(0.1));
    assert_eq!(left.handle(trickled(1, 1, "late"), at(0.1)), []);
    let actions = left.handle(described(1, 1, "left"), at(0.2));
    assert_eq!(actions[1..], [adds(1, "right"), adds(1, "late")]);
    assert_eq!(left.handle(trickled(1, 1, "later"), at(0.3)), [adds(1, "later")]);
}

#[test]
fn a_candidate_that_is_said_again_is_taken_once_in_a_round() {
    let mut left = after(left(), at(0.0), [trickled(1, 1, "right"), offer(1, 1), described(1, 1, "left")]);
    assert_eq!(left.handle(trickled(1, 1, "right"), at(0.3)), []);
    assert_eq!(left.handle(trickled(1, 1, "more"), at(0.3)), [adds(1, "more")]);
    assert_eq!(left.handle(trickled(1, 1, "more"), at(0.4)), []);
    let mut left = after(left, at(1.0), [offer(1, 2), described(1, 2, "left")]);
    assert_eq!(left.handle(trickled(1, 2, "right"), at(1.1)), [adds(1, "right")]);
}

#[test]
fn a_flood_of_candidates_ends_at_the_limit() {
    let mut left = left_working();
    let flood = (0..1_000).map(|number| left.handle(trickled(1, 1, &number.to_string()), at(1.0)).len());
    assert_eq!(flood.sum::<usize>(), 64);
    assert_eq!(left.candidates(), 64);
}

#[test]
fn a_flood_of_offers_opens_a_connection_now_and_then() {
    let mut left = left_working();
    let mut opened = |first: u32, now| {
        let opens = |action: &Action| matches!(action, Action::Open { .. });
        (first..first + 100).filter(|count| left.handle(offer(*count, 1), at(now)).iter().any(opens)).count()
    };
    assert_eq!([(2, 10.0), (200, 11.0), (400, 11.5), (600, 12.0)].map(|(first, now)| opened(first, now)), [6, 1, 0, 1]);
    let rounds = (2..100).filter(|seq| !left.handle(offer(600, *seq), at(20.0)).is_empty()).count();
    assert_eq!(rounds, 6, "rounds of one connection cost as much");
}

#[test]
fn a_candidate_that_comes_before_its_answer_is_held_back() {
    let mut right = offered();
    assert_eq!(right.handle(trickled(1, 1, "left"), at(0.0)), []);
    assert_eq!(right.handle(answer(1, 1), at(0.1)).len(), 1);
    assert_eq!(right.handle(applied(1, 1), at(0.2)), [adds(1, "left")]);
}

#[test]
fn a_candidate_of_the_next_round_waits_for_it() {
    let mut left = left_working();
    assert_eq!(left.handle(trickled(1, 2, "right"), at(1.0)), []);
    left.handle(offer(1, 2), at(1.0));
    assert_eq!(left.handle(described(1, 2, "left"), at(1.1))[1..], [adds(1, "right")]);
}

#[test]
fn a_candidate_of_an_older_round_is_dropped() {
    let mut left = after(left_working(), at(1.0), [offer(1, 2)]);
    assert_eq!(left.handle(trickled(1, 1, "right"), at(1.0)), []);
    assert_eq!(left.handle(described(1, 2, "left"), at(1.1)).len(), 1);
    assert_eq!(left.handle(trickled(1, 1, "right"), at(1.2)), []);
}

#[test]
fn an_answer_to_an_older_offer_is_dropped() {
    let mut right = after(right_working(), at(9.0), [turned(1, Transport::Failed), Event::Tick]);
    right.handle(described(1, 2, "again"), at(9.0));
    assert_eq!(right.handle(answer(1, 1), at(9.1)), []);
    assert_eq!(right.handle(answer(1, 2), at(9.1)).len(), 1);
}

#[test]
fn an_answer_is_applied_once() {
    let mut right = offered();
    assert_eq!(right.handle(answer(1, 1), at(0.1)).len(), 1);
    assert_eq!(right.handle(answer(1, 1), at(0.1)), []);
    right.handle(applied(1, 1), at(0.2));
    assert_eq!(right.handle(answer(1, 1), at(0.3)), []);
}

#[test]
fn an_older_offer_is_dropped() {
    let mut left = after(left(), at(0.0), [offer(2, 2), described(2, 2, "left")]);
    assert_eq!(left.handle(offer(2, 1), at(0.1)), []);
    assert_eq!(left.handle(offer(1, 3), at(0.1)), []);
    assert_eq!((left.epoch(), left.seq()), (epoch(2), 2));
}

#[test]
fn a_new_epoch_voids_the_old_one() {
    let mut left = after(left(), at(0.0), [offer(1, 1)]);
    assert_eq!(left.handle(offer(2, 1), at(0.1))[0], opens(2, Role::Answerer));
    for late in [described(1, 1, "old"), broke(1, 1), gathered(1, "old"), turned(1, Transport::Connected)] {
        assert_eq!(left.handle(late.clone(), at(0.2)), [], "{late:?}");
    }
    assert_eq!(left.transport(), Transport::New);
    assert_eq!(left.handle(described(2, 1, "left"), at(0.3)).len(), 1);
}

#[test]
fn a_reload_opens_a_greater_epoch() {
    let reloaded = Epoch::none(Incarnation(2), Incarnation(7));
    let mut right = Negotiation::new(Role::Offerer, reloaded, Jitter::new(1));
    right.handle(Event::Begin, at(0.0));
    assert!(right.epoch() > epoch(u32::MAX));
    assert_eq!(right.handle(answer(1, 1), at(0.1)), []);
}

#[test]
fn roles_do_not_mix() {
    assert_eq!(right_working().handle(offer(2, 1), at(0.1)), []);
    assert_eq!(left_working().handle(answer(1, 1), at(0.1)), []);
    assert_eq!(left_working().handle(asked(1, 1, Ask::Rebuild), at(9.0)), []);
}

#[test]
fn an_epoch_that_was_never_opened_is_no_epoch() {
    assert_eq!(left().handle(offer(0, 1), at(0.0)), []);
}

#[test]
fn held_candidates_are_bounded_and_kept_once() {
    let mut candidates = Candidates::default();
    for number in 0..1_000 {
        candidates.hold((epoch(9), number), None);
        candidates.hold((epoch(1), 1), None);
    }
    assert_eq!(candidates.clone().release((epoch(1), 1)), [None]);
    let waiting: usize = (0..1_000).map(|number| candidates.clone().release((epoch(9), number)).len()).sum();
    assert_eq!(waiting, 63);
}

#[test]
fn a_new_round_makes_place_for_its_candidates() {
    let mut candidates = Candidates::default();
    for number in 0..1_000 {
        candidates.hold((epoch(1), number), None);
    }
    candidates.begin((epoch(2), 1));
    candidates.hold((epoch(2), 1), None);
    assert_eq!(candidates.release((epoch(2), 1)), [None]);
}
