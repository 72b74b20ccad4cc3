//! One room: who sits in it, and what each is told.
//!
//! Separate from the registry, because a room knows nothing of other rooms: a signal cannot leave it.

use super::Rules;
use super::archive::{IdentityRecord, RoomRecord, SeatRecord};
use super::health::{Ill, PairCounts, health, pairs};
use super::outbox::Outbox;
use super::seat::{Connection, Departure, Held, Remembered, Seat};
use crate::identity::{ParticipantId, RoomId};
use crate::limits;
use crate::protocol::{MediaState, Refusal, ServerMessage, Signal};
use crate::time::Moment;
use std::collections::VecDeque;

/// One room. Each method leaves it complete: whoever has to be told something has it in the outbox.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) id: RoomId,
    pub(super) capacity: usize,
    pub(super) rules: Rules,
    pub(super) seats: Vec<Seat>,
    pub(super) remembered: VecDeque<Remembered>,
    pub(super) ill: Ill,
    /// Repairs that were ordered.
    orders: u64,
    /// The last number given out, as a join number or an incarnation.
    pub(super) counter: u32,
    made: Moment,
    /// Since when nobody sits here.
    empty_since: Moment,
    /// Whether there is something that the archive does not know.
    pub(super) is_news: bool,
}

impl Room {
    pub(super) fn new(id: RoomId, capacity: usize, rules: Rules, now: Moment) -> Self {
        Self {
            id,
            capacity,
            rules,
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
        let RoomRecord { made, empty_since, counter, relay_only, seats, remembered } = record;
        Self {
            seats: seats.into_iter().map(|seat| seat.into_seat(now)).collect(),
            remembered: remembered.into_iter().map(Remembered::from).collect(),
            counter,
            empty_since,
            is_news: false,
            ..Self::new(id, capacity, Rules { relay_only }, made)
        }
    }

    /// Returns what to keep of it, if that is not what was kept last.
    pub(super) fn news(&mut self) -> Option<RoomRecord> {
        core::mem::take(&mut self.is_news).then(|| RoomRecord {
            made: self.made,
            empty_since: self.empty_since,
            counter: self.counter,
            relay_only: self.rules.relay_only,
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

    /// Returns whether a seat is held for someone.
    pub(super) fn has_seat(&self, id: ParticipantId) -> bool {
        self.seats.iter().any(|seat| seat.participant.id == id)
    }

    /// Returns whether a newcomer finds no seat.
    pub(super) fn is_full(&self) -> bool {
        self.seats.len() >= self.capacity
    }

    /// Relays a signal. To someone whose socket is lost, who is gone, or who never was, it is dropped: the first two are
    /// normal races, and a room that has forgotten somebody cannot tell them from the third.
    pub(super) fn signal(&mut self, from: ParticipantId, to: ParticipantId, signal: Signal, now: Moment) {
        if to != from {
            self.tell(to, ServerMessage::Signal { from, signal }, now);
        }
    }

    /// Tells one, if that one's socket is there.
    pub(super) fn tell(&mut self, to: ParticipantId, message: ServerMessage, now: Moment) {
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

    /// Notes whom someone reaches. Ids of nobody here are left out.
    pub(super) fn note_reached(&mut self, id: ParticipantId, mut reaches: Vec<ParticipantId>, now: Moment) {
        reaches.retain(|reached| self.seats.iter().any(|seat| seat.participant.id == *reached));
        reaches.shrink_to_fit();
        let seat = self.seats.iter_mut().find(|seat| seat.participant.id == id);
        if seat.is_some_and(|seat| seat.note_reached(reaches)) {
            self.ill.update(&self.seats, now);
        }
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
    pub(super) fn tell_others(&mut self, but: ParticipantId, message: &ServerMessage, now: Moment) {
        let others = self.seats.iter().filter(|seat| seat.participant.id != but);
        let full = |seat: &&Seat| seat.outbox().is_some_and(|outbox: &Outbox| outbox.push(message.clone()).is_err());
        let overflown: Vec<_> = others.filter(full).map(|seat| seat.participant.id).collect();
        for id in overflown {
            self.lose(id, now);
        }
    }
}
