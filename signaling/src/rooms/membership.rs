//! The guard of one connection's place in a room.
//!
//! Separate, because it is the only way to speak in a room, and the only way out of it.

use super::Rooms;
use super::seat::{Connection, Departure};
use crate::identity::{ParticipantId, RoomId};
use crate::protocol::{MediaState, ServerMessage, Signal};

/// A connection's place in a room. Dropping it means that the socket was lost, so every way a connection can end is
/// covered; [`Membership::leave`] and [`Membership::closing`] say more first. One that was superseded or evicted ends
/// without a trace.
#[derive(Debug)]
pub struct Membership {
    pub(super) rooms: Rooms,
    pub(super) room: RoomId,
    pub(super) id: ParticipantId,
    pub(super) connection: Connection,
    /// The host through which this connection has reached the server.
    pub(super) reached_at: Option<Box<str>>,
}

impl Membership {
    /// Returns whose it is.
    pub fn id(&self) -> ParticipantId {
        self.id
    }

    /// Says something to another participant of this room. It is dropped when that one is not there (any more).
    pub fn signal(&self, to: ParticipantId, signal: Signal) {
        self.rooms.in_room(&self.room, |room, now| {
            if room.holds(self.connection) {
                room.signal(self.id, to, signal, now);
            }
        });
    }

    /// Tells the others what the devices do now.
    pub fn set_media(&self, media: MediaState) {
        self.rooms.in_room(&self.room, |room, now| {
            if room.holds(self.connection) {
                room.set_media(self.id, media, now);
            }
        });
    }

    /// Tells whom this connection reaches, past the server.
    pub fn health(&self, reaches: Vec<ParticipantId>) {
        self.rooms.in_room(&self.room, |room, now| {
            if room.holds(self.connection) {
                room.note_reached(self.id, reaches, now);
            }
        });
    }

    /// Gives this participant new ICE servers, before the credentials of the old ones are over.
    pub fn renew_ice_servers(&self) {
        let servers = self.rooms.0.world.ice_servers(&self.room, self.id, self.reached_at.as_deref());
        self.rooms.in_room(&self.room, |room, now| {
            if room.holds(self.connection) {
                room.tell(self.id, ServerMessage::IceServers(servers), now);
            }
        });
    }

    /// Ends it because the page closes: the others are told that it left, unless it is back before
    /// [`crate::limits::CLOSING_SEAT`] is over.
    pub fn closing(self) {
        self.depart(Departure::Closing);
    }

    /// Ends it for good, and tells the others at once.
    pub fn leave(self) {
        self.depart(Departure::Left);
    }

    fn depart(&self, departure: Departure) {
        self.rooms.in_room(&self.room, |room, now| room.depart(self.connection, departure, now));
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        // Does nothing after another departure: the connection holds no seat then.
        self.depart(Departure::Lost);
    }
}
