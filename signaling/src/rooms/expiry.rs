//! When something is due in which room.
//!
//! Separate, because it is one rule: a room has at most one deadline here, the next.

use crate::identity::RoomId;
use crate::time::Moment;
use std::collections::{BTreeSet, HashMap};

/// The next deadline of every room that has one.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    ordered: BTreeSet<(Moment, RoomId)>,
    by_room: HashMap<RoomId, Moment>,
}

impl Deadlines {
    /// Replaces the deadline of a room.
    pub(super) fn set(&mut self, room: &RoomId, deadline: Option<Moment>) {
        if self.by_room.get(room).copied() == deadline {
            return;
        }
        if let Some((room, old)) = self.by_room.remove_entry(room) {
            self.ordered.remove(&(old, room));
        }
        if let Some(at) = deadline {
            self.by_room.insert(room.clone(), at);
            self.ordered.insert((at, room.clone()));
        }
    }

    /// Returns the earliest deadline.
    pub(super) fn next(&self) -> Option<Moment> {
        self.ordered.first().map(|(at, _)| *at)
    }

    /// Removes a room whose deadline has come, and returns it.
    pub(super) fn pop(&mut self, now: Moment) -> Option<RoomId> {
        self.next().filter(|at| *at <= now)?;
        let (_, room) = self.ordered.pop_first()?;
        self.by_room.remove(&room);
        Some(room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::from_secs(seconds)
    }

    #[test]
    fn a_room_has_its_last_deadline_only() {
        let (left, right) = (RoomId::from_bytes([1; 16]), RoomId::from_bytes([2; 16]));
        let mut deadlines = Deadlines::default();
        deadlines.set(&left, Some(at(1)));
        deadlines.set(&right, Some(at(2)));
        deadlines.set(&left, Some(at(3)));
        assert_eq!(deadlines.pop(at(5)), Some(right.clone()));
        assert_eq!(deadlines.pop(at(5)), Some(left.clone()));
        assert_eq!(deadlines.pop(at(5)), None);
        deadlines.set(&left, Some(at(1)));
        deadlines.set(&left, None);
        assert_eq!(deadlines.next(), None);
    }

    #[test]
    fn nothing_is_due_before_its_time() {
        let room = RoomId::from_bytes([1; 16]);
        let mut deadlines = Deadlines::default();
        deadlines.set(&room, Some(at(2)));
        assert_eq!(deadlines.pop(at(1)), None);
        assert_eq!(deadlines.pop(at(2)), Some(room));
    }
}
