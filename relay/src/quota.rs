//! How much a participant and a room may have of the relay.
//!
//! Separate, because it is bookkeeping: what has been taken, and what is left.

use super::credentials::{Owner, RoomTag};
use core::net::{IpAddr, Ipv6Addr};
use signaling::time::Moment;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What a packet costs beside its bytes: headers, and work.
const PACKET_BYTES: usize = 64;

/// What there is to have. A rate of zero has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Allocations of one participant at once: some for each connection, one per network and road.
    pub allocations: usize,
    /// Allocations of one network address: of an office, or of a village behind one NAT.
    pub allocations_of_address: usize,
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
        Self {
            allocations: 96,
            allocations_of_address: 4_096,
            allocations_in_all: 32_768,
            participant_rate: 5_000_000,
            room_rate: 25_000_000,
        }
    }
}

/// Counts what is taken.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    limits: Limits,
    participants: HashMap<Owner, Taken>,
    rooms: HashMap<RoomTag, Taken>,
    addresses: HashMap<IpAddr, usize>,
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

    /// Returns whether so many more allocations may be made for a participant at an address.
    pub(crate) fn admits(&self, owner: &Owner, address: IpAddr, more: usize) -> bool {
        let own = self.participants.get(owner).map_or(0, |taken| taken.allocations);
        let there = self.addresses.get(&subscriber(address)).copied().unwrap_or_default();
        own + more <= self.limits.allocations
            && there + more <= self.limits.allocations_of_address
            && self.allocations + more <= self.limits.allocations_in_all
    }

    /// Returns everyone who has, or had a moment ago, something of the relay.
    pub(crate) fn owners(&self) -> Vec<Owner> {
        self.participants.keys().cloned().collect()
    }

    /// Forgets whoever has nothing any more, and has sent nothing that still counts.
    pub(crate) fn tidy(&mut self, now: Moment) {
        let Limits { participant_rate, room_rate, .. } = self.limits;
        self.participants.retain(|_, taken| taken.counts(participant_rate, now));
        self.rooms.retain(|_, taken| taken.counts(room_rate, now));
    }

    /// Notes an allocation.
    pub(crate) fn take(&mut self, owner: &Owner, address: IpAddr, now: Moment) {
        *self.addresses.entry(subscriber(address)).or_default() += 1;
        let nothing = || Taken { allocations: 0, bytes: 0.0, at: now };
        self.participants.entry(owner.clone()).or_insert_with(nothing).allocations += 1;
        self.rooms.entry(owner.room.clone()).or_insert_with(nothing).allocations += 1;
        self.allocations += 1;
    }

    /// Notes that an allocation is gone.
    pub(crate) fn give_back(&mut self, owner: &Owner, address: IpAddr) {
        if let Entry::Occupied(mut there) = self.addresses.entry(subscriber(address)) {
            *there.get_mut() -= 1;
            if *there.get() == 0 {
                there.remove();
            }
        }
        self.allocations = self.allocations.saturating_sub(1);
        // What was sent still counts: giving back and taking again is no way to send more.
        for taken in self.participants.get_mut(owner).into_iter().chain(self.rooms.get_mut(&owner.room)) {
            taken.allocations = taken.allocations.saturating_sub(1);
        }
    }

    /// Takes a packet with so many bytes from what a participant and the room may send, if both have that left.
    pub(crate) fn carry(&mut self, owner: &Owner, bytes: usize, now: Moment) -> bool {
        let bytes = (bytes + PACKET_BYTES) as f64;
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
        self.forgive(rate, now);
        rate == 0 || self.bytes + bytes <= 2.0 * f64::from(rate)
    }

    fn counts(&mut self, rate: u32, now: Moment) -> bool {
        self.forgive(rate, now);
        self.allocations > 0 || (rate > 0 && self.bytes > 0.0)
    }

    fn forgive(&mut self, rate: u32, now: Moment) {
        let since = now.saturating_sub(self.at).as_secs_f64();
        self.bytes = (self.bytes - since * f64::from(rate)).max(0.0);
        self.at = self.at.max(now);
    }
}

/// Returns the part of an address that one subscriber has: all of an IPv4 one, the first 56 bits of an IPv6 one (RIPE-690).
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 72 << 72).into(),
        address => address,
    }
}
