//! Whether the far end is really there: when it was last heard, and whether its picture moves.
//!
//! Separate from what is [done about it](super::repair). Browsers go on saying *connected* for seconds after the last packet,
//! and for ever when a decoder is stuck; so what counts is what arrives.

use crate::time::{Moment, doubled};
use core::time::Duration;

/// Without a sign of life for this long, the far end is asked for one. It gives one every half second.
const DOUBTED: Duration = Duration::from_millis(1_000);
/// Asked, it answers at once: a page whose clock is slowed down in the background, too. Longer than this it is silent.
const ANSWER: Duration = Duration::from_millis(700);
/// After a silence a whole picture is sent at once, and again after these times: the first ones may find the way not yet open.
const REFRESHES: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(1_200)];
/// So many pictures sent and none of them decoded: the way in between is stuck, though packets flow.
const STUCK_FRAMES: u32 = 120;
/// And for so long: what was held up on the way may come all at once.
const STUCK_FOR: Duration = Duration::from_secs(3);
/// Between two conclusions that it is stuck; then twice as long, and so on.
const STUCK_SPACING: Duration = Duration::from_secs(10);
const STUCK_MOST: Duration = Duration::from_secs(5 * 60);

/// What a look at the clock finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// It is to be asked for a sign of life.
    Doubtful,
    /// It has just become silent.
    Silent,
}

/// What is known of the far end's signs of life, on the present connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Pulse {
    /// `None` until there was a first beat; a page that gives none is never doubted.
    heard_at: Option<Moment>,
    asked_at: Option<Moment>,
    silent: bool,
    /// When it was heard again, and how many whole pictures were sent since.
    back: Option<(Moment, usize)>,
    /// How many pictures were decoded, how many had been sent by then, and when.
    progress: Option<(u32, u32, Moment)>,
    stuck: u32,
    stuck_at: Option<Moment>,
}

impl Pulse {
    /// Begins anew with a new connection; how often pictures were stuck on those before is kept.
    pub(super) fn begin(&mut self) {
        *self = Self { stuck: self.stuck, stuck_at: self.stuck_at, ..Self::default() };
    }

