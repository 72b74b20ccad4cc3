//! Coming into a room, and coming back: who one is, and what one is told first.
//!
//! Separate from what happens [inside](super::room), because here identities are given and proved.

use super::World;
use super::outbox::{Inbox, outbox};
use super::room::Room;
use super::seat::{Connection, Held, Remembered, Seat, Tokens};
use crate::identity::{Incarnation, JoinNumber, ParticipantId, ResumeToken};
use crate::protocol::{Join, Page, Participant, Presence, Refusal, Resume, RoomSettings, ServerMessage, Welcome};

/// By what somebody comes in.
#[derive(Clone, Copy)]
pub(super) struct Entrance<'a> {
    pub(super) connection: Connection,
    /// The host through which the connection has reached the server.
    pub(super) reached_at: Option<&'a str>,
    pub(super) world: &'a dyn World,
}

impl Room {
    /// Seats someone, welcomes that one and tells the others.
    pub(super) fn join(&mut self, join: &Join, entrance: Entrance<'_>) -> Result<(ParticipantId, Inbox), Refusal> {
        let Entrance { connection, reached_at, world } = entrance;
        let (outbox, inbox) = outbox();
        let (identity, incarnation) = match &join.resume {
            Some(resume) => self.resume(resume, connection, world)?,
            None => self.newcomer(connection, world)?,
        };
        let seat = seat(join, identity, incarnation, Held::Attached { connection, outbox, reaches: None });
        let id = seat.participant.id;
        self.seats.push(seat);
        self.seats.sort_by_key(|seat| seat.participant.number);
        self.is_news = true;
        self.ill.update(&self.seats, world.now());
        self.welcome(id, reached_at, world);
        Ok((id, inbox))
    }

    fn newcomer(&mut self, latest: Connection, world: &dyn World) -> Result<(Remembered, Incarnation), Refusal> {
        if self.is_full() {
            return Err(Refusal::RoomFull);
        }
        let number = self.draw();
        let id = self.unused_id(world);
        let tokens = Tokens::new(token(world));
        let identity = Remembered { id, number: JoinNumber(number), tokens, latest, incarnation: None };
        Ok((identity, Incarnation(number)))
    }

    /// Takes the seat or the memory that the token proves, so that [`Room::join`] seats it anew.
    fn resume(
        &mut self,
        resume: &Resume,
        connection: Connection,
        world: &dyn World,
    ) -> Result<(Remembered, Incarnation), Refusal> {
        let remembered = if let Some(index) = self.seats.iter().position(|seat| seat.tokens.include(&resume.token)) {
            if self.seats[index].latest > connection {
                return Err(Refusal::Superseded);
            }
            let seat = self.seats.swap_remove(index);
            if let Some(outbox) = seat.outbox() {
                outbox.refuse(Refusal::Superseded);
            }
            seat.into_remembered(false)
        } else {
            let known = self.remembered.iter().position(|known| known.tokens.include(&resume.token));
            let index = known.ok_or(Refusal::StaleToken)?;
            if self.remembered[index].latest > connection {
                return Err(Refusal::Superseded);
            }
            if self.is_full() {
                return Err(Refusal::RoomFull);
            }
            self.remembered.remove(index).ok_or(Refusal::StaleToken)?
        };
        let incarnation = match (resume.page, remembered.incarnation) {
            (Page::Same, Some(incarnation)) => incarnation,
            (Page::Same, None) | (Page::Reloaded, _) => Incarnation(self.draw()),
        };
        let tokens = Tokens::renew(resume.token.clone(), token(world));
        Ok((Remembered { tokens, latest: connection, ..remembered }, incarnation))
    }

    fn welcome(&mut self, id: ParticipantId, reached_at: Option<&str>, world: &dyn World) {
        let Some(seat) = self.seats.iter().find(|seat| seat.participant.id == id) else { return };
        let others = self.seats.iter().filter(|seat| seat.participant.id != id);
        let welcome = Welcome {
            you: seat.participant.clone(),
            token: seat.tokens.given.clone(),
            participants: others.map(|seat| seat.participant.clone()).collect(),
            ice_servers: world.ice_servers(&self.id, id, reached_at),
            relay: world.relay(),
            room: RoomSettings {
                capacity: u32::try_from(self.capacity).unwrap_or(u32::MAX),
                relay_only: self.rules.relay_only,
            },
        };
        let joined = seat.participant.clone();
        let fits = seat.outbox().map(|outbox| outbox.push(ServerMessage::Welcome(Box::new(welcome))));
        debug_assert!(!matches!(fits, Some(Err(_))), "a new outbox has room for its first message");
        self.tell_others(id, &ServerMessage::Joined(joined), world.now());
    }

    fn draw(&mut self) -> u32 {
        self.counter = self.counter.saturating_add(1);
        self.counter
    }

    fn unused_id(&self, world: &dyn World) -> ParticipantId {
        let taken = |id| {
            self.seats.iter().any(|seat| seat.participant.id == id)
                || self.remembered.iter().any(|known| known.id == id)
        };
        loop {
            // The low half of a random number is as random as the whole.
            let id = ParticipantId(world.random() as u32);
            if !taken(id) {
                return id;
            }
        }
    }
}

fn seat(join: &Join, identity: Remembered, incarnation: Incarnation, held: Held) -> Seat {
    let Remembered { id, number, tokens, latest, .. } = identity;
    let (name, media) = (join.name.clone(), join.media);
    let participant = Participant { id, number, incarnation, name, media, presence: Presence::Online };
    Seat { participant, tokens, latest, held }
}

fn token(world: &dyn World) -> ResumeToken {
    ResumeToken::from_bytes(world.random().to_be_bytes())
}
