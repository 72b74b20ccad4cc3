//! The server: the real registry, and what the process around it does with a socket.
//!
//! Separate, because it is the one part of a schedule that is no model: [`Rooms`] is what the server runs.

use core::task::{Context, Poll, Waker};
use signaling::identity::{ParticipantId, RelayGeneration, RoomId};
use signaling::protocol::{ClientMessage, IceServer, Refusal, ServerMessage};
use signaling::rooms::{Archive, Connection, Inbox, Membership, RoomRecord, Rooms, RoomsConfig, Rules, World};
use signaling::time::Moment;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

/// More than there are people, since a seat outlives a crash.
const CAPACITY: usize = 12;

/// What the registry needs from outside: a clock that the schedule turns, and chance from its seed.
#[derive(Debug, Clone, Default)]
struct Surroundings(Arc<Turned>);

#[derive(Debug, Default)]
struct Turned {
    micros: AtomicU64,
    drawn: AtomicU64,
    process: AtomicU32,
    /// What to draw next, so that a room can be made again under its old name.
    forced: Mutex<Option<u128>>,
}

impl World for Surroundings {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.micros.load(Relaxed))
    }

    fn random(&self) -> u128 {
        let forced = self.0.forced.lock().expect("no test panics while drawing").take();
        let drawn = u128::from(self.0.drawn.fetch_add(1, Relaxed) + 1);
        forced.unwrap_or_else(|| drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
    }

    fn relay(&self) -> Option<RelayGeneration> {
        Some(RelayGeneration(self.0.process.load(Relaxed)))
    }

    fn ice_servers(&self, _: &RoomId, _: ParticipantId, _: Option<&str>) -> Vec<IceServer> {
        Vec::new()
    }
}

/// What outlives the process. Whatever is left of an ended one writes nothing any more.
#[derive(Debug, Clone, Default)]
struct Disk {
    process: u32,
    /// The process that may write, and what is written.
    records: Arc<Mutex<(u32, BTreeMap<RoomId, RoomRecord>)>>,
}

impl Disk {
    fn write(&self, change: impl FnOnce(&mut BTreeMap<RoomId, RoomRecord>)) {
        let mut records = self.records.lock().expect("no test panics while writing");
        if records.0 == self.process {
            change(&mut records.1);
        }
    }
}

impl Archive for Disk {
    fn keep(&self, room: &RoomId, record: RoomRecord) {
        self.write(|records| {
            records.insert(room.clone(), record);
        });
    }

    fn forget(&self, room: &RoomId) {
        self.write(|records| {
            records.remove(room);
        });
    }

    fn settle(&self, settled: Box<dyn FnOnce() + Send>) {
        settled();
    }
}

/// The server's end of one socket.
#[derive(Debug)]
pub(crate) enum Desk {
    /// The socket is open, and nobody joined through it.
    Vacant(Connection),
    /// Somebody did.
    Seated(Membership, Inbox),
    /// The server has closed it.
    Closed,
}

/// What the server does after a message.
#[derive(Debug)]
pub(crate) enum Reply {
    /// Says this.
    Say(ServerMessage),
    /// Closes the socket.
    Close,
}

/// The process: its rooms end with it, and those of the next one begin with what is on the disk.
#[derive(Debug)]
pub(crate) struct Server {
    surroundings: Surroundings,
    disk: Disk,
    rooms: Rooms,
    /// Whether it can be reached.
    pub(crate) up: bool,
}

impl Server {
    pub(crate) fn new() -> Self {
        let (surroundings, disk) = (Surroundings::default(), Disk::default());
        Self { rooms: rooms(&surroundings, &disk), surroundings, disk, up: true }
    }

    pub(crate) fn turn_clock(&self, now: Moment) {
        self.surroundings.0.micros.store(now.as_micros() as u64, Relaxed);
    }

    /// Makes the room of this number, under the same name at each time.
    pub(crate) fn make_room(&self, number: usize) -> RoomId {
        *self.surroundings.0.forced.lock().expect("no test panics while drawing") = Some(number as u128 + 1);
        self.rooms.create(Rules::default()).expect("the server has place for a few rooms")
    }

