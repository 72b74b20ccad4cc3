//! What one peer says to another on the connection itself, past the server.
//!
//! Separate from [`Signal`], which builds the connection and goes by way of the server while that is there.

use super::{MediaState, Signal};
use crate::identity::ParticipantId;
use serde::{Deserialize, Serialize};

/// What goes over the data channels `state` and `beat`. What cannot be read is of a newer page, and dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerMessage {
    /// What the sender's devices do.
    Media(MediaState),
    /// A sign of life.
    Beat {
        /// How many pictures were sent over this connection so far.
        frames: u32,
        /// Whether a beat is to come back at once.
        answer: bool,
    },
    /// Please pass this on: the server does not reach both of us.
    Carry {
        /// To whom.
        to: ParticipantId,
        /// What is said.
        signal: Signal,
    },
    /// Passed on for someone.
    Carried {
        /// For whom: the carrier's word.
        from: ParticipantId,
        /// What is said.
        signal: Signal,
    },
}
