//! How much one's own way into the network carries, as far as that can be told from here.
//!
//! Separate, because browsers estimate each connection by itself (`availableOutgoingBitrate`), while all share one uplink. What
//! is asked of it stays below what it was seen to carry when it was full, and is climbed from there, so that speech never
//! waits in a queue behind pictures.

use super::Report;
use super::constants::{
    FULL_LOSS, LOSS_REMEMBERED, SAME_LOSS, UPLINK_ASKED, UPLINK_CLIMB, UPLINK_HOLD, UPLINK_LEAST, UPLINK_MOST,
    UPLINK_PACE, UPLINK_SHARE, UPLINK_START,
};
use crate::time::Moment;

/// What may go out now, in bits a second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    pub sound: u32,
    pub pictures: u32,
}

impl Allowed {
    pub(super) fn all(self) -> u32 {
        self.sound.saturating_add(self.pictures)
    }
}

/// What is believed of an uplink.
#[derive(Debug, Clone)]
pub(super) struct Uplink {
    /// Bits a second, sound included.
    limit: u32,
    /// Until when it is not climbed; and until when it is not cut again.
    held: Moment,
    cut: Moment,
    /// What was lost when it was cut last because of losses alone, in thousandths; and until when that is remembered.
    lost: Option<(u32, Moment)>,
    /// Whether there was a queue in front of it at the last look.
    queued: bool,
    /// Whether it ever was full.
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

    /// Takes what was counted of all connections that have a say, each with whether a queue stands in its way; what they were
    /// allowed to send, in bits a second, sound and pictures; and whether the machine itself answers in time.
    pub(super) fn look(&mut self, reports: &[(Report, bool)], allowed: Allowed, in_time: bool, now: Moment) {
        if reports.is_empty() {
            return;
        }
        let sent = reports.iter().fold(0_u32, |sum, (report, _)| sum.saturating_add(report.sent));
        // A line of the far end that is full is seen by one of several; one's own by most of them.
        let most =
            |is: &dyn Fn(&(Report, bool)) -> bool| reports.iter().filter(|each| is(each)).count() * 2 > reports.len();
        let is_lossy = |report: &Report| report.lost >= FULL_LOSS;
        // A processor that is full answers as late as a queue does.
        let full = most(&|(report, queued)| (*queued && in_time) || is_lossy(report));
        self.queued = in_time && most(&|(_, queued)| *queued);
        let lost = reports.iter().map(|(report, _)| report.lost.min(1_000)).sum::<u32>() / reports.len() as u32;
        // Pictures that are not sent fill nothing.
        let full = full && allowed.pictures > 0;
        self.was_full |= full;
        if !self.was_full {
            // As long as it was never full, the browsers' own probing tells more than what was asked of it.
            let available = reports.iter().filter_map(|(report, _)| report.available).fold(0, u32::saturating_add);
            self.limit = self.limit.max(available).min(UPLINK_MOST);
        }
        if full && !self.is_its_own(lost) {
            if now >= self.cut {
                // Pictures in which little moves send little, and one late answer may be a wireless network that paused.
                let sent = sent.max(allowed.all() / 2).min(self.limit);
                let arrived = u64::from(sent) * u64::from(1_000 - lost) / 1_000;
                let carried = arrived * u64::from(UPLINK_SHARE) / 100;
                self.limit = u32::try_from(carried).unwrap_or(u32::MAX).max(UPLINK_LEAST);
                self.cut = now + UPLINK_HOLD;
                self.lost = (!self.queued).then_some((lost, now + LOSS_REMEMBERED));
            }
            self.held = now + UPLINK_HOLD;
        } else if in_time && now >= self.held && u64::from(allowed.all()) * 100 >= u64::from(self.limit) * UPLINK_ASKED
        {
            // What is not asked for is not known to be there.
            let climbed = u64::from(self.limit) * u64::from(UPLINK_CLIMB) / 100;
            self.limit = u32::try_from(climbed).unwrap_or(u32::MAX).min(UPLINK_MOST);
            self.held = now + UPLINK_PACE;
        }
        match &mut self.lost {
            Some((_, until)) if full => *until = now + LOSS_REMEMBERED,
            Some((_, until)) if now >= *until => self.lost = None,
            _ => {}
        }
    }

    /// Returns whether so much is lost whatever is sent, without a queue.
    fn is_its_own(&self, lost: u32) -> bool {
        let (least, most) = SAME_LOSS;
        !self.queued && self.lost.is_some_and(|(before, _)| lost * 100 >= before * least && lost * 100 <= before * most)
    }
}
