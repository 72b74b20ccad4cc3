//! What the relay counts.
//!
//! Separate, because whoever runs the server reads it.

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// The credentials are none of ours, or have run out.
    Credentials,
    /// They are those of somebody who is not in the room.
    Stranger,
    /// The participant, or the server, has as many allocations as it may.
    Allocations,
    /// The peer is no allocation of the same room.
    Peer,
    /// The participant or the room sent more than it may.
    Bandwidth,
}

impl Refused {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Credentials, Self::Stranger, Self::Allocations, Self::Peer, Self::Bandwidth];

    /// Returns the name that stands in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Stranger => "stranger",
            Self::Allocations => "allocations",
            Self::Peer => "peer",
            Self::Bandwidth => "bandwidth",
        }
    }
}

/// What was counted since the relay began, and what there is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Allocations there are, by road: UDP, TCP, TLS.
    pub allocations: [usize; 3],
    /// Datagrams relayed.
    pub packets: u64,
    /// Bytes in them, without any header.
    pub bytes: u64,
    /// What was not done, in the order of [`Refused::ALL`].
    pub refused: [u64; 5],
}

impl Figures {
    pub(crate) fn refuse(&mut self, why: Refused) {
        self.refused[why as usize] += 1;
    }
}
