//! One room: who sits in it, and what each is told.
//!
//! Separate from the registry, because a room knows nothing of other rooms: a signal cannot leave it.

use super::World;
use super::archive::{IdentityRecord, RoomRecord, SeatRecord};
use super::health::{Ill, PairCounts, health, pairs};
use super::outbox::{Inbox, Outbox, outbox};
use super::seat::{Connection, Departure, Held, Remembered, Seat, Tokens};
use crate::identity::{Incarnation, JoinNumber, ParticipantId, ResumeToken, RoomId};
use crate::limits;
use crate::protocol::{
    Join, MediaState, Page, Participant, Presence, Refusal, Resume, RoomSettings, ServerMessage, Signal, Welcome,
};
use crate::time::Moment;
use std::collections::VecDeque;

/// One room. Each method leaves it complete: whoever has to be told something has it in the outbox.
#[derive(Debug)]
pub(super) struct Room {
    id: RoomId,
    capacity: usize,
    seats: Vec<Seat>,
    remembered: VecDeque<Remembered>,
    ill: Ill,
    /// Repairs that were ordered.
    orders: u64,
    /// The last number given out, as a join number or an incarnation.
    counter: u32,
    made: Moment,
    /// Since when nobody sits here.
    empty_since: Moment,
    /// Whether there is something that the archive does not know.
    is_news: bool,
}

impl Room {
    pub(super) fn new(id: RoomId, capacity: usize, now: Moment) -> Self {
        Self {
            id,
            capacity,
            seats: Vec::new(),
            remembered: VecDeque::new(),
            ill: Ill::default(),
            orders: 0,
            counter: 0,
            made: now,
            empty_since: now,
            is_news: true,
        }
    }

    /// Goes on where an earlier process ended.
    pub(super) fn restore(id: RoomId, capacity: usize, record: RoomRecord, now: Moment) -> Self {
        let RoomRecord { made, empty_since, counter, seats, remembered } = record;
        Self {
            seats: seats.into_iter().map(|seat| seat.into_seat(now)).collect(),
            remembered: remembered.into_iter().map(Remembered::from).collect(),
            counter,
            empty_since,
            is_news: false,
            ..Self::new(id, capacity, made)
        }
    }

    /// Returns what to keep of it, if that is not what was kept last.
    pub(super) fn news(&mut self) -> Option<RoomRecord> {
        core::mem::take(&mut self.is_news).then(|| RoomRecord {
            made: self.made,
            empty_since: self.empty_since,
            counter: self.counter,
            seats: self.seats.iter().map(SeatRecord::from).collect(),
            remembered: self.remembered.iter().map(IdentityRecord::from).collect(),
        })
    }

    /// Returns whether anybody ever came in.
    pub(super) fn was_entered(&self) -> bool {
        self.counter > 0
    }

    /// Returns when it was made.
    pub(super) fn made(&self) -> Moment {
        self.made
    }

    /// Returns how many connections are in the room.
    pub(super) fn inside(&self) -> usize {
        self.seats.iter().filter(|seat| seat.outbox().is_some()).count()
    }

    /// Returns how many seats are held.
    pub(super) fn seated(&self) -> usize {
        self.seats.len()
    }

    /// Returns whether a newcomer finds no seat.
    pub(super) fn is_full(&self) -> bool {
        self.seats.len() >= self.capacity
    }

