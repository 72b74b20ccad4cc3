//! What one peer says to another, by way of the server.
//!
//! Separate, because the server only carries it.

use crate::identity::Epoch;
use crate::text::{CandidateLine, Sdp, Tag};
use serde::{Deserialize, Serialize};

/// What one peer says to another, relayed unread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// The connection that it is about; one about an older connection is dropped.
    pub epoch: Epoch,
    /// The sequence number of the offer that it is, answers, or belongs to, within the epoch, from 1; 0 before the first.
    pub seq: u32,
    /// What is said.
    pub body: SignalBody,
}

/// The steps of JSEP (RFC 9429), and the asking of the side that does not offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalBody {
    /// The invitation, from the offerer alone.
    Offer(Sdp),
    /// The answer to the offer of the same sequence number.
    Answer(Sdp),
    /// A way to reach the sender.
    Candidate(Candidate),
    /// The sender has no more candidates for this offer.
    EndOfCandidates,
    /// The answerer asks for a new offer.
    Ask(Ask),
}

/// What the answerer asks of the offerer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// An offer that restarts ICE on the connection there is.
    Restart,
    /// An offer for a new connection, under a new epoch.
    Rebuild,
}

/// An ICE candidate, in the shape of `RTCIceCandidateInit` (W3C WebRTC §4.8.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The `candidate:` line.
    pub candidate: CandidateLine,
    /// The media section it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mid: Option<Tag>,
    /// The index of that section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u16>,
    /// The ICE generation it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ufrag: Option<Tag>,
}
