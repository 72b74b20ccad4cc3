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
    /// Something said without a word, that passes by itself.
    React(Reaction),
}

/// What can be said without a word. Pages that know others drop what they do not know, with the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Reaction {
    /// Well done.
    Applause,
    /// Agreed.
    ThumbsUp,
    /// How kind.
    Heart,
    /// How funny.
    Laughter,
    /// Really?
    Surprise,
    /// Hurrah.
    Party,
}

impl Reaction {
    /// All of them, in the order to offer them.
    pub const ALL: [Self; 6] =
        [Self::Applause, Self::ThumbsUp, Self::Heart, Self::Laughter, Self::Surprise, Self::Party];

    /// Returns its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applause => "applause",
            Self::ThumbsUp => "thumbs_up",
            Self::Heart => "heart",
            Self::Laughter => "laughter",
            Self::Surprise => "surprise",
            Self::Party => "party",
        }
    }
}

// By hand, because what a derive makes of an enumeration weighs six times as much in the page.
impl TryFrom<String> for Reaction {
    type Error = &'static str;
    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::ALL.into_iter().find(|known| known.name() == name).ok_or("no such reaction")
    }
}

impl From<Reaction> for String {
    fn from(reaction: Reaction) -> Self {
        reaction.name().to_owned()
    }
}
