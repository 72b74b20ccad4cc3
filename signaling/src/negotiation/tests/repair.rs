//! What becomes of a pair whose connection does not work, or not any more.

use super::*;

#[test]
fn a_short_loss_is_left_to_ice() {
    for mut end in [left_working(), right_working()] {
        end.handle(turned(1, Transport::Disconnected), at(10.0));
        assert_eq!(end.handle(Event::Tick, at(11.5)), []);
        let whole = Action::Refresh { epoch: epoch(1) };
        assert_eq!(end.handle(turned(1, Transport::Connected), at(11.6)), std::slice::from_ref(&whole));
        assert!(end.handle(Event::Tick, at(60.0)).iter().all(|action| *action == whole));
    }
}

#[test]
fn what_worked_and_is_built_again_gets_help_when_it_takes_too_long() {
    let (mut left, mut right) = (left_working(), right_working());
    for end in [&mut left, &mut right] {
        end.handle(turned(1, Transport::New), at(10.0));
    }
    let (waited, actions) = first_action(&mut right, at(10.0));
    assert_eq!(actions, [offers(1, 2, true)]);
    assert!((4.0..8.2).contains(&waited), "{waited}");
    assert_eq!(first_action(&mut left, at(10.0)).1, [asks(1, 1, Ask::Restart)]);
}

#[test]
fn a_longer_loss_gets_a_restart_from_the_offerer_first() {
    let (mut left, mut right) = (left_working(), right_working());
    left.handle(turned(1, Transport::Disconnected), at(10.0));
    right.handle(turned(1, Transport::Disconnected), at(10.0));
    let (waited, actions) = first_action(&mut right, at(10.0));
    assert_eq!(actions, [offers(1, 2, true)]);
    let (patience, actions) = first_action(&mut left, at(10.0));
    assert_eq!(actions, [asks(1, 1, Ask::Restart)]);
    assert!(waited <= 2.2 && patience >= waited + 0.9, "{waited} {patience}");
}

#[test]
fn a_restart_that_does_not_help_is_followed_by_a_new_connection() {
    let mut right = after(right_working(), at(10.0), [turned(1, Transport::Failed)]);
    let (_, actions) = first_action(&mut right, at(10.0));
    assert_eq!(actions, [offers(1, 2, true)]);
    let events = [described(1, 2, "again"), answer(1, 2), applied(1, 2)];
    let mut right = after(right, at(11.0), events);
    let (waited, actions) = first_action(&mut right, at(11.0));
    assert_eq!(actions, rebuilds(2));
    assert!(waited >= 1.9, "{waited}");
    let events = [described(2, 1, "new"), answer(2, 1), applied(2, 1), turned(2, Transport::Connected)];
    let mut right = after(right, at(20.0), events);
    right.handle(turned(2, Transport::Failed), at(30.0));
    assert_eq!(first_action(&mut right, at(30.0)).1, [offers(2, 2, true)]);
}

#[test]
fn patience_grows_with_every_failure_and_is_forgotten_once_it_works() {
    let mut left = after(left(), at(0.0), [offer(1, 1), described(1, 1, "left")]);
    for _ in 0..2 {
        let (mut now, mut waits) = (0.0, Vec::new());
        for _ in 0..6 {
            let (wait, _) = first_action(&mut left, at(now));
            (now, _) = (now + wait, waits.push(wait));
        }
        assert!(waits[0] <= 9.1 && waits[5] >= 8.9, "{waits:?}");
        let next = left.seq() + 1;
        let events = [turned(1, Transport::Connected), turned(1, Transport::New), offer(1, next)];
        left = after(left, at(0.0), events.into_iter().chain([described(1, next, "left")]));
    }
}

#[test]
fn no_second_offer_begins_while_one_is_in_flight() {
    let mut right = offered();
    assert_eq!(right.handle(asked(1, 1, Ask::Restart), at(5.0)), []);
    right.handle(turned(1, Transport::Failed), at(5.0));
    let (_, actions) = first_action(&mut right, at(5.0));
    assert_eq!(actions, [says(1, 1, SignalBody::Offer(sdp("right")))]);
}

