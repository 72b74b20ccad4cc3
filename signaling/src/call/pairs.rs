//! What happens to pairs, and how what they say gets there.
//!
//! Separate from the [stages](super::machine), because a signal goes by the server, and by others where that does not reach both.

use super::Action;
use super::line::{ANSWER_DEADLINE, QUICK};
use super::machine::{Call, Stage};
use crate::identity::{Epoch, ParticipantId};
use crate::mesh::{self, Mesh, Server};
use crate::negotiation::{self, Action as PairAction, Transport};
use crate::protocol::{ClientMessage, PeerMessage, Signal};
use crate::time::{ASLEEP, Moment};

impl Call {
    pub(super) fn pair(
        &mut self,
        id: ParticipantId,
        event: negotiation::Event,
        now: Moment,
        actions: &mut Vec<Action>,
    ) {
        let doubtful =
            matches!(event, negotiation::Event::Transport { state: Transport::Disconnected | Transport::Failed, .. });
        let Stage::Inside { mesh, .. } = &mut self.stage else { return };
        let done = mesh.pair(id, event, now);
        self.carry_out(done, actions);
        if doubtful {
            // What cut the pair may have cut the socket too, and only asking can tell.
            self.probe(QUICK, now, actions);
        }
    }

    /// A peer's word, past the server.
    pub(super) fn told(
        &mut self,
        id: ParticipantId,
        epoch: Epoch,
        message: PeerMessage,
        now: Moment,
        actions: &mut Vec<Action>,
    ) {
        let online = self.is_welcomed();
        self.in_mesh(actions, |mesh| match message {
            PeerMessage::Carried { from, signal } => mesh.carried(from, signal, online, now),
            message => mesh.told(id, epoch, message, now),
        });
    }

    pub(super) fn hurry(&mut self, id: ParticipantId, now: Moment, actions: &mut Vec<Action>) {
        self.woke(now, actions);
        self.in_mesh(actions, |mesh| mesh.pair(id, negotiation::Event::Hurried, now));
    }

    pub(super) fn in_mesh(&mut self, actions: &mut Vec<Action>, act: impl FnOnce(&mut Mesh) -> Vec<mesh::Action>) {
        if let Stage::Inside { mesh, .. } = &mut self.stage {
            let done = act(mesh);
            self.carry_out(done, actions);
        }
    }

    pub(super) fn tick(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let slept = self.ticked_at.replace(now).is_some_and(|before| now >= before + ASLEEP);
        if slept {
            self.woke(now, actions);
        }
        self.watch_line(now, actions);
        let server = self.server();
        if let Stage::Inside { mesh, .. } = &mut self.stage {
            let heard = mesh.reached().count();
            let done = mesh.tick(server, now);
            let silent = mesh.reached().count() < heard;
            let waits = done.iter().any(|action| matches!(action, mesh::Action::Pair(_, PairAction::Send(_))));
            let knocks = done
                .iter()
                .any(|action| matches!(action, mesh::Action::Tell(_, PeerMessage::Beat { answer: true, .. })));
            let news = self.health.news(mesh, now).filter(|_| server != Server::Away);
            self.carry_out(done, actions);
            if let Some(reaches) = news {
                self.say(ClientMessage::Health { reaches }, actions);
            }
            if silent {
                self.hasten(now);
            } else if knocks {
                self.probe(ANSWER_DEADLINE, now, actions);
            } else if waits {
                // What is said because of the time is said because something did not come.
                self.doubt(now, actions);
            }
        }
    }

    /// Passes on what the mesh wants.
    pub(super) fn carry_out(&self, done: Vec<mesh::Action>, actions: &mut Vec<Action>) {
        for action in done {
            match action {
                mesh::Action::Pair(to, PairAction::Send(signal)) => self.signal(to, &signal, actions),
                other => actions.push(Action::Mesh(other)),
            }
        }
    }

    /// Says something to a peer: by the server, or where that does not reach both of us, by everyone who may. What arrives
    /// nowhere is said again later, and what arrives twice does no harm.
    fn signal(&self, to: ParticipantId, signal: &Signal, actions: &mut Vec<Action>) {
        let Some(mesh) = self.mesh() else { return };
        if self.is_welcomed() && !mesh.is_lost(to) {
            self.say(ClientMessage::Signal { to, signal: signal.clone() }, actions);
            if !mesh.is_astray(to) {
                return;
            }
        }
        let carriers = mesh.reached().filter(|carrier| *carrier != to);
        let carry = |carrier| {
            let message = PeerMessage::Carry { to, signal: signal.clone() };
            Action::Mesh(mesh::Action::Tell(carrier, message))
        };
        actions.extend(carriers.map(carry));
    }
}
