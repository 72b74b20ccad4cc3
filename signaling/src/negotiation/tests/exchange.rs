//! How a pair comes together.

use super::*;

#[test]
fn the_later_to_join_offers() {
    use crate::identity::JoinNumber;
    assert_eq!(Role::of(JoinNumber(2), JoinNumber(1)), Role::Offerer);
    assert_eq!(Role::of(JoinNumber(1), JoinNumber(2)), Role::Answerer);
}

#[test]
fn the_offerer_begins_and_the_answerer_waits() {
    assert_eq!(right().handle(Event::Begin, at(0.0)), rebuilds(1));
    assert_eq!(left().handle(Event::Begin, at(0.0)), []);
}

#[test]
fn both_ends_converge_on_one_round() {
    let (mut left, mut right) = (left(), right());
    right.handle(Event::Begin, at(0.0));
    let said = right.handle(described(1, 1, "right"), at(0.0));
    assert_eq!(said, [says(1, 1, SignalBody::Offer(sdp("right")))]);
    let answering = Action::Answer { epoch: epoch(1), seq: 1, offer: sdp("right") };
    assert_eq!(left.handle(offer(1, 1), at(0.1)), [opens(1, Role::Answerer), answering]);
    let said = left.handle(described(1, 1, "left"), at(0.1));
    assert_eq!(said, [says(1, 1, SignalBody::Answer(sdp("left")))]);
    let applying = Action::Apply { epoch: epoch(1), seq: 1, answer: sdp("left") };
    assert_eq!(right.handle(answer(1, 1), at(0.2)), [applying]);
    assert_eq!(right.handle(applied(1, 1), at(0.2)), []);
    for end in [&mut left, &mut right] {
        assert!(!end.is_converged());
        end.handle(turned(1, Transport::Connected), at(0.3));
        assert!(end.is_converged());
        assert_eq!((end.epoch(), end.seq()), (epoch(1), 1));
        assert_eq!(end.handle(Event::Tick, at(3_600.0)), []);
    }
}

#[test]
fn ones_own_candidates_follow_the_description() {
    let mut right = after(right(), at(0.0), [Event::Begin]);
    assert_eq!(right.handle(gathered(1, "right"), at(0.0)), []);
    let both = [says(1, 1, SignalBody::Offer(sdp("right"))), says(1, 1, SignalBody::Candidate(candidate("right")))];
    assert_eq!(right.handle(described(1, 1, "right"), at(0.0)), both);
    let end = Event::Gathered { epoch: epoch(1), candidate: None };
    assert_eq!(right.handle(end, at(0.1)), [says(1, 1, SignalBody::EndOfCandidates)]);
}

#[test]
fn a_candidate_of_the_generation_before_is_not_said() {
    let mut right = after(right_working(), at(9.0), [turned(1, Transport::Failed), Event::Tick]);
    assert_eq!(right.seq(), 2);
    right.handle(gathered(1, "right"), at(9.0));
    right.handle(gathered(1, "again"), at(9.0));
    let said = right.handle(described(1, 2, "again"), at(9.1));
    let both = [says(1, 2, SignalBody::Offer(sdp("again"))), says(1, 2, SignalBody::Candidate(candidate("again")))];
    assert_eq!(said, both);
    assert_eq!(right.handle(gathered(1, "right"), at(9.2)), []);
}

#[test]
fn an_unanswered_offer_is_said_again_and_ever_more_slowly() {
    let mut right = after(offered(), at(0.0), [gathered(1, "right")]);
    let all = vec![says(1, 1, SignalBody::Offer(sdp("right"))), says(1, 1, SignalBody::Candidate(candidate("right")))];
    let (mut now, mut waits) = (0.0, Vec::new());
    for _ in 0..6 {
        let (wait, said) = first_action(&mut right, at(now));
        assert_eq!(said, all);
        (now, _) = (now + wait, waits.push(wait));
    }
    assert!((0.7..=1.6).contains(&waits[0]), "{waits:?}");
    assert!(waits[3..].iter().all(|wait| (2.9..=6.1).contains(wait)), "{waits:?}");
}

#[test]
fn a_lost_answer_is_said_again() {
    let mut left = after(left_working(), at(0.0), [gathered(1, "left")]);
    let all = [says(1, 1, SignalBody::Answer(sdp("left"))), says(1, 1, SignalBody::Candidate(candidate("left")))];
    assert_eq!(left.handle(offer(1, 1), at(2.0)), all);
    // A whole row of offers, held up together, has one answer.
    assert_eq!(left.handle(offer(1, 1), at(2.0)), []);
    assert_eq!(left.handle(offer(1, 1), at(3.0)), all);
}

#[test]
fn an_offer_that_is_being_answered_is_not_answered_twice() {
    let mut left = after(left(), at(0.0), [offer(1, 1)]);
    assert_eq!(left.handle(offer(1, 1), at(0.1)), []);
}

#[test]
fn what_may_be_lost_in_a_gap_is_said_again() {
    let said = offered().handle(Event::Resynced, at(1.0));
    assert_eq!(said, [says(1, 1, SignalBody::Offer(sdp("right")))]);
    let mut left = after(left(), at(0.0), [offer(1, 1), described(1, 1, "left")]);
    assert_eq!(left.handle(Event::Resynced, at(1.0)), [says(1, 1, SignalBody::Answer(sdp("left")))]);
    assert_eq!(right().handle(Event::Resynced, at(1.0)), rebuilds(1));
}

#[test]
fn a_pair_that_works_has_nothing_to_say_after_a_gap() {
    assert_eq!(left_working().handle(Event::Resynced, at(1.0)), []);
    assert_eq!(right_working().handle(Event::Resynced, at(1.0)), []);
}