#[test]
fn the_answerer_is_heard() {
    assert_eq!(right_working().handle(asked(1, 1, Ask::Restart), at(5.0)), [offers(1, 2, true)]);
    let mut right = after(right_working(), at(5.0), [turned(1, Transport::Failed)]);
    assert_eq!(right.handle(asked(1, 1, Ask::Rebuild), at(5.0)), rebuilds(2));
}

#[test]
fn asked_again_too_soon_the_offerer_does_nothing() {
    let mut right = right_working();
    assert_eq!(right.handle(asked(1, 0, Ask::Rebuild), at(5.0)), rebuilds(2));
    assert_eq!(right.handle(asked(2, 1, Ask::Rebuild), at(5.5)), []);
    assert_eq!(right.handle(asked(2, 1, Ask::Rebuild), at(6.1)), rebuilds(3));
}

#[test]
fn a_wish_that_was_overtaken_is_not_heeded() {
    let events = [asked(1, 1, Ask::Restart), described(1, 2, "again"), answer(1, 2), applied(1, 2)];
    let mut right = after(right_working(), at(5.0), events);
    assert_eq!(right.handle(asked(1, 1, Ask::Rebuild), at(9.0)), []);
    assert_eq!(right.handle(asked(1, 1, Ask::Restart), at(9.0)), []);
}

#[test]
fn what_works_is_restarted_before_it_is_given_up() {
    let mut right = right_working();
    assert_eq!(right.handle(asked(1, 1, Ask::Rebuild), at(5.0)), [offers(1, 2, true)]);
    let mut right = after(right, at(5.0), [described(1, 2, "again"), answer(1, 2), applied(1, 2)]);
    assert!(right.is_converged());
    assert_eq!(right.handle(asked(1, 2, Ask::Rebuild), at(20.0)), rebuilds(2));
}

#[test]
fn an_answerer_whose_wish_was_answered_with_less_wishes_again() {
    let mut left = after(left_working(), at(10.0), [turned(1, Transport::Failed)]);
    let mut now = at(10.0);
    for (seq, wish) in [(1, Ask::Restart), (2, Ask::Rebuild), (3, Ask::Rebuild)] {
        let (waited, actions) = first_action(&mut left, now);
        assert_eq!(actions, [asks(1, seq, wish)]);
        now += at(waited);
        left = after(left, now, [offer(1, seq + 1), described(1, seq + 1, "left")]);
    }
    left = after(left, now, [turned(1, Transport::Connected), turned(1, Transport::Failed)]);
    assert_eq!(first_action(&mut left, now).1, [asks(1, 4, Ask::Restart)]);
}

#[test]
fn an_answerer_without_a_connection_is_given_one_at_once() {
    assert_eq!(right_working().handle(asked(1, 0, Ask::Rebuild), at(5.0)), rebuilds(2));
}

#[test]
fn an_answerer_that_closed_its_end_asks_for_a_new_one() {
    let mut left = Negotiation::new(Role::Answerer, epoch(3), Jitter::new(1));
    assert_eq!(left.handle(Event::Begin, at(0.0)), [asks(3, 0, Ask::Rebuild)]);
    assert_eq!(left.handle(offer(3, 5), at(0.1)), [asks(3, 0, Ask::Rebuild)]);
    assert_eq!(first_action(&mut left, at(0.1)).1, [asks(3, 0, Ask::Rebuild)]);
    assert_eq!(left.handle(offer(4, 1), at(9.0))[0], opens(4, Role::Answerer));
}

#[test]
fn the_offerer_learns_a_later_epoch_from_the_answerer() {
    assert_eq!(offered().handle(asked(7, 0, Ask::Rebuild), at(5.0)), rebuilds(8));
}

#[test]
fn what_broke_at_the_offerer_is_replaced_soon() {
    let mut right = after(right(), at(0.0), [Event::Begin, broke(1, 1)]);
    let (waited, actions) = first_action(&mut right, at(0.0));
    assert_eq!(actions, rebuilds(2));
    assert!(waited <= 1.2, "{waited}");
}

