//! What the fuzzed bytes are read as: a schedule of steps.
//!
//! Separate from what the steps do, so that a failing input can be read: `cargo fuzz fmt rooms FILE` prints it.

use arbitrary::Arbitrary;
use core::time::Duration;
use signaling::limits;

/// A whole schedule.
#[derive(Debug, Arbitrary)]
pub(crate) struct Script {
    /// How many people a room holds: one more than this, of eight.
    pub(crate) capacity: u8,
    /// How many rooms there may be: one more than this, of four.
    pub(crate) rooms: u8,
    /// What happens.
    pub(crate) steps: Vec<Step>,
}

/// Points to one of however many there are.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Pick(u8);

impl Pick {
    /// Returns a place in a list of this length.
    pub(crate) fn of(self, length: usize) -> Option<usize> {
        usize::from(self.0).checked_rem(length)
    }
}

/// Something happens.
#[derive(Debug, Arbitrary)]
pub(crate) enum Step {
    /// A room is made.
    Create,
    /// A socket opens, and nobody joins through it yet.
    Open,
    /// Somebody joins through a socket that is open.
    Join { socket: Pick, entry: Entry },
    /// Somebody joins through a new socket.
    Enter(Entry),
    /// Somebody says something through a socket, whether or not it still means anything.
    Say { socket: Pick, word: Word },
    /// Somebody is given new ICE servers, which the server does by the clock.
    Renew(Pick),
    /// A socket breaks.
    Break(Pick),
    /// What waits for a socket is read. Nothing is read otherwise.
    Read(Pick),
    /// Everybody reads.
    Gather,
    /// People join and go again, one after the other: as many as this, of 48.
    Crowd { room: Pick, people: u8, farewell: Farewell },
    /// Time passes.
    Wait(Wait),
    /// The process ends, with a word or without, and the next one begins after a while.
    Restart { goodbye: bool, downtime: Option<Wait> },
}

/// How somebody joins.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Entry {
    /// Where to, for whoever has no token, or has lost the way.
    pub(crate) room: Pick,
    /// What is shown; a newcomer shows nothing.
    pub(crate) proof: Option<Proof>,
    /// Whether the page was loaded anew.
    pub(crate) reloaded: bool,
    /// What the devices do.
    pub(crate) devices: Devices,
}

/// A token, and whose it is: that of whoever shows it, or of someone whom it was stolen from; nobody can tell.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Proof {
    /// The one that was given last.
    Given(Pick),
    /// The one that was shown for it.
    Shown(Pick),
    /// An earlier one.
    Stale { whose: Pick, age: Pick },
    /// The one that was given last, in some room or other.
    Astray(Pick),
    /// One that nobody was given.
    Invented(u8),
}

/// Microphone and camera.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Devices(pub(crate) bool, pub(crate) bool);

/// What somebody says who is inside.
#[derive(Debug, Arbitrary)]
pub(crate) enum Word {
    /// Something to another one, and as often again as this.
    Signal { to: Addressee, body: Body, again: u8 },
    /// What the devices do now.
    SetMedia(Devices),
    /// With whom the connections work.
    Health(Vec<Addressee>),
    /// The page closes.
    Closing,
    /// Goodbye.
    Leave,
}

/// To whom something is said.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Addressee {
    /// Somebody of the same room, past or present.
    Known(Pick),
    /// Whoever has this id, if anyone.
    Anyone(u8),
}

/// What is said.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Body {
    /// A description, of so many times 128 bytes.
    Offer(u8),
    /// A candidate, of so many times 8 bytes.
    Candidate(u8),
    /// Nothing large.
    End,
}

/// How one of a crowd goes. The next one comes when its seat is free.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Farewell {
    Leave,
    Closing,
    Break,
}

/// A while.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Wait {
    unit: Unit,
    times: u8,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Unit {
    Millisecond,
    Second,
    Patience,
    ClosingSeat,
    LostSeat,
    EmptyRoom,
}

impl From<Wait> for Duration {
    fn from(wait: Wait) -> Self {
        let (unit, most) = match wait.unit {
            Unit::Millisecond => (Self::from_millis(1), u8::MAX),
            Unit::Second => (Self::from_secs(1), u8::MAX),
            Unit::Patience => (limits::PAIR_PATIENCE, 8),
            Unit::ClosingSeat => (limits::CLOSING_SEAT, 4),
            Unit::LostSeat => (limits::LOST_SEAT, 4),
            Unit::EmptyRoom => (limits::EMPTY_ROOM / 2, 4),
        };
        unit * u32::from(wait.times % most)
    }
}
