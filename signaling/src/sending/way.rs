//! What the way to one of the others carries, where that is less than what they are to get: their line, and not ours.
//!
//! Separate from the [uplink](super::uplink), which all share: whoever sits behind a thin line is sent less, and nobody else is.

use super::Report;
use super::backoff::Backoff;
use super::constants::{
    FORGETTING, FULL_DELAY, UPLINK_HOLD, UPLINK_PROOF, WAY_CLIMB, WAY_PATIENCE, WAY_PATIENCE_MOST, WAY_ROOM, WAY_USED,
};
use super::uplink::part;
use crate::time::Moment;
use core::time::Duration;

/// What may go there now, in bits a second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub sound: u32,
    pub camera: u32,
}

/// What is known of the way to somebody.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// Bits a second for pictures; `None` where it carries all they are to get.
    pub bits: Option<u32>,
    /// What it carried before more was tried.
    good: Option<u32>,
    /// Until when less is no news; and when more is tried.
    cut: Moment,
    next: Moment,
    patience: Backoff,
    /// There and back at its shortest.
    shortest: Option<Duration>,
}

impl Default for Way {
    fn default() -> Self {
        let patience = Backoff::new(WAY_PATIENCE, WAY_PATIENCE_MOST, UPLINK_PROOF);
        Self { bits: None, good: None, cut: Moment::ZERO, next: Moment::ZERO, patience, shortest: None }
    }
}

impl Way {
    /// Returns whether answers come later than they could, as they do behind a queue.
    pub(super) fn is_late(&mut self, report: Report) -> bool {
        let Some(now) = report.round_trip else { return false };
        let shortest = self.shortest.map_or(now, |shortest| shortest.min(now));
        // It forgets slowly, because a way may become a longer one for good.
        self.shortest = Some(shortest + (now - shortest) / FORGETTING);
        now > shortest + FULL_DELAY
    }

    /// Returns whether the browser believes that it carries much more than is sent over it.
    pub(super) fn is_roomy(report: Report) -> bool {
        report.available.is_some_and(|bits| part(bits, 100, WAY_ROOM) > report.sent)
    }

    /// Returns whether it carries less than may go there now: by what the browser believes, and uses. A
    /// belief that is far from used is old, or none: browsers believe in little more than what they send.
    pub(super) fn is_short(report: Report, cost: Cost) -> bool {
        let is_used = |bits| report.sent >= part(bits, WAY_USED, 100);
        report.available.is_some_and(|bits| bits.saturating_sub(cost.sound) < cost.camera / 10 * 9 && is_used(bits))
    }

    /// Takes what was counted of it, unless one's own uplink is to blame. `wished` is what the camera would take of it, in
    /// bits a second.
    pub(super) fn look(&mut self, report: Report, cost: Cost, wished: u32, is_uplink: bool, now: Moment) {
        if let Some(carries) = report.available.map(|bits| bits.saturating_sub(cost.sound)).filter(|_| !is_uplink) {
            if Self::is_short(report, cost) {
                // Browsers climb slowly from what they have cut themselves: that is no news.
                if now >= self.cut {
                    let is_relapse = self.patience.fails(now);
                    self.bits = Some(self.good.take().filter(|_| is_relapse).unwrap_or(carries));
                    self.cut = now + UPLINK_HOLD;
                    self.next = now + self.patience.wait();
                }
            } else if let Some(bits) = self.bits.filter(|_| now >= self.next) {
                self.good.get_or_insert(bits);
                // What is not asked for is not known to be there.
                let more = bits.max(cost.camera).saturating_mul(WAY_CLIMB) / 100;
                self.bits = (more < wished).then_some(more);
                self.patience.tries(now);
                self.next = now + WAY_PATIENCE;
            }
        }
    }
}
