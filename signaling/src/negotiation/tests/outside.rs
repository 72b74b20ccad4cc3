//! What comes from outside of the pair.

use super::*;

#[test]
fn an_outdated_offer_is_not_said_again_and_nothing_more_is_gathered_for_it() {
    let mut right = after(offered(), at(0.0), [gathered(1, "right"), Event::Outdated]);
    assert_eq!(right.candidates(), 0);
    assert_eq!(right.handle(Event::Resynced, at(0.1)), []);
    assert_eq!(right.handle(gathered(1, "right"), at(0.1)), []);
    assert_eq!(first_action(&mut right, at(0.1)).1, rebuilds(2));
    let said = [says(2, 1, SignalBody::Offer(sdp("anew"))), says(2, 1, SignalBody::Candidate(candidate("anew")))];
    assert_eq!(right.handle(described(2, 1, "anew"), at(2.0)), said[..1]);
    assert_eq!(right.handle(gathered(2, "anew"), at(2.0)), said[1..], "that is of the new one");
}

#[test]
fn an_outdated_answer_is_not_said_again() {
    let mut left = after(left(), at(0.0), [offer(1, 1), described(1, 1, "left"), gathered(1, "left"), Event::Outdated]);
    assert_eq!(left.handle(offer(1, 1), at(1.0)), []);
    assert_eq!(left.handle(Event::Resynced, at(1.0)), []);
}

#[test]
fn what_is_being_described_when_it_is_outdated_is_never_said() {
    let mut right = after(right(), at(0.0), [Event::Begin, gathered(1, "right"), Event::Outdated]);
    assert_eq!(right.handle(described(1, 1, "right"), at(0.1)), []);
    assert_eq!(right.handle(Event::Resynced, at(0.1)), []);
}

#[test]
fn whatever_does_not_work_when_the_relay_is_gone_is_helped_at_once() {
    let mut right = after(offered(), at(0.0), [answer(1, 1), applied(1, 1), Event::RelayGone { cut: false }]);
    let (waited, actions) = first_action(&mut right, at(0.0));
    assert_eq!(actions, [offers(1, 2, true)]);
    assert!(waited <= 0.2, "{waited}");
    assert_eq!(after(right_working(), at(1.0), [Event::RelayGone { cut: false }]).handle(Event::Tick, at(2.0)), []);
}

#[test]
fn a_wish_that_came_too_soon_is_soon_said_again() {
    let mut left = after(Negotiation::new(Role::Answerer, epoch(3), Jitter::new(1)), at(0.0), [Event::Begin]);
    let (waited, actions) = first_action(&mut left, at(0.0));
    assert_eq!(actions, [asks(3, 0, Ask::Rebuild)]);
    assert!(waited <= 1.6, "{waited}");
}
