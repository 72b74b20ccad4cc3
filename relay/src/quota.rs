//! How much a participant and a room may have of the relay.
//!
//! Separate, because it is bookkeeping: what has been taken, and what is left.

use super::credentials::{Owner, RoomTag};
use signaling::time::Moment;
use std::collections::HashMap;

/// What there is to have. A rate of zero has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Allocations of one participant at once: some for each connection, one per network and road.
    pub allocations: usize,
    /// Allocations in all.
    pub allocations_in_all: usize,
    /// What one participant may send, in bytes a second; twice as much in one go.
    pub participant_rate: u32,
    /// What one room may, likewise.
    pub room_rate: u32,
}

impl Default for Limits {
    fn default() -> Self {
        // A participant who sends a camera and a screen to seven others, all of them relayed, needs some 30 Mbit/s.
        Self { allocations: 256, allocations_in_all: 16_384, participant_rate: 5_000_000, room_rate: 25_000_000 }
    }
}

/// Counts what is taken.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    limits: Limits,
    participants: HashMap<Owner, Taken>,
    rooms: HashMap<RoomTag, Taken>,
    allocations: usize,
}

/// What one of them has.
#[derive(Debug)]
struct Taken {
    allocations: usize,
    /// Bytes that are not yet forgiven.
    bytes: f64,
    at: Moment,
}

impl Quotas {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Returns whether one more allocation may be made for a participant.
    pub(crate) fn admits(&self, owner: &Owner) -> bool {
        let own = self.participants.get(owner).map_or(0, |taken| taken.allocations);
        own < self.limits.allocations && self.allocations < self.limits.allocations_in_all
    }

    /// Notes an allocation.
    pub(crate) fn take(&mut self, owner: &Owner, now: Moment) {
        let nothing = || Taken { allocations: 0, bytes: 0.0, at: now };
        self.participants.entry(owner.clone()).or_insert_with(nothing).allocations += 1;
        self.rooms.entry(owner.room.clone()).or_insert_with(nothing).allocations += 1;
        self.allocations += 1;
    }

    /// Notes that an allocation is gone.
    pub(crate) fn give_back(&mut self, owner: &Owner) {
        self.allocations = self.allocations.saturating_sub(1);
        release(&mut self.participants, owner);
        release(&mut self.rooms, &owner.room);
    }

    /// Takes so many bytes from what a participant and the room may send, if both have them left.
    pub(crate) fn carry(&mut self, owner: &Owner, bytes: usize, now: Moment) -> bool {
        let bytes = bytes as f64;
        let (Some(own), Some(room)) = (self.participants.get_mut(owner), self.rooms.get_mut(&owner.room)) else {
            return false;
        };
        let fits = own.has(bytes, self.limits.participant_rate, now) && room.has(bytes, self.limits.room_rate, now);
        if fits {
            own.bytes += bytes;
            room.bytes += bytes;
        }
        fits
    }
}

impl Taken {
    fn has(&mut self, bytes: f64, rate: u32, now: Moment) -> bool {
        let rate = f64::from(rate);
        self.bytes = (self.bytes - now.saturating_sub(self.at).as_secs_f64() * rate).max(0.0);
        self.at = self.at.max(now);
        rate == 0.0 || self.bytes + bytes <= 2.0 * rate
    }
}

fn release<K: core::hash::Hash + Eq>(table: &mut HashMap<K, Taken>, key: &K) {
    if let Some(taken) = table.get_mut(key) {
        taken.allocations = taken.allocations.saturating_sub(1);
        if taken.allocations == 0 {
            table.remove(key);
        }
    }
}
