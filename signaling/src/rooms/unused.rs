//! The rooms that nobody has entered yet.
//!
//! Separate, because it is one rule: when there are too many rooms, the oldest of these gives way. Whoever fills a server
//! with rooms that he does not use then only pushes out his own.

use crate::identity::RoomId;
use crate::time::Moment;
use std::collections::BTreeSet;

/// Those rooms, by age.
#[derive(Debug, Default)]
pub(super) struct Unused(BTreeSet<(Moment, RoomId)>);

impl Unused {
    /// Notes a room that was made then.
    pub(super) fn add(&mut self, made: Moment, room: RoomId) {
        self.0.insert((made, room));
    }

    /// Strikes out a room that is entered, or gone.
    pub(super) fn remove(&mut self, made: Moment, room: &RoomId) {
        self.0.remove(&(made, room.clone()));
    }

    /// Strikes out the oldest, and returns it.
    pub(super) fn pop(&mut self) -> Option<RoomId> {
        self.0.pop_first().map(|(_, room)| room)
    }
}
