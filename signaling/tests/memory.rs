//! However many people pass through a room, it does not grow.
//!
//! A test of its own, alone in its process, because it asks Linux how large that is.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use signaling::identity::{ParticipantId, RoomId};
use signaling::protocol::{DisplayName, IceServer, Join, MediaState};
use signaling::rooms::{Rooms, RoomsConfig, Rules, World};
use signaling::time::Moment;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Each of these would leave an identity of about a hundred bytes: 5 MB in all, were none forgotten.
const VISITS: usize = 50_000;
/// What an allocator may keep for itself.
const NOISE: usize = 1024;

/// Time passes by a second at each draw, so that seats of closing pages become free.
#[derive(Default)]
struct Fixture(AtomicU64);

impl World for Fixture {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Relaxed))
    }

    fn random(&self) -> u128 {
        u128::from(self.0.fetch_add(1_000, Relaxed)).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }

    fn ice_servers(&self, _: &RoomId, _: ParticipantId, _: Option<&str>) -> Vec<IceServer> {
        Vec::new()
    }
}

/// Returns the resident memory, in KiB.
fn rss() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn fifty_thousand_visits_leave_nothing_behind() {
    let rooms = Rooms::new(RoomsConfig::default(), Fixture::default());
    let room = rooms.create(Rules::default()).unwrap();
    let (name, media) = (DisplayName::new("Ana").unwrap(), MediaState::default());
    let join = Join { room, name, media, resume: None };
    let visit = |number: usize| {
        let (membership, inbox) = rooms.join(rooms.connect(), &join, None).unwrap();
        match number % 2 {
            0 => membership.leave(),
            _ => membership.closing(),
        }
        drop(inbox);
    };
    (0..1_000).for_each(visit);
    let before = rss();
    (0..VISITS).for_each(visit);
    let after = rss();
    assert!(after < before + NOISE, "from {before} to {after} KiB");
}
