//! What the rooms are given from outside: the world around them, and what was decided about them.
//!
//! Separate from what they do with it, because this is all that a server, a simulation or a test has to bring along.

use crate::identity::{ParticipantId, RelayGeneration, RoomId};
use crate::limits;
use crate::protocol::IceServer;
use crate::time::Moment;

/// What the rooms need from outside.
pub trait World: Send + Sync + 'static {
    /// Returns the present moment, which never runs backwards.
    fn now(&self) -> Moment;

    /// Returns a number that nobody can guess (in a simulation: that the seed decides), another one at each call.
    fn random(&self) -> u128;

    /// Returns the ICE servers for a participant, with credentials minted for it. `reached_at` is the host, with or without a
    /// port, through which the participant has reached the server, if that is known.
    fn ice_servers(&self, room: &RoomId, participant: ParticipantId, reached_at: Option<&str>) -> Vec<IceServer>;

    /// Returns which life of the server's own relay this is, the same for all of a process; `None` where there is none.
    fn relay(&self) -> Option<RelayGeneration> {
        None
    }
}

/// What the host may configure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomsConfig {
    /// Participants in a room.
    pub capacity: usize,
    /// Rooms at once.
    pub rooms: usize,
    /// How long a room without anyone in it is kept.
    pub empty_room: Moment,
}

impl Default for RoomsConfig {
    fn default() -> Self {
        Self { capacity: limits::ROOM_PARTICIPANTS, rooms: limits::ROOMS, empty_room: limits::EMPTY_ROOM }
    }
}

/// What is decided about a room when it is made, and never after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// Whether nobody in it may show a network address to the others.
    pub relay_only: bool,
}
