//! Who is in a room, and what their devices do.
//!
//! Separate, because both directions speak of it.

use crate::identity::{Incarnation, JoinNumber, ParticipantId};
use crate::text::DisplayName;
use serde::{Deserialize, Serialize};

/// What is known of someone in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Stays the same as long as the room lives.
    pub id: ParticipantId,
    /// Decides who offers.
    pub number: JoinNumber,
    /// Changes when the page was loaded anew.
    pub incarnation: Incarnation,
    /// The name to show.
    pub name: DisplayName,
    /// What the devices are doing.
    pub media: MediaState,
    /// Whether the server reaches it.
    pub presence: Presence,
}

/// Whether the server reaches a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Its socket is open.
    Online,
    /// Its socket is lost; it may come back. Whatever else a newer server says: whom it does not call online, nobody calls.
    #[serde(other)]
    Lost,
}

/// What someone's devices are doing, and what they ask for without a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaState {
    /// Sound is being sent.
    pub microphone: bool,
    /// A picture is being sent.
    pub camera: bool,
    /// A screen is being shared.
    #[serde(default)]
    pub screen: bool,
    /// The hand is up: there is something to say.
    #[serde(default)]
    pub hand: bool,
}
