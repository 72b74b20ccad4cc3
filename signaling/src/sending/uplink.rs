//! How much one's own way into the network carries, as far as that can be told from here.
//!
//! Separate, because browsers estimate each connection by itself (`availableOutgoingBitrate`), while all share one uplink. What
//! is asked of it stays below what it was seen to carry when it was full, and is climbed from there, so that speech never
//! waits in a queue behind pictures.

use super::Report;
use super::constants::{
    FULL_LOSS, UPLINK_CLIMB, UPLINK_HOLD, UPLINK_LEAST, UPLINK_MOST, UPLINK_PACE, UPLINK_SHARE, UPLINK_START,
};
use crate::time::Moment;

/// What is believed of an uplink.
#[derive(Debug, Clone)]
pub(super) struct Uplink {
    /// Bits a second, sound included.
    limit: u32,
    /// Until when it is not climbed.
    held: Moment,
    /// Whether it was full at the last look.
    full: bool,
    /// Whether it ever was.
    was_full: bool,
}

impl Default for Uplink {
    fn default() -> Self {
        Self { limit: UPLINK_START, held: Moment::ZERO, full: false, was_full: false }
    }
}

impl Uplink {
    /// Returns how many bits a second may go out, sound included.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Returns whether it was full at the last look.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Takes what was counted of all connections that have a say, each with whether a queue stands in its way; and what they were
    /// allowed to send, in bits a second.
    pub(super) fn look(&mut self, reports: &[(Report, bool)], allowed: u32, now: Moment) {
        if reports.is_empty() {
            return;
        }
        let sent = reports.iter().fold(0_u32, |sum, (report, _)| sum.saturating_add(report.sent));
        // A line of the far end that is full is seen by one of several; one's own by most of them.
        let is_full = |(report, queued): &&(Report, bool)| *queued || report.lost >= FULL_LOSS;
        self.full = reports.iter().filter(is_full).count() * 2 > reports.len();
        self.was_full |= self.full;
        if !self.was_full {
            // As long as it was never full, the browsers' own probing tells more than what was asked of it.
            let available = reports.iter().filter_map(|(report, _)| report.available).fold(0, u32::saturating_add);
            self.limit = self.limit.max(available).min(UPLINK_MOST);
        }
        if self.full {
            if now >= self.held {
                let carried = u64::from(sent.min(self.limit)) * u64::from(UPLINK_SHARE) / 100;
                self.limit = u32::try_from(carried).unwrap_or(u32::MAX).max(UPLINK_LEAST);
            }
            self.held = now + UPLINK_HOLD;
        } else if now >= self.held && u64::from(allowed) * 100 >= u64::from(self.limit) * 70 {
            // What is not asked for is not known to be there.
            let climbed = u64::from(self.limit) * u64::from(UPLINK_CLIMB) / 100;
            self.limit = u32::try_from(climbed).unwrap_or(u32::MAX).min(UPLINK_MOST);
            self.held = now + UPLINK_PACE;
        }
    }
}