#[test]
fn what_broke_at_the_answerer_is_asked_for_again_and_again() {
    let mut left = after(left(), at(0.0), [offer(1, 1)]);
    assert_eq!(left.handle(broke(1, 1), at(0.0)), [asks(1, 1, Ask::Rebuild)]);
    assert_eq!(first_action(&mut left, at(0.0)).1, [asks(1, 1, Ask::Rebuild)]);
    assert_eq!(offered().handle(asked(1, 1, Ask::Rebuild), at(2.0)), rebuilds(2));
}

#[test]
fn a_broken_connection_is_asked_for_nothing() {
    let mut left = after(left(), at(0.0), [offer(1, 1), trickled(1, 1, "right"), broke(1, 1)]);
    for event in [trickled(1, 1, "right"), offer(1, 1), offer(1, 2), described(1, 1, "left")] {
        assert_eq!(left.handle(event.clone(), at(0.1)), [], "{event:?}");
    }
    left.handle(turned(1, Transport::Connected), at(0.1));
    assert!(!left.is_converged());
}

#[test]
fn a_browser_that_never_answers_counts_as_broken() {
    let mut right = after(offered(), at(0.0), [answer(1, 1)]);
    assert_eq!(right.handle(Event::Tick, at(9.0)), []);
    assert_eq!(right.handle(Event::Tick, at(10.1)), []);
    assert_eq!(right.handle(applied(1, 1), at(10.2)), []);
    right.handle(turned(1, Transport::Connected), at(10.2));
    assert!(!right.is_converged());
    assert_eq!(first_action(&mut right, at(10.2)).1, rebuilds(2));
}

fn heard(count: u32) -> Event {
    Event::Beat { epoch: epoch(count) }
}

#[test]
fn a_far_end_that_falls_silent_is_asked_first_and_then_helped_though_the_browser_calls_it_connected() {
    let mut right = after(right_working(), at(10.0), [heard(1)]);
    let (waited, actions) = first_action(&mut right, at(10.0));
    assert_eq!(actions, [Action::Knock { epoch: epoch(1) }]);
    assert!((1.0..1.2).contains(&waited), "{waited}");
    let (waited, actions) = first_action(&mut right, at(10.0 + waited));
    assert_eq!(actions, [offers(1, 2, true)]);
    assert!((0.7..0.9).contains(&waited), "{waited}");
    assert_eq!(right.transport(), Transport::Disconnected);
}

#[test]
fn a_page_that_is_too_busy_for_signs_is_not_helped_while_its_sound_comes() {
    let mut right = after(right_working(), at(10.0), [heard(1)]);
    for doubts in 1..20 {
        let (waited, actions) = first_action(&mut right, at(9.0 + f64::from(doubts)));
        assert_eq!(actions, [Action::Knock { epoch: epoch(1) }]);
        assert!((1.0..1.2).contains(&waited), "{waited}");
        assert_eq!(right.handle(Event::Heard { epoch: epoch(1) }, at(10.0 + f64::from(doubts))), []);
    }
    assert!(right.is_converged());
}

#[test]
fn the_answerer_of_a_silent_pair_asks_a_little_later() {
    let mut left = after(left_working(), at(10.0), [heard(1)]);
    let (knocked, _) = first_action(&mut left, at(10.0));
    let (waited, actions) = first_action(&mut left, at(10.0 + knocked));
    assert_eq!(actions, [asks(1, 1, Ask::Restart)]);
    assert!(waited >= 1.6, "{waited}");
}

#[test]
fn whoever_is_heard_again_needs_no_help() {
    let mut right = after(right_working(), at(10.0), [heard(1)]);
    right.handle(Event::TickInVain, at(11.0));
    right.handle(Event::TickInVain, at(12.0));
    assert_eq!(right.transport(), Transport::Disconnected);
    assert_eq!(right.handle(heard(1), at(12.1)), [Action::Refresh { epoch: epoch(1) }]);
    assert!(right.is_converged());
    assert_eq!(right.handle(Event::Tick, at(12.2)), []);
    let wholes = (0..20).filter(|step| {
        let now = at(12.2 + 0.1 * f64::from(*step));
        right.handle(heard(1), now);
        right.handle(Event::Tick, now).contains(&Action::Refresh { epoch: epoch(1) })
    });
    assert_eq!(wholes.count(), 2);
}

