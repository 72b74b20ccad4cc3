//! The line to the server: when to dial, when to doubt, and when to try again.
//!
//! Separate from the [machine](super::machine), because a socket is lost and found without the call's noticing.

use super::machine::{Call, Stage};
use super::{Action, Status};
use crate::mesh::Server;
use crate::protocol::{ClientMessage, Join, Page, Resume};
use crate::time::{Moment, doubled};
use core::time::Duration;

/// The first retry; the following ones double.
const RETRY_FIRST: Duration = Duration::from_millis(250);
/// Between two retries while in a call.
const RETRY_MOST: Duration = Duration::from_millis(1_500);
/// Between two retries while nobody is waiting for it.
const RETRY_MOST_OUTSIDE: Duration = Duration::from_secs(15);
/// A server that says nothing for this long after `join` or `probe` is not there.
pub(super) const ANSWER_DEADLINE: Duration = Duration::from_secs(4);
/// The same where there is reason to think that the network changed: dialling anew costs little, and waiting is the call's
/// silence.
pub(super) const QUICK: Duration = Duration::from_secs(1);
/// What is left to a server that was asked when a peer was, who has not answered.
const LAST_CHANCE: Duration = Duration::from_millis(300);
/// Of the attempts to come back, all but every sixth are given up sooner: what was sent while the network was away is sent again
/// ever more seldom, and a new socket begins at once. The sixth is for networks that are slow.
const QUICK_JOIN: Duration = Duration::from_millis(1_200);
const PATIENT: u32 = 6;
/// A call that is dialled for this long when the network comes back was dialled before it did.
const IN_VAIN: Duration = Duration::from_millis(300);
/// A server that says nothing for this long is asked whether it is there: something on the way may have forgotten
/// the socket, which neither end is told.
const SILENCE_DOUBTED: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Socket {
    /// None, and none wanted.
    None,
    /// Dialled; `answer_due` is when an answer to `join` or `probe` must have come.
    Open { answer_due: Option<Moment> },
    /// Lost; to be dialled again.
    Lost { retry_at: Moment },
}

/// How far we have come through the present socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Said nothing of who we are.
    Stranger,
    /// Said `join`.
    Announced,
    /// Was answered with a welcome.
    Welcomed,
}

impl Call {
    pub(super) fn prepare(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.socket == Socket::None && matches!(self.stage, Stage::Outside) {
            self.dial(now, actions);
        }
    }

    pub(super) fn closed(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if !matches!(self.socket, Socket::Open { .. }) {
            return;
        }
        let stood = core::mem::replace(&mut self.standing, Standing::Stranger);
        let most = match self.stage {
            Stage::Outside => RETRY_MOST_OUTSIDE,
            Stage::Joining { .. } | Stage::Inside { .. } => RETRY_MOST,
            Stage::Over => return,
        };
        let wait = self.jitter.spread(doubled(RETRY_FIRST, self.failures, most));
        self.failures = self.failures.saturating_add(1);
        self.socket = Socket::Lost { retry_at: now + wait };
        if stood == Standing::Welcomed {
            actions.push(Action::Show(Status::Away));
        }
    }

    pub(super) fn watch_line(&mut self, now: Moment, actions: &mut Vec<Action>) {
        match self.socket {
            Socket::Lost { retry_at } if now >= retry_at => self.redial(now, actions),
            Socket::Open { answer_due: Some(due) } if now >= due => {
                self.disown(actions);
                self.closed(now, actions);
                self.redial(now, actions);
            }
            Socket::Open { answer_due: None } if now >= self.heard_at + SILENCE_DOUBTED => {
                self.probe(ANSWER_DEADLINE, now, actions);
            }
            Socket::None | Socket::Open { .. } | Socket::Lost { .. } => {}
        }
    }

    pub(super) fn woke(&mut self, now: Moment, actions: &mut Vec<Action>) {
        match self.socket {
            Socket::Lost { .. } => self.redial(now, actions),
            // What was sent before the network came back is sent again late; a new socket begins at once.
            Socket::Open { .. } if self.is_dialling_in_vain(now) => self.redial(now, actions),
            Socket::Open { .. } => self.probe(QUICK, now, actions),
            Socket::None => {}
        }
    }

