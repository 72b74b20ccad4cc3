//! What the browser says to the server.
//!
//! Separate from the answers, because these are read strictly, on the server alone.

use super::{MediaState, Refusal, Signal};
use crate::identity::{ParticipantId, ResumeToken, RoomId};
use crate::limits;
use crate::text::DisplayName;
use serde::{Deserialize, Serialize};

/// What a browser says. Before [`ClientMessage::Join`] it may only [probe](ClientMessage::Probe), or go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientMessage {
    /// Enters a room, or comes back to it.
    Join(Join),
    /// Says something to another participant of the same room.
    Signal {
        /// The addressee.
        to: ParticipantId,
        /// What is said.
        signal: Signal,
    },
    /// Tells everyone what one's devices are doing now.
    SetMedia(MediaState),
    /// Tells with whom one's connections work, whenever that changes: the server has pairs repaired that are dead, or
    /// believed in by one side only.
    Health {
        /// Those from whom something is being heard; at most [`limits::ROOM_MOST`].
        reaches: Vec<ParticipantId>,
    },
    /// Asks for an [`Echo`](super::ServerMessage::Echo), by a client that doubts its socket.
    Probe {
        /// Returned as it is.
        nonce: u32,
    },
    /// Announces that the page closes, perhaps to reload: the seat is kept for [`limits::CLOSING_SEAT`].
    Closing,
    /// Leaves for good.
    Leave,
}

/// The proof of wanting to be in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The room to enter.
    pub room: RoomId,
    /// The name to show.
    pub name: DisplayName,
    /// What the devices are doing.
    pub media: MediaState,
    /// Proves who one was, when coming back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

/// Comes back as the same participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// The token from the last [`Welcome`](super::ServerMessage::Welcome).
    pub token: ResumeToken,
    /// Whether the connections to the others live on (a lost socket) or are gone (a reload).
    pub page: Page,
}

/// What became of the page since the participant was last heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The same page, with its connections.
    Same,
    /// A new page: the connections are gone.
    Reloaded,
}

/// Reads one message of the client, strictly: whatever it says that the protocol does not know is a mistake or an attack.
///
/// # Errors
/// [`Refusal::Malformed`] when it is too long, not JSON, not a message, says more than there is to say, or breaks a limit.
pub fn read_client_message(bytes: &[u8]) -> Result<ClientMessage, Refusal> {
    if bytes.len() > limits::FRAME_BYTES {
        return Err(Refusal::Malformed);
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let mut known = true;
    // Strict here and not in the types, because a page reads some of the same types, leniently.
    let message = serde_ignored::deserialize(&mut json, |_| known = false);
    match (message, json.end()) {
        (Ok(ClientMessage::Health { reaches }), _) if reaches.len() > limits::ROOM_MOST => Err(Refusal::Malformed),
        (Ok(message), Ok(())) if known => Ok(message),
        _ => Err(Refusal::Malformed),
    }
}
