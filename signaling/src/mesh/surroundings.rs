//! What the rest of the world looks like from a pair: whether anything could carry its signals, and why the far end is not heard.
//!
//! Separate, because a pair knows nothing of the server and of other pairs.

use super::pair::Pair;
use crate::protocol::Presence;

/// Why someone is not heard, as far as one can tell from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Our own network: nobody else and no server is heard either.
    OwnNetwork,
    /// Theirs: the server does not hear them either.
    TheirNetwork,
    /// Both are there, and between them is no way.
    NoPath,
}

/// What is known of the way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// It answers.
    There,
    /// It has been asked whether it is there, and what it says now will tell.
    Doubted,
    /// It cannot be reached.
    Away,
}

/// What the rest of the world looks like from a pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    pub(super) server: Server,
    /// How many of the others are heard.
    pub(super) heard: usize,
}

impl Surroundings {
    /// Returns whether something could carry a signal to someone: the server, or where that does not reach both, others.
    pub(super) fn carry(self, pair: &Pair) -> bool {
        match (self.server, pair.participant.presence) {
            (Server::There, Presence::Online) => true,
            (Server::Doubted, Presence::Online) => false,
            (Server::Away, _) | (_, Presence::Lost) => self.heard > usize::from(pair.works()),
        }
    }

    pub(super) fn trouble(self, presence: Presence) -> Trouble {
        match (self.server, presence) {
            (Server::Away, _) if self.heard == 0 => Trouble::OwnNetwork,
            (_, Presence::Lost) => Trouble::TheirNetwork,
            (_, Presence::Online) => Trouble::NoPath,
        }
    }
}
