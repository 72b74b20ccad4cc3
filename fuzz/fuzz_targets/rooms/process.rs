//! The process: its registry ends with it, and that of the next one begins with what is on the disk.
//!
//! Separate from the session, which goes on from one process to the next.

use crate::surroundings::{Disk, Surroundings};
use signaling::rooms::{Rooms, RoomsConfig, World as _};
use signaling::time::Moment;

/// One process, and what outlives it.
#[derive(Debug)]
pub(crate) struct Process {
    config: RoomsConfig,
    surroundings: Surroundings,
    pub(crate) disk: Disk,
    pub(crate) rooms: Rooms,
}

impl Process {
    pub(crate) fn new(config: RoomsConfig) -> Self {
        let (surroundings, disk) = (Surroundings::default(), Disk::default());
        let rooms = Rooms::restore(config, surroundings.clone(), disk.clone(), []);
        Self { config, surroundings, disk, rooms }
    }

    pub(crate) fn now(&self) -> Moment {
        self.surroundings.now()
    }

    pub(crate) fn wait(&self, duration: Moment) {
        self.surroundings.wait(duration);
        self.rooms.advance();
    }

    /// Ends without a word; the next one begins after a while.
    pub(crate) fn restart(&mut self, downtime: Moment) {
        self.surroundings.wait(downtime);
        let (disk, records) = self.disk.next_process();
        self.rooms = Rooms::restore(self.config, self.surroundings.clone(), disk.clone(), records);
        self.disk = disk;
    }
}
