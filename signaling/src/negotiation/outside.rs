//! What a pair does because of something outside of it: the server, the relay, the visitor.
//!
//! Separate from [repair](super::repair), which goes by what the pair itself sees and by the clock.

use super::machine::{Negotiation, Stage};
use super::{Action, Role, Transport};
use crate::time::Moment;
use core::time::Duration;

/// Between two repairs that are made because signaling works again, however often it goes and comes.
const RESYNC_SPACING: Duration = Duration::from_secs(3);
/// What the relay's end has cut is repaired within this time: a whole room's offers at one moment would hold one another up.
const RELAY_SPREAD: Duration = Duration::from_millis(200);

impl Negotiation {
    /// The server has both ends' word that something is wrong; but what it orders comes late, and what is being repaired is not
    /// begun anew.
    pub(super) fn ordered(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.role == Role::Offerer && self.stage == Stage::Settled && (self.is_converged() || self.due.is_none()) {
            self.asked_rebuild(self.epoch, self.seq, now, actions);
        }
    }

    /// The relay has forgotten everyone. If that `cut` the pair off, its silence is known before it is heard; and whatever does
    /// not work may be waiting for the relay in vain, whichever way it went before.
    pub(super) fn relay_gone(&mut self, cut: bool, now: Moment) {
        if cut {
            self.pulse.fall_silent();
        }
        if self.stage == Stage::Settled && !self.is_converged() {
            let spread = self.jitter.spread(RELAY_SPREAD);
            self.due = self.sooner(now + spread + self.reluctance());
        }
    }

    /// What was gathered may not be told any more: of this round nothing is said again, nor what is still to come of it.
    pub(super) fn hush(&mut self) {
        self.hushed = true;
        self.described = None;
        self.candidates.forget_gathered();
    }

    /// What would be done later is done now; what works, or waits for the browser, is left alone.
    pub(super) fn hurry(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let waits = matches!(self.stage, Stage::Idle | Stage::Offered | Stage::Broken)
            || (self.stage == Stage::Settled && !self.is_converged());
        if waits && self.due.is_some() && self.is_spaced(now) {
            self.due = Some(now);
            self.tick(now, actions);
        }
    }

    /// Signaling works again after a gap.
    pub(super) fn resync(&mut self, now: Moment, actions: &mut Vec<Action>) {
        match self.stage {
            Stage::Idle => self.begin(now, actions),
            // What was said may be lost. Said twice it does no harm; what the far end said comes by the same rule.
            Stage::Offered => self.say_all(actions),
            Stage::Settled if self.transport() == Transport::New => self.say_all(actions),
            // What the relay's end has cut comes in a moment, and not everywhere at once.
            Stage::Settled if self.due.is_some_and(|due| now < due && due <= now + RELAY_SPREAD) => {}
            // Whatever cut the pair off may have cut off signaling too, and is over: what could not be said can be now.
            Stage::Settled if !self.is_converged() => {
                let spaced = self.repaired_at.map_or(now, |at| at + RESYNC_SPACING);
                self.due = self.sooner(spaced.max(now + self.reluctance()));
                self.tick(now, actions);
            }
            Stage::Describing | Stage::Applying | Stage::Settled | Stage::Broken => {}
        }
    }
}
