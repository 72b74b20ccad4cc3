//! When to try again: what a pair does because time passed, or because the far end asks.
//!
//! Separate from the [stages](super::machine), because here are all the numbers, and none of the descriptions.

use super::machine::{Negotiation, Stage};
use super::pulse::Finding;
use super::{Action, Role, Transport};
use crate::identity::Epoch;
use crate::protocol::Ask;
use crate::time::{Moment, doubled};
use core::time::Duration;

/// An offer without an answer is said again after this long, then after twice as long, and so on.
const RESEND_FIRST: Duration = Duration::from_millis(1_500);
const RESEND_MOST: Duration = Duration::from_secs(6);
/// An answer is not said again sooner than this, however often the offer is.
const REPEAT_SPACING: Duration = Duration::from_millis(500);
/// ICE recovers by itself from a short loss; longer than this it gets help.
const DISCONNECTED_GRACE: Duration = Duration::from_secs(2);
/// The answerer asks a little later, since the offerer mostly saw the same and can act at once.
const ANSWERER_PATIENCE: Duration = Duration::from_secs(1);
/// Both descriptions are in place; this long after, packets should flow.
const CONNECT_FIRST: Duration = Duration::from_secs(8);
const CONNECT_MOST: Duration = Duration::from_secs(20);
/// The same for one that has worked: starting ICE over takes less than building a connection.
const RECONNECT_FIRST: Duration = Duration::from_secs(4);
/// A connection that broke is replaced after this long, then after twice as long, and so on.
const REPLACE_FIRST: Duration = Duration::from_secs(1);
/// A browser that has not done what it was asked to after this long never will.
const BROWSER_DEADLINE: Duration = Duration::from_secs(10);
/// Between two repairs, however often they are asked for.
const REPAIR_SPACING: Duration = Duration::from_secs(1);

impl Negotiation {
    pub(super) fn begin(&mut self, now: Moment, actions: &mut Vec<Action>) {
        match self.role {
            Role::Offerer => self.rebuild(now, actions),
            Role::Answerer if self.epoch.count > 0 => self.ask_anew(now, actions),
            // The newcomer calls.
            Role::Answerer => {}
        }
    }

    /// There was a connection, which this end has closed and the other may still believe in.
    pub(super) fn ask_anew(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.ask(Ask::Rebuild, actions);
        self.due = Some(now + self.jitter.spread(doubled(RESEND_FIRST, self.resends, RESEND_MOST)));
        self.resends += 1;
    }

    /// The offer was said again, so our answer was lost, unless it crossed with the offer or a whole row of offers was held
    /// up. While we are still making it, it will be said soon.
    pub(super) fn offered_again(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.stage == Stage::Settled && now >= self.said_at + REPEAT_SPACING {
            self.said_at = now;
            self.say_all(actions);
        }
    }

    pub(super) fn asked_restart(&mut self, now: Moment, actions: &mut Vec<Action>) {
        match self.stage {
            Stage::Settled if self.is_spaced(now) => self.restart(now, actions),
            Stage::Broken if self.is_spaced(now) => self.rebuild(now, actions),
            _ => {}
        }
    }

    /// The answerer wants a new connection: it has none (`seq` 0), or cannot go on with this round.
    pub(super) fn asked_rebuild(&mut self, epoch: Epoch, seq: u32, now: Moment, actions: &mut Vec<Action>) {
        let overtaken = epoch == self.epoch && seq != 0 && seq != self.seq;
        if overtaken || !self.is_spaced(now) {
            return;
        }
        let works = epoch == self.epoch && seq != 0 && self.is_converged();
        if works && self.hesitated_in != Some(epoch) {
            // It works for us, so the wish may be old; a restart costs nothing and helps in most cases.
            self.hesitated_in = Some(epoch);
            self.restart(now, actions);
        } else {
            // The answerer may know of a later epoch than we do.
            self.epoch = self.epoch.max(epoch);
            self.rebuild(now, actions);
        }
    }

    /// Asked too soon, one does nothing: the answerer asks again while it has reason to.
    pub(super) fn is_spaced(&self, now: Moment) -> bool {
        self.repaired_at.is_none_or(|at| now >= at + REPAIR_SPACING)
    }

    pub(super) fn transported(&mut self, state: Transport, now: Moment, actions: &mut Vec<Action>) {
        let before = core::mem::replace(&mut self.reported, state);
        if state == Transport::Connected && matches!(before, Transport::Disconnected | Transport::Failed) {
            self.pulse.come_back(now);
            actions.push(Action::Refresh { epoch: self.epoch });
        }
        if self.stage != Stage::Settled {
            return;
        }
        // That it is connected again is the browser's word; that the far end is heard again, its own.
        self.due = match self.transport() {
            Transport::Connected => self.rest(),
            // Building, or building again after it worked: neither may take for ever.
            Transport::New if self.due.is_none() => Some(now + self.patience()),
            Transport::New => self.due,
            Transport::Disconnected => self.sooner(now + DISCONNECTED_GRACE + self.reluctance()),
            Transport::Failed => self.sooner(now + self.reluctance()),
        };
    }