    pub(crate) fn has_room(&self, room: &RoomId) -> bool {
        self.rooms.look(room).is_some()
    }

    /// Says goodbye to everyone.
    pub(crate) fn stop(&self) {
        self.rooms.stop();
    }

    /// Ends the process without a word and begins another.
    pub(crate) fn restart(&mut self) {
        self.disk.process += 1;
        self.surroundings.0.process.store(self.disk.process, Relaxed);
        self.rooms = rooms(&self.surroundings, &self.disk);
    }

    /// The same, with an empty disk.
    pub(crate) fn forget_everything(&mut self) {
        self.disk.records.lock().expect("no test panics while writing").1.clear();
        self.restart();
    }

    pub(crate) fn advance(&self) {
        self.rooms.advance();
    }

    /// Takes a socket.
    pub(crate) fn accept(&self) -> Desk {
        Desk::Vacant(self.rooms.connect())
    }

    /// Takes one message from a socket.
    pub(crate) fn receive(&self, desk: &mut Desk, message: ClientMessage) -> Vec<Reply> {
        match (&*desk, message) {
            (Desk::Closed, _) => Vec::new(),
            (_, ClientMessage::Probe { nonce }) => vec![Reply::Say(ServerMessage::Echo { nonce })],
            (Desk::Vacant(connection), ClientMessage::Join(join)) => match self.rooms.join(*connection, &join, None) {
                Ok((membership, inbox)) => {
                    *desk = Desk::Seated(membership, inbox);
                    Vec::new()
                }
                Err(reason) => refuse(desk, reason),
            },
            (Desk::Vacant(_), ClientMessage::Closing | ClientMessage::Leave) => depart(desk, Membership::leave),
            (Desk::Vacant(_), _) | (Desk::Seated(..), ClientMessage::Join(_)) => refuse(desk, Refusal::OutOfOrder),
            (Desk::Seated(membership, _), ClientMessage::Signal { to, signal }) => {
                membership.signal(to, signal);
                Vec::new()
            }
            (Desk::Seated(membership, _), ClientMessage::SetMedia(media)) => {
                membership.set_media(media);
                Vec::new()
            }
            (Desk::Seated(membership, _), ClientMessage::Health { reaches }) => {
                membership.health(reaches);
                Vec::new()
            }
            (Desk::Seated(..), ClientMessage::Closing) => depart(desk, Membership::closing),
            (Desk::Seated(..), ClientMessage::Leave) => depart(desk, Membership::leave),
        }
    }

    /// Takes what the registry has for a socket.
    pub(crate) fn drain(desk: &mut Desk) -> Vec<Reply> {
        let mut said = Vec::new();
        while let Desk::Seated(_, inbox) = desk {
            match inbox.poll_next(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Some(message)) => said.push(Reply::Say(message)),
                Poll::Ready(None) => {
                    *desk = Desk::Closed;
                    said.push(Reply::Close);
                }
                Poll::Pending => break,
            }
        }
        said
    }
}

fn rooms(surroundings: &Surroundings, disk: &Disk) -> Rooms {
    let config = RoomsConfig { capacity: CAPACITY, ..RoomsConfig::default() };
    let records = {
        let mut records = disk.records.lock().expect("no test panics while writing");
        records.0 = disk.process;
        records.1.clone()
    };
    Rooms::restore(config, surroundings.clone(), disk.clone(), records)
}

fn refuse(desk: &mut Desk, reason: Refusal) -> Vec<Reply> {
    *desk = Desk::Closed;
    vec![Reply::Say(ServerMessage::Refused { reason }), Reply::Close]
}

fn depart(desk: &mut Desk, how: fn(Membership)) -> Vec<Reply> {
    if let Desk::Seated(membership, _) = core::mem::replace(desk, Desk::Closed) {
        how(membership);
    }
    vec![Reply::Close]
}
