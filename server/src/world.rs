//! Time and chance, for the rooms.
//!
//! Separate, because these are the two things that the rooms themselves must not reach for.

use signaling::identity::{ParticipantId, RoomId};
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
}

impl RealWorld {
    /// Begins at the time of day, which the moments on disk are in too; but never before `after`, even where the clock was
    /// put back while no server ran.
    pub(crate) fn new(after: Moment) -> Self {
        let time_of_day = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began: Instant::now(), since: time_of_day.max(after) }
    }
}

impl World for RealWorld {
    fn now(&self) -> Moment {
        self.since + self.began.elapsed()
    }

    fn random(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes once it has started");
        u128::from_be_bytes(bytes)
    }

    /// No outside server is named: addresses of one's own are enough on one network.
    fn ice_servers(&self, _: &RoomId, _: ParticipantId, _: Option<&str>) -> Vec<IceServer> {
        Vec::new()
    }
}
