//! What the way to one of the others carries, where that is less than what they are to get: their line, and not ours.
//!
//! Separate from the [uplink](super::uplink), which all share: whoever sits behind a thin line is sent less, and nobody else is.

use super::Report;
use super::constants::{
    FORGETTING, FULL_DELAY, REDUNDANT_LOSS, SOUND_BITS, WAY_CLIMB, WAY_PATIENCE, WAY_PATIENCE_MOST,
};
use crate::time::Moment;
use core::time::Duration;

/// What is known of the way to somebody.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// Bits a second for pictures; `None` where it carries all they are to get.
    pub bits: Option<u32>,
    /// Whether sound is sent twice.
    pub redundant: bool,
    /// When more is tried, and how long is waited before that the next time.
    next: Moment,
    patience: Duration,
    /// There and back at its shortest.
    shortest: Option<Duration>,
}

impl Default for Way {
    fn default() -> Self {
        Self { bits: None, redundant: false, next: Moment::ZERO, patience: WAY_PATIENCE, shortest: None }
    }
}

impl Way {
    /// Returns whether packets wait on it, by how long they take.
    pub(super) fn is_queued(&mut self, report: Report) -> bool {
        let Some(now) = report.round_trip else { return false };
        let shortest = self.shortest.map_or(now, |shortest| shortest.min(now));
        // It forgets slowly, because a way may become a longer one for good.
        self.shortest = Some(shortest + (now - shortest) / FORGETTING);
        now > shortest + FULL_DELAY
    }

    /// Takes what was counted of it. `cost` is what the camera may take of it now, in bits a second, and `wished` what it would.
    pub(super) fn look(&mut self, report: Report, cost: u32, wished: u32, uplink_is_queued: bool, now: Moment) {
        if let Some(carries) = report.available.map(|bits| bits.saturating_sub(SOUND_BITS)) {
            if carries < cost / 10 * 9 {
                let again = self.bits.is_some();
                self.bits = Some(carries);
                self.patience = if again { (self.patience * 2).min(WAY_PATIENCE_MOST) } else { WAY_PATIENCE };
                self.next = now + self.patience;
            } else if let Some(bits) = self.bits.filter(|_| now >= self.next) {
                // What is not asked for is not known to be there.
                let more = bits.max(cost).saturating_mul(WAY_CLIMB) / 100;
                self.bits = (more < wished).then_some(more);
                self.next = now + WAY_PATIENCE;
            }
        }
        let (begin, end) = REDUNDANT_LOSS;
        // Twice the sound would only lengthen a queue. Against losses without one it is the remedy.
        self.redundant = report.lost >= if self.redundant { end } else { begin } && !uplink_is_queued;
    }
}
