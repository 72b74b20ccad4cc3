//! Time as an argument, what of it counts, and the spreading of retries.
//!
//! Separate, because nothing in this crate may read a clock or a source of randomness of its own.

use core::time::Duration;

/// A moment, as the time since an origin that only whoever holds the clock knows. It never runs backwards.
pub type Moment = Duration;

/// A clock that stood still for longer than this did so because the computer slept, or the page was frozen.
pub const ASLEEP: Duration = Duration::from_secs(5);

/// So much of the time between two ticks counts for [`Patience`]. Not less than two beats to the others are apart, so that a page
/// which is busy still gives one at each tick.
const LOOKED: Duration = Duration::from_millis(500);

/// A clock for deadlines of what others are to do: it leaves out most of the time in which its owner got no processor, which shows
/// in how late it ticks. Whoever could not hear an answer has not waited for it, and who asks again too early makes a machine that
/// is too busy busier. A hidden page, whose clock browsers slow down to a tick a second, is half as impatient.
#[derive(Debug, Clone, Default)]
pub struct Patience {
    ticked: Moment,
    waited: Moment,
}

impl Patience {
    /// Returns how much time counts by now, of which at most half a second has passed since the last tick; unless it was a
    /// [sleep](ASLEEP), which counts as a whole, because others did not sleep. `ticks` tells whether this is the next tick.
    pub fn look(&mut self, now: Moment, ticks: bool) -> Moment {
        let passed = now.saturating_sub(self.ticked);
        let waited = self.waited + if passed < ASLEEP { passed.min(LOOKED) } else { passed };
        if ticks {
            *self = Self { ticked: now, waited };
        }
        waited
    }
}

/// How often something may happen that one of the others decides on: once a second on average, and so much sooner all the same, so that
/// a few times at once are none too many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace(Moment);

const PACE: Duration = Duration::from_secs(1);
const PACE_AHEAD: Duration = Duration::from_secs(5);

impl Pace {
    /// Returns whether it may happen now, and counts it if it may.
    pub fn allows(&mut self, now: Moment) -> bool {
        let allowed = now + PACE_AHEAD >= self.0;
        if allowed {
            self.0 = self.0.max(now) + PACE;
        }
        allowed
    }
}

/// Spreads retries, so that a room that lost its server does not come back as one wave. A xorshift generator
/// (Marsaglia 2003): predictable from its seed, which is what a simulation wants and a retry allows.
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    /// Starts from any seed.
    pub fn new(seed: u64) -> Self {
        // Zero is the one state a xorshift generator never leaves.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Starts another generator, different for each `salt`.
    #[must_use]
    pub fn branch(&mut self, salt: u64) -> Self {
        self.advance();
        Self::new(self.0 ^ salt)
    }

    /// Returns between half and all of a delay.
    pub fn spread(&mut self, delay: Duration) -> Duration {
        self.advance();
        let share = 128 + (self.0 >> 57) as u32;
        delay * share / 256
    }

    fn advance(&mut self) {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
    }
}

/// Returns `first` doubled `times` times, at most `most`.
pub fn doubled(first: Duration, times: u32, most: Duration) -> Duration {
    first.saturating_mul(1 << times.min(16)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gets_no_processor_has_waited_less_and_who_slept_has_not() {
        let mut patience = Patience::default();
        let mut tick = |milliseconds| {
            let now = Moment::from_millis(milliseconds);
            assert_eq!(patience.look(now, false), patience.look(now, true), "a look changes nothing");
            patience.look(now, false).as_millis()
        };
        assert_eq!([100, 200, 300].map(&mut tick), [100, 200, 300]);
        assert_eq!([2_300, 2_400].map(&mut tick), [800, 900], "busy for two seconds");
        assert_eq!([3_400, 4_400].map(&mut tick), [1_400, 1_900], "hidden, and ticking once a second");
        assert_eq!(tick(3_604_400), 3_601_900, "asleep for an hour");
        let looks = [0, 400, 4_900, 5_000].map(|later| patience.look(Moment::from_millis(3_604_400 + later), false));
        assert!(looks.is_sorted(), "never backwards: {looks:?}");
    }

    #[test]
    fn a_spread_delay_is_half_to_all_of_it_and_not_always_the_same() {
        let mut jitter = Jitter::new(0);
        let delays: Vec<_> = (0..1_000).map(|_| jitter.spread(Duration::from_millis(1_000)).as_millis()).collect();
        assert!(delays.iter().all(|delay| (500..=1_000).contains(delay)));
        assert!(delays.iter().any(|delay| *delay < 550) && delays.iter().any(|delay| *delay > 950));
    }

    #[test]
    fn a_pace_lets_a_few_through_at_once_and_then_one_in_so_long() {
        let mut pace = Pace::default();
        let mut passed = |at| (0..100).filter(|_| pace.allows(Moment::from_secs(at))).count();
        assert_eq!([10, 11, 12, 20, 21].map(&mut passed), [6, 1, 1, 6, 1]);
    }

    #[test]
    fn branches_differ() {
        let mut jitter = Jitter::new(7);
        let (mut left, mut right) = (jitter.branch(1), jitter.branch(2));
        let spread = |jitter: &mut Jitter| (0..4).map(|_| jitter.spread(Duration::from_secs(1))).collect::<Vec<_>>();
        assert_ne!(spread(&mut left), spread(&mut right));
    }

    #[test]
    fn doubling_stops_at_the_most() {
        let (first, most) = (Duration::from_millis(250), Duration::from_secs(2));
        let delays: Vec<_> = [0, 1, 2, 3, 4, u32::MAX].map(|times| doubled(first, times, most).as_millis()).into();
        assert_eq!(delays, [250, 500, 1_000, 2_000, 2_000, 2_000]);
    }
}
