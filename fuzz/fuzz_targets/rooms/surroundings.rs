//! What the registry needs from outside: a clock that the schedule turns, chance that is none, and a disk.
//!
//! Separate, because it is all that outlives a process.

use signaling::identity::{ParticipantId, RoomId};
use signaling::protocol::IceServer;
use signaling::rooms::{Archive, RoomRecord, World};
use signaling::time::Moment;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};

/// The clock and the dice; clones are handles of the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings(Arc<Turned>);

#[derive(Debug, Default)]
struct Turned {
    millis: AtomicU64,
    drawn: AtomicU64,
}

impl Surroundings {
    pub(crate) fn wait(&self, duration: Moment) {
        self.0.millis.fetch_add(duration.as_millis() as u64, Relaxed);
    }
}

impl World for Surroundings {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.millis.load(Relaxed))
    }

    /// The high half, which makes rooms and tokens, is another one each time. The low half, of which ids are made, is one of
    /// few, so that an id that is free has to be looked for.
    fn random(&self) -> u128 {
        let drawn = (self.0.drawn.fetch_add(1, Relaxed) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let low = (drawn ^ (drawn >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 56;
        u128::from(drawn) << 64 | u128::from(low)
    }

    fn ice_servers(&self, _: &RoomId, _: ParticipantId, _: Option<&str>) -> Vec<IceServer> {
        Vec::new()
    }
}

/// Keeps records in memory. Whatever is left of an ended process writes nothing any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    process: u32,
    /// The process that may write, and what is written.
    kept: Arc<Mutex<(u32, BTreeMap<RoomId, RoomRecord>)>>,
}

impl Disk {
    /// Returns the disk as the next process sees it, and what the last one wrote, read from text as from a file.
    pub(crate) fn next_process(&self) -> (Self, Vec<(RoomId, RoomRecord)>) {
        let next = Self { process: self.process + 1, kept: Arc::clone(&self.kept) };
        let mut kept = next.lock();
        kept.0 = next.process;
        let records: Vec<_> = kept.1.iter().map(|(id, record)| (id.clone(), reread(record))).collect();
        drop(kept);
        (next, records)
    }

    pub(crate) fn holds(&self, room: &RoomId) -> bool {
        self.lock().1.contains_key(room)
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().1.len()
    }

    fn write(&self, change: impl FnOnce(&mut BTreeMap<RoomId, RoomRecord>)) {
        let mut kept = self.lock();
        if kept.0 == self.process {
            change(&mut kept.1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, (u32, BTreeMap<RoomId, RoomRecord>)> {
        self.kept.lock().expect("nothing panics while writing")
    }
}

fn reread(record: &RoomRecord) -> RoomRecord {
    let text = serde_json::to_string(record).expect("a record can be written");
    let again = serde_json::from_str(&text).expect("a record can be read");
    assert_eq!(again, *record);
    again
}

impl Archive for Disk {
    fn keep(&self, room: &RoomId, record: RoomRecord) {
        self.write(|kept| {
            kept.insert(room.clone(), record);
        });
    }

    fn forget(&self, room: &RoomId) {
        self.write(|kept| {
            kept.remove(room);
        });
    }

    fn settle(&self, settled: Box<dyn FnOnce() + Send>) {
        settled();
    }
}