#[test]
fn what_could_not_be_said_while_signaling_was_away_is_said_when_it_is_back() {
    let mut right = after(right_working(), at(10.0), [heard(1)]);
    for second in 11..60 {
        let actions = right.handle(Event::TickInVain, at(f64::from(second)));
        assert!(actions.iter().all(|action| matches!(action, Action::Knock { .. })), "{actions:?}");
    }
    assert_eq!(right.handle(Event::Resynced, at(60.0)), [offers(1, 2, true)]);
}

#[test]
fn pictures_that_are_stuck_get_a_new_connection() {
    let pictures = |sent| Event::Pictures { epoch: epoch(1), sent, decoded: 7 };
    let mut right = after(right_working(), at(10.0), [pictures(10)]);
    assert_eq!(right.handle(pictures(200), at(20.0)), rebuilds(2));
    let mut left = after(left_working(), at(10.0), [pictures(10)]);
    assert_eq!(left.handle(pictures(200), at(20.0)), [asks(1, 1, Ask::Rebuild)]);
}

#[test]
fn an_ordered_repair_begins_with_a_restart_and_ordered_again_is_a_new_connection() {
    let mut right = right_working();
    assert_eq!(right.handle(Event::Ordered, at(10.0)), [offers(1, 2, true)]);
    let mut right = after(right, at(10.5), [described(1, 2, "again"), answer(1, 2), applied(1, 2)]);
    assert_eq!(right.handle(Event::Ordered, at(20.0)), rebuilds(2));
    assert_eq!(left_working().handle(Event::Ordered, at(10.0)), []);
}

#[test]
fn in_a_hurry_nothing_is_waited_for_and_nothing_that_works_is_touched() {
    let mut right = after(right_working(), at(10.0), [turned(1, Transport::Disconnected)]);
    assert_eq!(right.handle(Event::Hurried, at(10.1)), [offers(1, 2, true)]);
    assert_eq!(right_working().handle(Event::Hurried, at(10.0)), []);
}

#[test]
fn an_order_that_comes_while_a_repair_is_under_way_begins_no_other() {
    let mut right = after(right_working(), at(10.0), [Event::Ordered, described(1, 2, "again")]);
    assert_eq!(right.handle(Event::Ordered, at(30.0)), []);
    right.handle(answer(1, 2), at(30.0));
    right.handle(applied(1, 2), at(30.0));
    right.handle(turned(1, Transport::New), at(30.0));
    assert_eq!(right.handle(Event::Ordered, at(32.0)), [], "its own clock runs");
}

#[test]
fn asked_to_give_up_what_works_the_offerer_hesitates_once_for_each_connection() {
    let mut right = right_working();
    assert_eq!(right.handle(asked(1, 1, Ask::Rebuild), at(10.0)), [offers(1, 2, true)]);
    let mut right = after(right, at(10.5), [described(1, 2, "again"), answer(1, 2), applied(1, 2)]);
    assert_eq!(right.handle(asked(1, 2, Ask::Rebuild), at(200.0)), rebuilds(2));
}

#[test]
fn what_the_browser_calls_connected_again_is_not_believed_before_it_is_heard() {
    let mut right = after(right_working(), at(10.0), [heard(1)]);
    for tenth in 0..30 {
        right.handle(Event::TickInVain, at(10.0 + f64::from(tenth) / 10.0));
    }
    right.handle(turned(1, Transport::New), at(13.0));
    right.handle(turned(1, Transport::Connected), at(13.5));
    assert!(!right.is_converged());
    right.handle(heard(1), at(13.6));
    assert!(right.is_converged());
}

#[test]
fn a_page_that_gives_no_beats_is_never_silent() {
    let mut right = after(right_working(), at(10.0), [Event::Heard { epoch: epoch(1) }]);
    assert_eq!(right.handle(Event::Tick, at(60.0)), []);
    assert_eq!(right.handle(Event::Tick, at(61.0)), []);
    assert!(right.is_converged());
}