    /// Seats someone, welcomes that one and tells the others.
    pub(super) fn join(
        &mut self,
        join: &Join,
        connection: Connection,
        world: &dyn World,
    ) -> Result<(ParticipantId, Inbox), Refusal> {
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
        self.welcome(id, world);
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

    fn welcome(&mut self, id: ParticipantId, world: &dyn World) {
        let Some(seat) = self.seats.iter().find(|seat| seat.participant.id == id) else { return };
        let others = self.seats.iter().filter(|seat| seat.participant.id != id);
        let welcome = Welcome {
            you: seat.participant.clone(),
            token: seat.tokens.given.clone(),
            participants: others.map(|seat| seat.participant.clone()).collect(),
            ice_servers: world.ice_servers(&self.id, id),
            room: RoomSettings { capacity: u32::try_from(self.capacity).unwrap_or(u32::MAX) },
        };
        let joined = seat.participant.clone();
        let fits = seat.outbox().map(|outbox| outbox.push(ServerMessage::Welcome(Box::new(welcome))));
        debug_assert!(!matches!(fits, Some(Err(_))), "a new outbox has room for its first message");
        self.tell_others(id, &ServerMessage::Joined(joined), world.now());
    }

    /// Relays a signal. To someone whose socket is lost, who is gone, or who never was, it is dropped: the first two are
    /// normal races, and a room that has forgotten somebody cannot tell them from the third.
    pub(super) fn signal(&mut self, from: ParticipantId, to: ParticipantId, signal: Signal, now: Moment) {
        if to != from {
            self.tell(to, ServerMessage::Signal { from, signal }, now);
        }
    }

    /// Tells one, if that one's socket is there.
    fn tell(&mut self, to: ParticipantId, message: ServerMessage, now: Moment) {
        let outbox = self.seats.iter().find(|seat| seat.participant.id == to).and_then(Seat::outbox);
        if outbox.is_some_and(|outbox| outbox.push(message).is_err()) {
            self.lose(to, now);
        }
    }

    /// Notes what someone's devices do, and tells the others if it is news.
    pub(super) fn set_media(&mut self, id: ParticipantId, media: MediaState, now: Moment) {
        let Some(seat) = self.seats.iter_mut().find(|seat| seat.participant.id == id) else { return };
        if seat.participant.media != media {
            seat.participant.media = media;
            self.tell_others(id, &ServerMessage::MediaChanged { id, media }, now);
        }
    }

    /// Notes whom someone reaches. What is no number of anybody here is no news.
    pub(super) fn note_reached(&mut self, id: ParticipantId, mut reaches: Vec<ParticipantId>, now: Moment) {
        reaches.retain(|reached| self.seats.iter().any(|seat| seat.participant.id == *reached));
        reaches.shrink_to_fit();
        if let Some(seat) = self.seats.iter_mut().find(|seat| seat.participant.id == id) {
            seat.note_reached(reaches);
        }
        self.ill.update(&self.seats, now);
    }

    /// Returns how the pairs are, and how many repairs were ordered so far.
    pub(super) fn pair_counts(&self) -> (PairCounts, u64) {
        let mut counts = PairCounts::default();
        pairs(&self.seats).for_each(|(one, other)| counts.count(health(one, other)));
        (counts, self.orders)
    }

    /// Ends a connection, unless another one has taken its seat since.
    pub(super) fn depart(&mut self, connection: Connection, departure: Departure, now: Moment) {
        let Some(index) = self.seats.iter().position(|seat| seat.is_held_by(connection)) else { return };
        let id = self.seats[index].participant.id;
        match departure {
            Departure::Lost => self.lose(id, now),
            Departure::Closing => {
                self.seats[index].vacate(now, true);
                self.ill.update(&self.seats, now);
            }
            Departure::Left => self.free(index, true, now),
        }
    }

    /// Returns whether this connection still holds a seat.
    pub(super) fn holds(&self, connection: Connection) -> bool {
        self.seats.iter().any(|seat| seat.is_held_by(connection))
    }

    /// Frees the seats whose time is over, and has the pairs repaired that are ill for too long.
    pub(super) fn expire(&mut self, now: Moment) {
        for (offerer, with) in self.ill.due(now) {
            self.orders += 1;
            self.tell(offerer, ServerMessage::Repair { with }, now);
        }
        while let Some(index) = self.seats.iter().position(|seat| seat.deadline().is_some_and(|until| until <= now)) {
            let told = matches!(self.seats[index].held, Held::Closing { .. });
            self.free(index, told, now);
        }
    }

    /// Returns when something will happen here by itself: a seat becomes free, a repair is ordered, or, `kept` after the last one did, the
    /// room is to be forgotten.
    pub(super) fn deadline(&self, kept: Moment) -> Option<Moment> {
        if self.seats.is_empty() {
            return Some(self.empty_since + kept);
        }
        self.seats.iter().filter_map(Seat::deadline).chain(self.ill.next()).min()
    }

    /// Returns whether nobody sits here.
    pub(super) fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// Tells everyone why the room ends.
    pub(super) fn refuse_all(&self, reason: Refusal) {
        self.seats.iter().filter_map(Seat::outbox).for_each(|outbox| outbox.refuse(reason));
    }

    fn free(&mut self, index: usize, told: bool, now: Moment) {
        let seat = self.seats.remove(index);
        self.ill.update(&self.seats, now);
        self.is_news = true;
        let id = seat.participant.id;
        self.remember(seat.into_remembered(told));
        if self.seats.is_empty() {
            self.empty_since = now;
        }
        if told {
            self.tell_others(id, &ServerMessage::Left { id }, now);
        }
    }

    /// Keeps the identity, and lets go of the oldest when there are too many: first of those who left, for the media of
    /// the lost may live, and they will want to be themselves again.
    fn remember(&mut self, identity: Remembered) {
        self.remembered.push_back(identity);
        if self.remembered.len() > limits::REMEMBERED_IDENTITIES {
            let left = self.remembered.iter().position(|known| known.incarnation.is_none());
            self.remembered.remove(left.unwrap_or(0));
        }
    }

    fn lose(&mut self, id: ParticipantId, now: Moment) {
        if let Some(seat) = self.seats.iter_mut().find(|seat| seat.participant.id == id) {
            seat.vacate(now, false);
            self.ill.update(&self.seats, now);
            self.tell_others(id, &ServerMessage::Lost { id }, now);
        }
    }

    /// Tells everyone but one. Whoever does not read is lost to the rest, who are told in turn.
    fn tell_others(&mut self, but: ParticipantId, message: &ServerMessage, now: Moment) {
        let others = self.seats.iter().filter(|seat| seat.participant.id != but);
        let full = |seat: &&Seat| seat.outbox().is_some_and(|outbox: &Outbox| outbox.push(message.clone()).is_err());
        let overflown: Vec<_> = others.filter(full).map(|seat| seat.participant.id).collect();
        for id in overflown {
            self.lose(id, now);
        }
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
