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
    /// Until when it is not climbed; and until when it is not cut again.
    held: Moment,
    cut: Moment,
    /// What was lost when it was cut last because of losses alone, in thousandths.
    lost: Option<u32>,
    /// Whether there was a queue in front of it at the last look.
    queued: bool,
    /// Whether it ever was.
    was_full: bool,
}

impl Default for Uplink {
    fn default() -> Self {
        Self { limit: UPLINK_START, held: Moment::ZERO, cut: Moment::ZERO, lost: None, queued: false, was_full: false }
    }
}

impl Uplink {
    /// Returns how many bits a second may go out, sound included.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Returns whether packets waited for it at the last look.
    pub(super) fn is_queued(&self) -> bool {
        self.queued
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
        let most = |count: usize| count * 2 > reports.len();
        let full = most(reports.iter().filter(is_full).count());
        self.queued = most(reports.iter().filter(|(_, queued)| *queued).count());
        self.was_full |= full;
        if !self.was_full {
            // As long as it was never full, the browsers' own probing tells more than what was asked of it.
            let available = reports.iter().filter_map(|(report, _)| report.available).fold(0, u32::saturating_add);
            self.limit = self.limit.max(available).min(UPLINK_MOST);
        }
        if full {
            let lost = reports.iter().map(|(report, _)| report.lost.min(1_000)).sum::<u32>() / reports.len() as u32;
            // Losses that less does not lessen are the network's own.
            let helps = self.queued || self.lost.is_none_or(|before| lost * 4 < before * 3);
            if now >= self.cut && helps {
                let arrived = u64::from(sent.min(self.limit)) * u64::from(1_000 - lost) / 1_000;
                let carried = arrived * u64::from(UPLINK_SHARE) / 100;
                self.limit = u32::try_from(carried).unwrap_or(u32::MAX).max(UPLINK_LEAST);
                self.cut = now + UPLINK_HOLD;
                self.lost = (!self.queued).then_some(lost);
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
