//! How much one's own way into the network carries, as far as that can be told from here.
//!
//! Separate, because browsers estimate each connection by itself (`availableOutgoingBitrate`), while all share one uplink. What
//! is asked of it stays below what it was seen to carry when it was full, and is climbed from there, so that speech never
//! waits in a queue behind pictures.

use super::Report;
use super::backoff::Backoff;
use super::constants::{
    CHOKING_LOSS, FULL_LOSS, LOSS_REMEMBERED, SAME_LOSS, UPLINK_CLIMB, UPLINK_CLIMB_MOST, UPLINK_HOLD,
    UPLINK_HOLD_MOST, UPLINK_LEAST, UPLINK_LOOKS, UPLINK_MOST, UPLINK_PROOF, UPLINK_SHARE, UPLINK_START,
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

/// What was seen of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub report: Report,
    /// Whether answers are late, as they are behind a queue.
    pub late: bool,
    /// Whether the browser believes that it carries much more than is sent over it.
    pub roomy: bool,
    /// Whether the browser believes that it carries less than is to go over it.
    pub short: bool,
}

/// What is believed of an uplink.
#[derive(Debug, Clone)]
pub(super) struct Uplink {
    /// Bits a second, sound included.
    limit: u32,
    /// Until when it is not climbed; and until when it is not cut again.
    held: Moment,
    cut: Moment,
    /// For how long it is not climbed after a cut.
    hold: Backoff,
    /// How often it was climbed in a row, for how many looks it was not, and what was believed before the last time.
    steps: u32,
    looks: u8,
    good: Option<u32>,
    /// What was lost when it was cut last because of losses alone, in thousandths; and until when that is remembered.
    lost: Option<(u32, Moment)>,
    /// Whether it seemed full at the last look, by queues or by what browsers believe.
    pressed: bool,
    /// Whether it was so full at the last look, by those for longer than a network pauses or by losses, that speech suffers.
    choked: bool,
    /// Whether it ever was full of pictures.
    was_full: bool,
}

/// Returns so many of so many parts of what carries so many bits a second.
pub(super) fn part(bits: u32, parts: u32, of: u32) -> u32 {
    u32::try_from(u64::from(bits) * u64::from(parts) / u64::from(of)).unwrap_or(u32::MAX)
}

impl Default for Uplink {
    fn default() -> Self {
        Self {
            limit: UPLINK_START,
            held: Moment::ZERO,
            cut: Moment::ZERO,
            hold: Backoff::new(UPLINK_HOLD, UPLINK_HOLD_MOST, UPLINK_PROOF),
            steps: 0,
            looks: 0,
            good: None,
            lost: None,
            pressed: false,
            choked: false,
            was_full: false,
        }
    }
}

impl Uplink {
    /// Returns how many bits a second may go out, sound included.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Returns whether it seemed full at the last look: then no way to anybody is to blame.
    pub(super) fn is_pressed(&self) -> bool {
        self.pressed
    }

    /// Returns whether it was so full at the last look, of whatever goes over it, that speech suffers.
    pub(super) fn is_choked(&self) -> bool {
        self.choked
    }

