//! The machine of a call: its stages, what the server says, and what becomes of the mesh.
//!
//! Separate from the vocabulary, which is public, from the [line](super::line), which is about the socket, and from the
//! [pairs](super::pairs).

use super::health::Health;
use super::line::{Socket, Standing};
use super::{Action, Event, SocketNumber, Status};
use crate::identity::{RelayGeneration, ResumeToken, RoomId};
use crate::mesh::Mesh;
use crate::negotiation;
use crate::protocol::{ClientMessage, DisplayName, MediaState, Refusal, ServerMessage, Welcome};
use crate::time::{Jitter, Moment};

#[derive(Debug, Clone)]
pub(super) enum Stage {
    Outside,
    Joining { name: DisplayName },
    Inside { name: DisplayName, mesh: Box<Mesh> },
    Over,
}

/// One participant's side of a call.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) room: RoomId,
    pub(super) media: MediaState,
    pub(super) token: Option<ResumeToken>,
    /// Which life of the server's relay the last welcome told of.
    relay: Option<RelayGeneration>,
    pub(super) stage: Stage,
    pub(super) socket: Socket,
    pub(super) number: SocketNumber,
    pub(super) standing: Standing,
    /// When the server last said something, or was dialled.
    pub(super) heard_at: Moment,
    pub(super) failures: u32,
    pub(super) probes: u32,
    /// What the server was told of our pairs.
    pub(super) health: Health,
    /// When time was last told.
    pub(super) ticked_at: Option<Moment>,
    pub(super) jitter: Jitter,
}

impl Call {
    /// Begins outside of a room. `token` is what an earlier life of this page was told to remember.
    pub fn new(room: RoomId, token: Option<ResumeToken>, jitter: Jitter) -> Self {
        Self {
            room,
            media: MediaState::default(),
            token,
            relay: None,
            stage: Stage::Outside,
            socket: Socket::None,
            number: SocketNumber(0),
            standing: Standing::Stranger,
            heard_at: Moment::ZERO,
            failures: 0,
            probes: 0,
            health: Health::default(),
            ticked_at: None,
            jitter,
        }
    }

    /// Returns the mesh, once inside.
    pub fn mesh(&self) -> Option<&Mesh> {
        match &self.stage {
            Stage::Inside { mesh, .. } => Some(mesh),
            Stage::Outside | Stage::Joining { .. } | Stage::Over => None,
        }
    }

    /// Returns whether the server has let us in through the present socket.
    pub fn is_online(&self) -> bool {
        self.is_welcomed() && matches!(self.stage, Stage::Inside { .. })
    }

    /// Takes what happened and returns what to do about it.
    pub fn handle(&mut self, event: Event, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        match event {
            Event::Prepare => self.prepare(now, &mut actions),
            Event::Join { name } => self.join(name, now, &mut actions),
            Event::SetMedia(media) => self.set_media(media, &mut actions),
            Event::Received(number, message) if number == self.number => self.receive(message, now, &mut actions),
            Event::Closed(number) if number == self.number => self.closed(now, &mut actions),
            Event::Received(..) | Event::Closed(..) => {}
            Event::Woke => self.woke(now, &mut actions),
            Event::Pair(id, event) => self.pair(id, event, now, &mut actions),
            Event::Told(id, epoch, message) => self.told(id, epoch, message, now, &mut actions),
            Event::Counted { id, epoch, sent, decoded, relayed } => {
                self.in_mesh(&mut actions, |mesh| {
                    mesh.note_way(id, epoch, relayed);
                    mesh.counted(id, epoch, sent, decoded, now)
                });
            }
            Event::Renew => self.in_mesh(&mut actions, |mesh| mesh.renew(now)),
            Event::Hurry(id) => self.hurry(id, now, &mut actions),
            Event::Closing => self.say(ClientMessage::Closing, &mut actions),
            Event::Leave => self.over(Status::Left, &mut actions),
            Event::Tick => self.tick(now, &mut actions),
        }
        actions
    }

    fn join(&mut self, name: DisplayName, now: Moment, actions: &mut Vec<Action>) {
        if !matches!(self.stage, Stage::Outside | Stage::Over) {
            return;
        }
        self.stage = Stage::Joining { name };
        actions.push(Action::Show(Status::Joining));
        match self.socket {
            Socket::Open { .. } => self.introduce(now, actions),
            Socket::None | Socket::Lost { .. } => self.redial(now, actions),
        }
    }

    fn set_media(&mut self, media: MediaState, actions: &mut Vec<Action>) {
        if media != self.media {
            self.media = media;
            self.say(ClientMessage::SetMedia(media), actions);
        }
    }