    /// Returns whether it was heard once and is not any more.
    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }

    /// Begins to expect signs of life.
    pub(super) fn start(&mut self, now: Moment) {
        self.heard_at.get_or_insert(now);
    }

    /// Notes a sign of life, and returns whether it had been silent.
    pub(super) fn hear(&mut self, now: Moment) -> bool {
        if self.heard_at.is_none() {
            return false;
        }
        (self.heard_at, self.asked_at) = (Some(now), None);
        if self.silent {
            self.come_back(now);
        }
        core::mem::take(&mut self.silent)
    }

    /// What the far end says leads nowhere any more: it is silent from now on, if it was ever heard.
    pub(super) fn fall_silent(&mut self) {
        self.silent |= self.heard_at.is_some();
    }

    /// An outage is over. What was sent into the void is not held against the decoder.
    pub(super) fn come_back(&mut self, now: Moment) {
        self.progress = None;
        self.back = Some((now, 0));
    }

    /// Returns whether another whole picture is to be sent because of a silence that has ended.
    pub(super) fn refreshes(&mut self, now: Moment) -> bool {
        let Some((since, sent)) = &mut self.back else { return false };
        match REFRESHES.get(*sent) {
            Some(after) if now >= *since + *after => {
                *sent += 1;
                true
            }
            Some(_) => false,
            None => {
                self.back = None;
                false
            }
        }
    }

    /// Looks at the clock.
    pub(super) fn look(&mut self, now: Moment) -> Option<Finding> {
        let heard_at = self.heard_at.filter(|_| !self.silent)?;
        match self.asked_at {
            None if now >= heard_at + DOUBTED => {
                self.asked_at = Some(now);
                Some(Finding::Doubtful)
            }
            Some(asked_at) if now >= asked_at + ANSWER => {
                self.silent = true;
                Some(Finding::Silent)
            }
            None | Some(_) => None,
        }
    }

    /// Compares what was sent with what was decoded, and returns whether the pictures are stuck.
    pub(super) fn compare(&mut self, sent: u32, decoded: u32, now: Moment) -> bool {
        let (decoded_then, sent_then, then) = *self.progress.get_or_insert((decoded, sent, now));
        if decoded != decoded_then || sent < sent_then {
            self.progress = Some((decoded, sent, now));
        }
        if decoded != decoded_then && self.stuck_at.is_some_and(|at| now >= at + STUCK_MOST) {
            self.stuck = 0;
        }
        let spacing = doubled(STUCK_SPACING, self.stuck, STUCK_MOST);
        let concluded = self.stuck_at.is_some_and(|at| now < at + spacing);
        let lasts = now >= then + STUCK_FOR;
        if decoded != decoded_then || sent < sent_then.saturating_add(STUCK_FRAMES) || !lasts || concluded {
            return false;
        }
        (self.progress, self.stuck, self.stuck_at) = (None, self.stuck + 1, Some(now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Moment {
        Moment::from_secs_f64(seconds)
    }

    #[test]
    fn whoever_was_never_heard_is_not_doubted() {
        assert_eq!(Pulse::default().look(at(1_000.0)), None);
    }

    #[test]
    fn a_sign_that_does_not_come_is_asked_for_and_then_missed() {
        let mut pulse = Pulse::default();
        pulse.start(at(0.0));
        assert_eq!(pulse.look(at(0.9)), None);
        assert_eq!(pulse.look(at(1.0)), Some(Finding::Doubtful));
        assert_eq!(pulse.look(at(1.6)), None);
        assert_eq!(pulse.look(at(1.7)), Some(Finding::Silent));
        assert!(pulse.is_silent() && pulse.look(at(9.0)).is_none());
        assert!(pulse.hear(at(9.0)) && !pulse.is_silent());
    }

    #[test]
    fn an_answer_ends_the_doubt() {
        let mut pulse = Pulse::default();
        pulse.start(at(0.0));
        assert_eq!(pulse.look(at(1.0)), Some(Finding::Doubtful));
        assert!(!pulse.hear(at(1.1)));
        assert_eq!(pulse.look(at(2.0)), None);
        assert_eq!(pulse.look(at(2.1)), Some(Finding::Doubtful));
    }

    #[test]
    fn a_clock_that_stood_still_asks_before_it_concludes() {
        let mut pulse = Pulse::default();
        pulse.start(at(0.0));
        assert_eq!(pulse.look(at(3_600.0)), Some(Finding::Doubtful));
        assert_eq!(pulse.look(at(3_600.1)), None);
    }

    #[test]
    fn pictures_that_are_sent_and_never_decoded_are_stuck() {
        let mut pulse = Pulse::default();
        assert!(!pulse.compare(100, 90, at(0.0)));
        assert!(!pulse.compare(200, 90, at(4.0)));
        assert!(pulse.compare(230, 90, at(5.0)));
        assert!(!pulse.compare(231, 90, at(6.0)), "said once");
    }

    #[test]
    fn a_camera_that_is_off_sticks_nowhere() {
        let mut pulse = Pulse::default();
        assert!((0..100).all(|second| !pulse.compare(100, 90, at(f64::from(second)))));
        assert!(!pulse.compare(110, 99, at(101.0)));
    }

    #[test]
    fn what_was_sent_into_the_void_is_not_stuck() {
        let mut pulse = Pulse::default();
        pulse.start(at(0.0));
        assert!(!pulse.compare(100, 90, at(0.0)));
        pulse.look(at(1.0));
        pulse.look(at(2.0));
        pulse.hear(at(30.0));
        assert!(!pulse.compare(1_000, 90, at(30.1)));
        assert!(!pulse.compare(1_010, 99, at(31.0)));
    }

    #[test]
    fn stuck_again_and_again_it_is_concluded_less_and_less_often() {
        let (mut pulse, mut sent, mut concluded) = (Pulse::default(), 0, Vec::new());
        for second in 0..600 {
            sent += 30;
            if pulse.compare(sent, 7, at(f64::from(second))) {
                concluded.push(second);
            }
        }
        let gaps: Vec<_> = concluded.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.windows(2).all(|pair| pair[1] > pair[0] || pair[1] >= 300), "{concluded:?}");
        assert!((4..=6).contains(&concluded.len()), "{concluded:?}");
    }
}