    fn is_dialling_in_vain(&self, now: Moment) -> bool {
        matches!(self.stage, Stage::Inside { .. }) && !self.is_welcomed() && now >= self.heard_at + IN_VAIN
    }

    pub(super) fn redial(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.dial(now, actions);
        self.introduce(now, actions);
    }

    /// A `join` that nothing resumes, if it still arrives, makes someone whom nobody will be: let that one leave at once.
    fn disown(&self, actions: &mut Vec<Action>) {
        if self.standing == Standing::Announced && self.token.is_none() {
            actions.push(Action::Send(ClientMessage::Leave));
        }
    }

    fn dial(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.number = self.number.next();
        self.socket = Socket::Open { answer_due: None };
        self.standing = Standing::Stranger;
        // Silence is counted from here: nobody is doubted for what was before.
        self.heard_at = now;
        actions.push(Action::Dial(self.number));
    }

    /// Says who we are, if we want in.
    pub(super) fn introduce(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let (name, page) = match &self.stage {
            Stage::Joining { name } => (name.clone(), Page::Reloaded),
            Stage::Inside { name, .. } => (name.clone(), Page::Same),
            Stage::Outside | Stage::Over => return,
        };
        let resume = self.token.clone().map(|token| Resume { token, page });
        let join = Join { room: self.room.clone(), name, media: self.media, resume };
        actions.push(Action::Send(ClientMessage::Join(join)));
        self.standing = Standing::Announced;
        let quick = matches!(self.stage, Stage::Inside { .. }) && self.failures % PATIENT != 1;
        let patience = if quick { QUICK_JOIN } else { ANSWER_DEADLINE };
        self.socket = Socket::Open { answer_due: Some(now + patience) };
    }

    /// Asks the server whether it is there, unless it has just said something.
    pub(super) fn doubt(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if now >= self.heard_at + ANSWER_DEADLINE {
            self.probe(ANSWER_DEADLINE, now, actions);
        }
    }

    /// Asks the server whether it is there, and how long it may take to say so. If it has been asked, it may take no longer.
    pub(super) fn probe(&mut self, patience: Duration, now: Moment, actions: &mut Vec<Action>) {
        let Socket::Open { answer_due } = self.socket else { return };
        if self.may_probe() {
            if answer_due.is_none() {
                self.probes = self.probes.wrapping_add(1);
                actions.push(Action::Send(ClientMessage::Probe { nonce: self.probes }));
            }
            let due = now + patience;
            self.socket = Socket::Open { answer_due: Some(answer_due.map_or(due, |asked| asked.min(due))) };
        }
    }

    /// A peer has fallen silent after it was asked, and so was the server, at the same time: it has no longer either.
    pub(super) fn hasten(&mut self, now: Moment) {
        if let Socket::Open { answer_due: Some(due) } = self.socket {
            self.socket = Socket::Open { answer_due: Some(due.min(now + LAST_CHANCE)) };
        }
    }

    /// Returns what is known of the way to the server.
    pub(super) fn server(&self) -> Server {
        match self.socket {
            Socket::Open { answer_due: None } if self.is_welcomed() => Server::There,
            Socket::Open { .. } if self.is_welcomed() => Server::Doubted,
            Socket::None | Socket::Open { .. } | Socket::Lost { .. } => Server::Away,
        }
    }

    /// The server is there. Not that it has taken our `join`, so while that waits for an answer, this is none.
    pub(super) fn echoed(&mut self, nonce: u32) {
        if self.may_probe() && nonce == self.probes && matches!(self.socket, Socket::Open { .. }) {
            self.socket = Socket::Open { answer_due: None };
        }
    }

    /// In the green room, so that the click on *Join* finds a socket that works; and once welcomed. In between, the answer to
    /// `join` tells.
    fn may_probe(&self) -> bool {
        self.is_welcomed() || matches!(self.stage, Stage::Outside)
    }

    pub(super) fn is_welcomed(&self) -> bool {
        self.standing == Standing::Welcomed
    }

    pub(super) fn say(&self, message: ClientMessage, actions: &mut Vec<Action>) {
        if self.is_welcomed() {
            actions.push(Action::Send(message));
        }
    }
}
