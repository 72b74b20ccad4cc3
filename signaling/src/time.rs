//! Time as an argument, and the spreading of retries.
//!
//! Separate, because nothing in this crate may read a clock or a source of randomness of its own.

use core::time::Duration;

/// A moment, as the time since an origin that only whoever holds the clock knows. It never runs backwards.
pub type Moment = Duration;

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
    fn a_spread_delay_is_half_to_all_of_it_and_not_always_the_same() {
        let mut jitter = Jitter::new(0);
        let delays: Vec<_> = (0..1_000).map(|_| jitter.spread(Duration::from_millis(1_000)).as_millis()).collect();
        assert!(delays.iter().all(|delay| (500..=1_000).contains(delay)));
        assert!(delays.iter().any(|delay| *delay < 550) && delays.iter().any(|delay| *delay > 950));
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
