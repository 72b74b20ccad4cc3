//! One pair of participants: who offers, what is answered, which candidate belongs where, and when to try again.
//!
//! A sans-IO machine for one end of one pair. Separate from the [mesh](crate::mesh), because a pair knows nothing of
//! rooms, and because this is where every other system goes wrong (JSEP, RFC 9429; trickle ICE, RFC 8838).
//!
//! Of a pair, the participant with the later join number is the **offerer**, always; glare cannot arise. The answerer *asks*.
//! A pair's connections are numbered by **epochs**, which the offerer alone opens; within an epoch its offers are
//! numbered by `seq`. Answers and candidates carry both numbers, and whatever is older than the present is dropped.
//!
//! | stage | offerer | answerer |
//! |---|---|---|
//! | `Idle` | no connection | no connection |
//! | `Describing` | the browser makes the offer | the browser takes the offer and makes the answer |
//! | `Offered` | said; said again until answered | – |
//! | `Applying` | the browser takes the answer | – |
//! | `Settled` | both descriptions are in place | both descriptions are in place |
//! | `Broken` | the browser failed; opens a new epoch soon | the browser failed; asks for a new epoch |
//!
//! Whether packets flow is judged by what arrives, and not by what the browser says: a far end that gives no sign of life for a
//! second is asked for one, and one that does not answer is silent, which is as good as disconnected.
//!
//! **Invariant.** At most one offer is in flight: a new one of the same epoch begins in `Settled` only. A new epoch may begin
//! at any time, and everything of the old one is then void.

use crate::identity::{Epoch, JoinNumber};
use crate::protocol::{Candidate, Sdp, Signal};

mod candidates;
mod machine;
mod outside;
mod pulse;
mod repair;
#[cfg(test)]
mod tests;

pub use machine::Negotiation;

/// Which end of a pair one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The later to join: opens epochs and makes offers.
    Offerer,
    /// The earlier to join: answers, and asks.
    Answerer,
}

impl Role {
    /// Returns our role towards someone.
    pub fn of(ours: JoinNumber, theirs: JoinNumber) -> Self {
        if ours > theirs { Self::Offerer } else { Self::Answerer }
    }
}

/// What the browser says of a connection (`RTCPeerConnection.connectionState`, W3C WebRTC §4.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Not connected yet.
    New,
    /// Packets flow.
    Connected,
    /// Packets stopped; ICE still tries.
    Disconnected,
    /// ICE or DTLS gave up.
    Failed,
}

/// What happens to a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The far end is there; the offerer begins.
    Begin,
    /// The far end said something.
    Signal(Signal),
    /// The browser made the description asked for and set it locally.
    Described {
        /// Of the action.
        epoch: Epoch,
        /// Of the action.
        seq: u32,
        /// The description.
        sdp: Sdp,
    },
    /// The browser took the answer.
    Applied {
        /// Of the action.
        epoch: Epoch,
        /// Of the action.
        seq: u32,
    },
    /// The browser could not do what was asked.
    Broke {
        /// Of the action.
        epoch: Epoch,
        /// Of the action.
        seq: u32,
    },
    /// The browser found a candidate, or (`None`) has found all.
    Gathered {
        /// Of the connection.
        epoch: Epoch,
        /// The candidate.
        candidate: Option<Candidate>,
    },
    /// The connection's state changed.
    Transport {
        /// Of the connection.
        epoch: Epoch,
        /// The new state.
        state: Transport,
    },
    /// Sound or a picture came from the far end.
    Heard {
        /// The connection.
        epoch: Epoch,
    },
    /// The far end said that it lives, over the connection itself, and will go on saying so.
    Beat {
        /// The connection.
        epoch: Epoch,
    },
    /// Pictures, counted since the connection was made.
    Pictures {
        /// The connection.
        epoch: Epoch,
        /// How many the far end says that it has sent.
        sent: u32,
        /// How many were decoded here.
        decoded: u32,
    },
    /// The server says that the pair does not work for both.
    Ordered,
    /// The relay has forgotten everyone.
    RelayGone {
        /// Whether packets went through it.
        cut: bool,
    },
    /// The connection was made by rules that are not valid any more; it is to be replaced.
    Outdated,
    /// The visitor does not want to wait.
    Hurried,
    /// Signaling works again after a gap in which messages may have been lost.
    Resynced,
    /// Time passed.
    Tick,
    /// Time passed, and nothing that is said now would arrive.
    TickInVain,
}

/// What is to be done for a pair, in this order and one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Replace the connection, if any, by a new one. The offerer creates the four slots.
    Open {
        /// Names the connection in everything that follows.
        epoch: Epoch,
        /// Which end it is.
        role: Role,
    },
    /// Make an offer and set it locally; then [`Event::Described`].
    Offer {
        /// The connection.
        epoch: Epoch,
        /// The offer's number.
        seq: u32,
        /// Whether ICE starts over.
        restart: bool,
    },
    /// Take this offer, adopt its slots, make an answer and set it locally; then [`Event::Described`].
    Answer {
        /// The connection.
        epoch: Epoch,
        /// The offer's number.
        seq: u32,
        /// The offer.
        offer: Sdp,
    },
    /// Take this answer; then [`Event::Applied`].
    Apply {
        /// The connection.
        epoch: Epoch,
        /// The offer's number.
        seq: u32,
        /// The answer.
        answer: Sdp,
    },
    /// Add the far end's candidate, or (`None`) its end of candidates.
    AddCandidate {
        /// The connection.
        epoch: Epoch,
        /// The candidate.
        candidate: Option<Candidate>,
    },
    /// Ask the far end for a sign of life, over the connection itself, and listen for a while whether something is
    /// [heard](Event::Heard): a page that is too busy to answer goes on sending sound.
    Knock {
        /// The connection.
        epoch: Epoch,
    },
    /// Begin the pictures anew with a whole one: the far end has missed some, and would wait for them.
    Refresh {
        /// The connection.
        epoch: Epoch,
    },
    /// Say this to the far end.
    Send(Signal),
}
