//! The rooms of one server, and who is in them.
//!
//! Separate from the server, so that the simulator runs the very same rules: time, randomness and ICE servers come from a
//! [`World`], and what is said to a participant waits in its [`Inbox`].
//!
//! - A connection enters by [`Rooms::join`] and holds a [`Membership`]; dropping that is the one way out.
//! - A seat outlives its connection: for [`LOST_SEAT`](crate::limits::LOST_SEAT) after a lost socket (the others were told `Lost`, and are
//!   told nothing more), for [`CLOSING_SEAT`](crate::limits::CLOSING_SEAT) after a closing page (the others are told `Left` then).
//! - Whoever is not seated any more is remembered, and may come back as the same participant.
//! - What of a room outlives the process goes to an [`Archive`], and comes from there again by [`Rooms::restore`].
//! - Nothing here is unbounded: rooms, seats, what is remembered, and what waits in an inbox.

mod archive;
mod entry;
mod expiry;
mod health;
mod membership;
mod outbox;
mod room;
mod seat;
#[cfg(test)]
mod tests;
mod unused;
mod world;

pub use archive::{Archive, Nowhere, RoomRecord};
pub use health::PairCounts;
pub use membership::Membership;
pub use outbox::Inbox;
pub use seat::Connection;
pub use world::{RoomsConfig, Rules, World};

use crate::identity::{ParticipantId, RoomId};
use crate::protocol::{Join, Refusal};
use crate::time::Moment;
use core::fmt;
use entry::Entrance;
use expiry::Deadlines;
use room::Room;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use unused::Unused;

/// What can be seen of a room from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomGlance {
    /// How many people are inside.
    pub inside: usize,
    /// How many it holds.
    pub capacity: usize,
    /// Whether a newcomer finds no seat.
    pub full: bool,
    /// What was decided when it was made.
    pub rules: Rules,
}

/// What all rooms hold together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Rooms.
    pub rooms: usize,
    /// People whose socket is there.
    pub participants: usize,
    /// Seats that are held for people whose socket is lost.
    pub lost: usize,
    /// How their pairs are.
    pub pairs: PairCounts,
    /// Repairs of pairs that were ordered in the rooms there are.
    pub repairs_ordered: u64,
}

/// The server has as many rooms as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are as many rooms as this server may have")]
pub struct TooManyRooms;

/// The rooms of one server; clones are handles of the same.
#[derive(Clone)]
pub struct Rooms(Arc<Shared>);

struct Shared {
    world: Box<dyn World>,
    archive: Box<dyn Archive>,
    config: RoomsConfig,
    /// A std mutex: held for moments, and never across an await.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rooms: HashMap<RoomId, Room>,
    deadlines: Deadlines,
    unused: Unused,
    connections: u64,
    stopping: bool,
}

impl Rooms {
    /// Begins without rooms, and keeps them nowhere.
    pub fn new(config: RoomsConfig, world: impl World) -> Self {
        Self::restore(config, world, Nowhere, [])
    }

    /// Begins with the rooms that an earlier process kept in this archive. Everyone who sat in one has lost the socket, and
    /// finds the seat as after any lost socket.
    pub fn restore(
        config: RoomsConfig,
        world: impl World,
        archive: impl Archive,
        records: impl IntoIterator<Item = (RoomId, RoomRecord)>,
    ) -> Self {
        let now = world.now();
        let mut state = State::default();
        for (id, record) in records {
            let room = Room::restore(id.clone(), config.capacity, record, now);
            state.deadlines.set(&id, room.deadline(config.empty_room));
            if !room.was_entered() {
                state.unused.add(room.made(), id.clone());
            }
            state.rooms.insert(id, room);
        }
        let (world, archive) = (Box::new(world), Box::new(archive));
        Self(Arc::new(Shared { world, archive, config, state: Mutex::new(state) }))
    }

    /// Makes a room, named by a UUID v4. When there are as many as configured, the oldest that nobody has entered gives way.
    ///
    /// # Errors
    /// [`TooManyRooms`] when all of them have been entered.
    pub fn create(&self, rules: Rules) -> Result<RoomId, TooManyRooms> {
        let (mut state, now) = self.state();
        if state.rooms.len() >= self.0.config.rooms {
            let oldest = state.unused.pop().ok_or(TooManyRooms)?;
            state.forget(&oldest, self.archive());
        }
        let uuid = uuid::Builder::from_random_bytes(self.0.world.random().to_be_bytes()).into_uuid();
        let id = RoomId::from_bytes(uuid.into_bytes());
        let mut room = Room::new(id.clone(), self.0.config.capacity, rules, now);
        keep_news(&id, &mut room, self.archive());
        state.deadlines.set(&id, room.deadline(self.0.config.empty_room));
        state.unused.add(now, id.clone());
        state.rooms.insert(id.clone(), room);
        Ok(id)
    }