    /// Takes what was seen of all connections that have a say; what they were allowed to send, in bits a second, sound and pictures;
    /// whether the machine itself answers in time; and whether more would be sent if there were more.
    pub(super) fn look(&mut self, seen: &[Seen], allowed: Allowed, in_time: bool, is_scarce: bool, now: Moment) {
        if seen.is_empty() {
            self.choked = false;
            return;
        }
        let sum = |of: fn(&Report) -> u32| seen.iter().map(|seen| of(&seen.report)).fold(0, u32::saturating_add);
        // A line of the far end that is full is seen by one of several; one's own by most of them.
        let most = |is: &dyn Fn(&Seen) -> bool| seen.iter().filter(|seen| is(seen)).count() * 2 > seen.len();
        // A processor that is full answers as late as a queue does, and loses what it does not fetch in time; and once, so does a wireless
        // network that paused. Where the browser has room, it is the former.
        let is_pressed = |seen: &Seen| (seen.late && !seen.roomy) || seen.short;
        let is_lossy = |seen: &Seen| seen.report.lost >= FULL_LOSS && (in_time || !seen.roomy);
        let seems_pressed = most(&is_pressed);
        let was_pressed = core::mem::replace(&mut self.pressed, in_time && seems_pressed);
        let stays = |seen: &Seen| in_time && was_pressed && is_pressed(seen);
        let full = most(&|seen| stays(seen) || is_lossy(seen));
        self.choked = most(&|seen| stays(seen) || seen.report.lost >= CHOKING_LOSS);
        let lost = sum(|report| report.lost.min(1_000)) / seen.len() as u32;
        // Pictures that are not sent fill nothing.
        let full = full && allowed.pictures > 0;
        let (seems_late, seems_lossy) =
            (most(&|seen| seen.late || seen.short), most(&|seen| seen.report.lost >= FULL_LOSS));
        let nothing_waits = if in_time { !seems_late } else { !seems_pressed && !seems_lossy };
        self.was_full |= full;
        if !self.was_full {
            // As long as it was never full, the browsers' own probing tells more than what was asked of it.
            self.limit = self.limit.max(sum(|report| report.available.unwrap_or_default())).min(UPLINK_MOST);
        }
        self.looks = self.looks.saturating_add(1);
        if full && !self.is_its_own(lost) {
            if now >= self.cut {
                // Pictures in which little moves send little, and late answers may be a wireless network that pauses.
                let sent = sum(|report| report.sent).max(allowed.all() / 2).min(self.limit);
                let arrived = part(sent, 1_000 - lost, 1_000);
                let is_relapse = self.hold.fails(now);
                let carried = match self.good.take() {
                    // What was too much was climbed to just now: what was before is enough.
                    Some(good) if is_relapse => good,
                    _ if most(&|seen| seen.short) => {
                        sum(|report| report.available.unwrap_or(report.sent)).min(self.limit)
                    }
                    _ => part(arrived, UPLINK_SHARE, 100),
                };
                self.limit = carried.max(UPLINK_LEAST);
                self.cut = now + UPLINK_HOLD;
                self.lost = (!self.pressed).then_some((lost, now + LOSS_REMEMBERED));
            }
            self.steps = 0;
            self.held = now + self.hold.wait();
        } else if !is_scarce {
            (self.steps, self.good) = (0, None);
        } else if !in_time
            && seems_pressed
            && let Some(good) = self.good.take()
        {
            // Nothing is cut while the machine is late; but what was tried just now seems to have been too much.
            if self.hold.fails(now) {
                self.limit = good;
            }
            (self.steps, self.held) = (0, now + self.hold.wait());
        } else if nothing_waits && now >= self.held && self.looks >= UPLINK_LOOKS {
            // Sizes come in steps: it is climbed until the next one fits, and then is seen whether it does.
            self.hold.tries(now);
            self.good = Some(self.limit);
            self.limit =
                part(self.limit, (100 + UPLINK_CLIMB * (self.steps + 1)).min(UPLINK_CLIMB_MOST), 100).min(UPLINK_MOST);
            (self.steps, self.looks) = (self.steps + 1, 0);
        }
        match &mut self.lost {
            Some((_, until)) if seems_lossy => *until = now + LOSS_REMEMBERED,
            Some((_, until)) if now >= *until => self.lost = None,
            _ => {}
        }
    }

    /// Returns whether so much is lost whatever is sent, though it does not seem full.
    fn is_its_own(&self, lost: u32) -> bool {
        let (least, most) = SAME_LOSS;
        !self.pressed
            && self.lost.is_some_and(|(before, _)| lost * 100 >= before * least && lost * 100 <= before * most)
    }
}
