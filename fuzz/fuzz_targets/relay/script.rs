//! What the fuzzed bytes are read as: a list of steps.
//!
//! Separate from what the steps do, so that a failing input can be read: `cargo fuzz fmt relay FILE` prints it.

use arbitrary::Arbitrary;

/// A whole list.
#[derive(Debug, Arbitrary)]
pub(crate) struct Script {
    /// Whether there is little to have.
    pub(crate) narrow: bool,
    /// Whether some have an allocation already.
    pub(crate) settled: bool,
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
    /// A request goes out from a seat, signed by a person, whose seat it may be or not.
    Ask {
        seat: Pick,
        person: Pick,
        request: Request,
        damage: Option<Damage>,
    },
    /// Two people, wherever they are, permit each other, and bind channels to each other.
    Acquaint {
        one: Pick,
        other: Pick,
    },
    /// Something that needs no signature goes out.
    Say {
        seat: Pick,
        word: Word,
        damage: Option<Damage>,
    },
    /// The last datagram of a seat is sent again, or the last with which it asked for an allocation.
    Again {
        seat: Pick,
        allocate: bool,
    },
    /// Any bytes go out.
    Garbage {
        seat: Pick,
        bytes: Vec<u8>,
    },
    /// Any bytes come on a stream, and are cut into datagrams.
    Stream {
        seat: Pick,
        bytes: Vec<u8>,
    },
    /// A stream ends, or what was a seat's port is forgotten.
    End(Pick),
    /// Tenths of a second pass.
    Pass(u16),
    /// A person leaves the room, or comes back.
    Leave(Pick),
    Return(Pick),
    /// A person gets new credentials.
    Renew(Pick),
}

/// What has to be signed.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Request {
    Allocate { transport: Transport, family: Family, lifetime: Option<u32> },
    Refresh { seconds: u16 },
    Permit { first: Peer, second: Option<Peer> },
    Bind { channel: Channel, peer: Peer },
}

/// What has not.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Word {
    Binding,
    Knock,
    Send { peer: Peer, bytes: u16 },
    Channel { channel: Channel, bytes: u16 },
}

/// What to allocate: UDP, mostly.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Transport {
    Udp,
    Nearly,
    Other(u8),
}

/// Of which family.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Family {
    Unsaid,
    Four,
    Six,
    Both,
}

/// A channel: one that others use too, or any number.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Channel {
    Usual(bool),
    Any(u16),
}

/// An address that a client names.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Peer {
    /// One that was given to somebody.
    Given(Pick),
    /// One that looks like it.
    Like { six: bool, port: u16 },
    /// Where a relay that is none of ours would reach what it must not.
    Forbidden(Pick),
    /// Any other.
    Any([u8; 4], u16),
}

/// What happens to a datagram before it arrives.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Damage {
    /// Where a byte is changed.
    pub(crate) at: u16,
    /// How.
    pub(crate) change: u8,
    /// How many bytes are lost at its end.
    pub(crate) lost: u8,
}

impl Damage {
    /// Damages it.
    pub(crate) fn befall(self, datagram: &mut Vec<u8>) {
        if let Some(at) = usize::from(self.at).checked_rem(datagram.len()) {
            datagram[at] ^= self.change;
        }
        datagram.truncate(datagram.len().saturating_sub(usize::from(self.lost)));
    }
}