    /// Looks into a room without entering; `None` when there is none of that name.
    pub fn look(&self, id: &RoomId) -> Option<RoomGlance> {
        let capacity = self.0.config.capacity;
        self.in_room(id, |room, _| RoomGlance {
            inside: room.inside(),
            capacity,
            full: room.is_full(),
            rules: room.rules,
        })
    }

    /// Returns whether a participant has a seat in a room, be its socket there, lost, or of a closing page.
    pub fn is_member(&self, room: &RoomId, participant: ParticipantId) -> bool {
        let (state, _) = self.state();
        state.rooms.get(room).is_some_and(|room| room.has_seat(participant))
    }

    /// Counts what there is.
    pub fn figures(&self) -> Figures {
        let (state, _) = self.state();
        let mut figures = Figures { rooms: state.rooms.len(), ..Figures::default() };
        for room in state.rooms.values() {
            let (pairs, orders) = room.pair_counts();
            figures.participants += room.inside();
            figures.lost += room.seated() - room.inside();
            figures.pairs += pairs;
            figures.repairs_ordered += orders;
        }
        figures
    }

    /// Calls back as soon as the archive has all that happened until now: what was promised before then may be forgotten.
    pub fn settle(&self, settled: impl FnOnce() + Send + 'static) {
        self.archive().settle(Box::new(settled));
    }

    /// Numbers a connection; to be called as soon as it is open.
    pub fn connect(&self) -> Connection {
        let mut state = self.lock();
        state.connections += 1;
        Connection(state.connections)
    }

    /// Enters a room, or comes back to it. The first message in the inbox is the welcome. `reached_at` is for
    /// [`World::ice_servers`].
    ///
    /// # Errors
    /// [`Refusal::UnknownRoom`], [`Refusal::RoomFull`], [`Refusal::StaleToken`], [`Refusal::Stopping`], or
    /// [`Refusal::Superseded`] when the participant has come back through a later connection already.
    pub fn join(
        &self,
        connection: Connection,
        join: &Join,
        reached_at: Option<&str>,
    ) -> Result<(Membership, Inbox), Refusal> {
        let (mut state, _) = self.state();
        if state.stopping {
            return Err(Refusal::Stopping);
        }
        let entrance = Entrance { connection, reached_at, world: self.0.world.as_ref() };
        let enter = |room: &mut Room| (room.made(), room.join(join, entrance));
        let entered = self.act(&mut state, &join.room, enter);
        let (made, entered) = entered.ok_or(Refusal::UnknownRoom)?;
        let (id, inbox) = entered?;
        state.unused.remove(made, &join.room);
        drop(state);
        let reached_at = reached_at.map(Box::from);
        Ok((Membership { rooms: self.clone(), room: join.room.clone(), id, connection, reached_at }, inbox))
    }

    /// Does what is due: seats become free, empty rooms are forgotten. Every other method does this first, so it only has
    /// to be called for the sake of those who wait.
    pub fn advance(&self) {
        drop(self.state());
    }

    /// Says to everyone that the server stops, ends their inboxes, and lets nobody in from now on.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        state.rooms.values().for_each(|room| room.refuse_all(Refusal::Stopping));
    }

    /// Acts on a room and notes when it will be due next; `None` when there is no such room.
    fn in_room<T>(&self, id: &RoomId, act: impl FnOnce(&mut Room, Moment) -> T) -> Option<T> {
        let (mut state, now) = self.state();
        self.act(&mut state, id, |room| act(room, now))
    }

    fn act<T>(&self, state: &mut State, id: &RoomId, act: impl FnOnce(&mut Room) -> T) -> Option<T> {
        let room = state.rooms.get_mut(id)?;
        let outcome = act(room);
        keep_news(id, room, self.archive());
        state.deadlines.set(id, room.deadline(self.0.config.empty_room));
        Some(outcome)
    }

    fn archive(&self) -> &dyn Archive {
        self.0.archive.as_ref()
    }

    fn state(&self) -> (MutexGuard<'_, State>, Moment) {
        let now = self.0.world.now();
        let mut state = self.lock();
        state.advance(now, self.0.config.empty_room, self.archive());
        (state, now)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, id: &RoomId, archive: &dyn Archive) {
        archive.forget(id);
        self.deadlines.set(id, None);
        if let Some(room) = self.rooms.remove(id) {
            self.unused.remove(room.made(), id);
        }
    }

    fn advance(&mut self, now: Moment, kept: Moment, archive: &dyn Archive) {
        while let Some(id) = self.deadlines.pop(now) {
            let Some(room) = self.rooms.get_mut(&id) else { continue };
            room.expire(now);
            keep_news(&id, room, archive);
            match room.deadline(kept) {
                Some(at) if at <= now && room.is_empty() => self.forget(&id, archive),
                deadline => self.deadlines.set(&id, deadline),
            }
        }
    }
}

fn keep_news(id: &RoomId, room: &mut Room, archive: &dyn Archive) {
    if let Some(record) = room.news() {
        archive.keep(id, record);
    }
}

impl fmt::Debug for Rooms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rooms").field("config", &self.0.config).finish_non_exhaustive()
    }
}