    pub(super) fn sooner(&self, at: Moment) -> Option<Moment> {
        Some(self.due.map_or(at, |due| due.min(at)))
    }

    /// A sign of life, which a page that gives beats owes us from then on.
    pub(super) fn heard_beat(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.pulse.start(now);
        self.heard(now, actions);
    }

    /// A sign of life.
    pub(super) fn heard(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.pulse.hear(now) {
            actions.push(Action::Refresh { epoch: self.epoch });
            if self.is_converged() {
                self.due = self.rest();
            }
        }
    }

    /// Doubts, and at last misses, a far end from which nothing comes. What the browser says is not connected needs no doubt.
    pub(super) fn watch_pulse(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.reported != Transport::Connected {
            return;
        }
        if self.pulse.refreshes(now) {
            actions.push(Action::Refresh { epoch: self.epoch });
        }
        match self.pulse.look(now) {
            Some(Finding::Doubtful) => actions.push(Action::Knock { epoch: self.epoch }),
            Some(Finding::Silent) if self.stage == Stage::Settled => self.due = self.sooner(now + self.reluctance()),
            Some(Finding::Silent) | None => {}
        }
    }

    /// A connection over which packets flow and pictures do not move is replaced: starting ICE over would not help it.
    pub(super) fn watch_pictures(&mut self, sent: u32, decoded: u32, now: Moment, actions: &mut Vec<Action>) {
        if self.is_converged() && self.pulse.compare(sent, decoded, now) {
            match self.role {
                Role::Offerer => self.rebuild(now, actions),
                Role::Answerer => self.ask(Ask::Rebuild, actions),
            }
        }
    }

    pub(super) fn tick(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.watch_pulse(now, actions);
        if self.due.is_none_or(|due| now < due) {
            return;
        }
        self.due = None;
        match (self.stage, self.role) {
            (Stage::Offered, _) if self.hushed => self.rebuild(now, actions),
            (Stage::Offered, _) => {
                self.say_all(actions);
                self.resends += 1;
                self.due = Some(now + self.jitter.spread(doubled(RESEND_FIRST, self.resends, RESEND_MOST)));
            }
            (Stage::Settled, Role::Offerer) => self.repair(now, actions),
            (Stage::Settled, Role::Answerer) => {
                self.ask(self.next_step(), actions);
                self.attempts += 1;
                self.due = Some(now + self.patience());
            }
            (Stage::Broken, Role::Offerer) => {
                self.attempts += 1;
                self.rebuild(now, actions);
            }
            (Stage::Broken, Role::Answerer) => {
                self.attempts += 1;
                self.ask(Ask::Rebuild, actions);
                self.expect_rebuild(now);
            }
            (Stage::Idle, _) => self.begin(now, actions),
            (Stage::Describing | Stage::Applying, _) => self.broke(now, actions),
        }
    }

    fn repair(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let step = self.next_step();
        self.attempts += 1;
        match step {
            Ask::Restart => self.restart(now, actions),
            Ask::Rebuild => self.rebuild(now, actions),
        }
    }

    /// Restart first, and if that did not help, a new connection.
    fn next_step(&self) -> Ask {
        if self.restarts == 0 { Ask::Restart } else { Ask::Rebuild }
    }

    fn restart(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.offer(now, true, actions);
    }

    fn rebuild(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.open(self.epoch.next(), actions);
        self.offer(now, false, actions);
    }

    fn offer(&mut self, now: Moment, restart: bool, actions: &mut Vec<Action>) {
        self.repaired_at = Some(now);
        let (epoch, seq) = (self.epoch, self.seq + 1);
        self.start_round(seq, now);
        actions.push(Action::Offer { epoch, seq, restart });
    }

    pub(super) fn expect_browser(&mut self, now: Moment) {
        self.due = Some(now + BROWSER_DEADLINE);
    }

    pub(super) fn expect_answer(&mut self, now: Moment) {
        self.resends = 0;
        self.due = Some(now + self.jitter.spread(RESEND_FIRST));
    }

    pub(super) fn expect_connection(&mut self, now: Moment) {
        self.due = if self.is_converged() { self.rest() } else { Some(now + self.patience()) };
    }

    /// It works, so whatever it took is forgotten, and nothing is due.
    fn rest(&mut self) -> Option<Moment> {
        (self.attempts, self.restarts) = (0, 0);
        None
    }

    pub(super) fn expect_rebuild(&mut self, now: Moment) {
        let wait = self.jitter.spread(doubled(REPLACE_FIRST, self.attempts, CONNECT_MOST));
        self.due = Some(now + wait + self.reluctance());
    }

    fn patience(&mut self) -> Duration {
        let first = if self.seq > 1 { RECONNECT_FIRST } else { CONNECT_FIRST };
        self.jitter.spread(doubled(first, self.attempts / 2, CONNECT_MOST)) + self.reluctance()
    }

    pub(super) fn reluctance(&self) -> Duration {
        match self.role {
            Role::Offerer => Duration::ZERO,
            Role::Answerer => ANSWERER_PATIENCE,
        }
    }
}