    fn receive(&mut self, message: ServerMessage, now: Moment, actions: &mut Vec<Action>) {
        self.heard_at = now;
        if let ServerMessage::Welcome(welcome) = message {
            self.welcome(*welcome, now, actions);
            return;
        }
        if let ServerMessage::Refused { reason } = message {
            self.refused(reason, now, actions);
            return;
        }
        if let ServerMessage::Echo { nonce } = message {
            self.echoed(nonce);
            return;
        }
        if !self.is_welcomed() {
            return;
        }
        let Stage::Inside { mesh, .. } = &mut self.stage else { return };
        let done = match message {
            ServerMessage::Joined(participant) => mesh.joined(participant, now),
            ServerMessage::Left { id } => mesh.left(id),
            ServerMessage::Lost { id } => mesh.lost(id, now),
            ServerMessage::Signal { from, signal } => mesh.signal(from, signal, now),
            ServerMessage::MediaChanged { id, media } => mesh.media_changed(id, media, now),
            ServerMessage::IceServers(servers) => {
                actions.push(Action::UseIceServers(servers));
                return;
            }
            ServerMessage::Repair { with } => mesh.pair(with, negotiation::Event::Ordered, now),
            ServerMessage::Echo { .. } | ServerMessage::Welcome(_) | ServerMessage::Refused { .. } => Vec::new(),
        };
        self.carry_out(done, actions);
    }

    fn welcome(&mut self, welcome: Welcome, now: Moment, actions: &mut Vec<Action>) {
        if !matches!(self.stage, Stage::Joining { .. } | Stage::Inside { .. }) {
            return;
        }
        let Welcome { you, token, participants, ice_servers, relay, room } = welcome;
        let relay_gone = core::mem::replace(&mut self.relay, relay) != relay;
        self.standing = Standing::Welcomed;
        self.failures = 0;
        self.health = Health::default();
        self.socket = Socket::Open { answer_due: None };
        if room.relay_only {
            actions.push(Action::HideAddresses);
        }
        actions.push(Action::UseIceServers(ice_servers));
        actions.push(Action::Remember(token.clone()));
        self.token = Some(token);
        actions.push(Action::Show(Status::Online(you.id)));
        let (name, mut mesh) = match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Inside { name, mut mesh } if mesh.own().id != you.id => {
                // The server took us for someone new: whoever knew us knows us no more.
                let closed = mesh.close_all();
                self.carry_out(closed, actions);
                (name, Box::new(Mesh::new(you.clone(), self.jitter.branch(u64::from(you.id.0)))))
            }
            Stage::Inside { name, mesh } => (name, mesh),
            Stage::Joining { name } => {
                (name, Box::new(Mesh::new(you.clone(), self.jitter.branch(u64::from(you.id.0)))))
            }
            Stage::Outside | Stage::Over => return,
        };
        let told = you.media;
        // First, so that the welcome finds those pairs silent and has them repaired.
        let mut done = if relay_gone { mesh.relay_gone(now) } else { Vec::new() };
        done.extend(mesh.welcome(you, participants, now));
        self.stage = Stage::Inside { name, mesh };
        self.carry_out(done, actions);
        if told != self.media {
            self.say(ClientMessage::SetMedia(self.media), actions);
        }
    }

    fn refused(&mut self, reason: Refusal, now: Moment, actions: &mut Vec<Action>) {
        match (reason, &self.stage) {
            (Refusal::StaleToken, _) => {
                self.token = None;
                actions.push(Action::Forget);
                self.closed(now, actions);
                self.redial(now, actions);
            }
            (Refusal::Superseded, _) => self.over(Status::Refused(reason), actions),
            (Refusal::TooFast | Refusal::Stopping | Refusal::TooLate, _)
            | (_, Stage::Inside { .. } | Stage::Outside) => {
                // The server ends this socket; what it would end with it is ours to keep.
                self.closed(now, actions);
            }
            (_, Stage::Joining { .. } | Stage::Over) => self.over(Status::Refused(reason), actions),
        }
    }

    fn over(&mut self, status: Status, actions: &mut Vec<Action>) {
        if status == Status::Left && self.standing != Standing::Stranger {
            // Also when the welcome is still on its way: nobody would be there to take it.
            actions.push(Action::Send(ClientMessage::Leave));
        }
        let mut ended = core::mem::replace(&mut self.stage, Stage::Over);
        if let Stage::Inside { mesh, .. } = &mut ended {
            let done = mesh.close_all();
            self.carry_out(done, actions);
        }
        self.socket = Socket::None;
        // Whatever is still on its way through the socket comes too late.
        self.number = self.number.next();
        self.standing = Standing::Stranger;
        if status != Status::Refused(Refusal::Superseded) {
            // A superseded page must not touch what its successor in the same tab remembers.
            self.token = None;
            actions.push(Action::Forget);
        }
        actions.push(Action::HangUp);
        actions.push(Action::Show(status));
    }
}
