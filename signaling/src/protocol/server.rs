//! What the server says to the browser.
//!
//! Separate from what it is said, because these are read leniently: a server may say more than an older page understands.

use super::{MediaState, Participant, Signal};
use crate::identity::{ParticipantId, RelayGeneration, ResumeToken};
use serde::{Deserialize, Serialize};

/// What the server says. The answer to a `join` is [`ServerMessage::Welcome`] or
/// [`ServerMessage::Refused`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerMessage {
    /// Lets one in: the proof of being connected, and all there is to know.
    Welcome(Box<Welcome>),
    /// Someone joined, or came back: replaces what was known of that participant.
    Joined(Participant),
    /// Someone left for good: the pair closes.
    Left {
        /// Who.
        id: ParticipantId,
    },
    /// Someone's socket is lost: the pair closes only when its own transport is silent too.
    Lost {
        /// Who.
        id: ParticipantId,
    },
    /// Another participant says something.
    Signal {
        /// The sender, as the server knows it.
        from: ParticipantId,
        /// What is said, unread by the server.
        signal: Signal,
    },
    /// Someone's devices changed.
    MediaChanged {
        /// Who.
        id: ParticipantId,
        /// What the devices are doing now.
        media: MediaState,
    },
    /// Orders the offerer of a pair to repair it: by what both ends tell, it does not work for both.
    Repair {
        /// The other end.
        with: ParticipantId,
    },
    /// Replaces the ICE servers that were given before: their credentials do not last.
    IceServers(Vec<IceServer>),
    /// Answers a [`Probe`](super::ClientMessage::Probe).
    Echo {
        /// The probe's.
        nonce: u32,
    },
    /// Says no, and why; the socket closes after it.
    Refused {
        /// The reason.
        reason: Refusal,
    },
}

/// Everything a participant needs to begin or to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// One's own identity and what the others are told of it.
    pub you: Participant,
    /// Proves the identity later on.
    pub token: ResumeToken,
    /// Everyone else.
    pub participants: Vec<Participant>,
    /// Where to ask for one's own address and for relaying.
    pub ice_servers: Vec<IceServer>,
    /// Which life of the server's own relay this is; `None` where there is none. Another one than before has forgotten what
    /// was relayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<RelayGeneration>,
    /// What the room allows.
    pub room: RoomSettings,
}

/// What a room allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSettings {
    /// How many people it holds.
    pub capacity: u32,
    /// Whether nobody in it may show a network address to the others: everything goes through relays.
    #[serde(default)]
    pub relay_only: bool,
}

/// A STUN or TURN server, in the shape of the `RTCIceServer` dictionary (W3C WebRTC §4.2.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// `stun:` and `turn:` URLs.
    pub urls: Vec<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// Why the server says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// There is no such room (any more).
    UnknownRoom,
    /// Every seat is taken.
    RoomFull,
    /// The resume token is not (or no longer) known in this room. Join without it.
    StaleToken,
    /// The same participant came back through another connection, which goes on.
    Superseded,
    /// The message is not of this protocol, or breaks one of its limits.
    Malformed,
    /// Something else came before `join`, or a second `join` came.
    OutOfOrder,
    /// Messages or joins came too fast; wait before trying again.
    TooFast,
    /// Messages were not read, or not fast enough.
    TooSlow,
    /// No `join` came in time.
    TooLate,
    /// The server stops; come back shortly.
    Stopping,
    /// A reason that only a newer server knows; none ever says this.
    #[serde(other)]
    Unknown,
}

impl Refusal {
    /// Returns the stable name, as on the wire and in `data-reason`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownRoom => "unknown-room",
            Self::RoomFull => "room-full",
            Self::StaleToken => "stale-token",
            Self::Superseded => "superseded",
            Self::Malformed => "malformed",
            Self::OutOfOrder => "out-of-order",
            Self::TooFast => "too-fast",
            Self::TooSlow => "too-slow",
            Self::TooLate => "too-late",
            Self::Stopping => "stopping",
            Self::Unknown => "unknown",
        }
    }
}
