//! How much a client may say on one socket.
//!
//! Separate, because every frame is counted, and the conversation hears of messages only: a ping costs the server a pong.

use super::door::Door;
use tokio::time::Instant;

/// What is left of it (a token bucket); what all sockets of the client say together is counted at the [`Door`].
#[derive(Debug)]
pub(super) struct Allowance {
    left: f64,
    burst: f64,
    rate: f64,
    at: Instant,
    door: Door,
}

impl Allowance {
    /// Allows `burst` frames in one go, and `rate` a second, lastingly.
    pub(super) fn new(burst: f64, rate: f64, door: Door) -> Self {
        Self { left: burst, burst, rate, at: Instant::now(), door }
    }

    /// Takes a frame of so many bytes, and returns whether it was granted.
    pub(super) fn take(&mut self, bytes: usize, now: Instant) -> bool {
        let refill = now.duration_since(self.at).as_secs_f64() * self.rate;
        self.left = (self.left + refill).min(self.burst);
        self.at = now;
        let granted = self.left >= 1.0 && self.door.hears(bytes);
        if granted {
            self.left -= 1.0;
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signaling::door::Doorkeeper;
    use core::time::Duration;

    #[test]
    fn a_flood_is_refused_and_a_steady_stream_is_not() {
        let mut allowance = Allowance::new(400.0, 200.0, Door::default());
        let mut now = Instant::now();
        for _ in 0..2_000 {
            assert!(allowance.take(1, now));
            now += Duration::from_millis(5);
        }
        assert!((0..400).all(|_| allowance.take(1, now)));
        assert!(!allowance.take(1, now));
        assert!(allowance.take(1, now + Duration::from_millis(6)));
    }

    #[test]
    fn the_door_counts_too() {
        struct Small;
        impl Doorkeeper for Small {
            fn admits(&self) -> bool {
                true
            }
            fn hears(&self, bytes: usize) -> bool {
                bytes < 1_000
            }
        }
        let mut allowance = Allowance::new(400.0, 200.0, Door::new(Small));
        assert!(allowance.take(999, Instant::now()));
        assert!(!allowance.take(1_000, Instant::now()));
    }
}
