//! Time, chance and the way through networks, for the rooms.
//!
//! Separate, because these are what the rooms themselves must not reach for.

use super::relay::Access;
use signaling::identity::{ParticipantId, RelayGeneration, RoomId};
use signaling::protocol::IceServer;
use signaling::rooms::World;
use signaling::time::Moment;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The real world.
#[derive(Debug)]
pub(crate) struct RealWorld {
    began: Instant,
    /// What the time was then.
    since: Moment,
    access: Access,
}

impl RealWorld {
    /// Begins at the time of day, which the moments on disk are in too; but never before `after`, even where the clock was
    /// put back while no server ran.
    pub(crate) fn new(after: Moment, access: Access) -> Self {
        let time_of_day = unix_time();
        Self { began: Instant::now(), since: time_of_day.max(after), access }
    }
}

impl World for RealWorld {
    fn now(&self) -> Moment {
        self.since + self.began.elapsed()
    }

    fn random(&self) -> u128 {
        random()
    }

    fn ice_servers(&self, room: &RoomId, participant: ParticipantId, reached_at: Option<&str>) -> Vec<IceServer> {
        self.access.servers(room, participant, reached_at, unix_time())
    }

    fn relay(&self) -> Option<RelayGeneration> {
        self.access.generation()
    }
}

/// Returns the time of day, as the time since 1970: what credentials run out by.
pub(crate) fn unix_time() -> Moment {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Returns a number that nobody can guess.
pub(crate) fn random() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes once it has started");
    u128::from_be_bytes(bytes)
}
