//! Who is who: identifiers of rooms and participants, and the tokens that prove them.
//!
//! Separate from the messages, because the registry and the mesh speak of identities far from any wire.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Names a room: 16 random bytes (a UUID v4: 122 random bits) as 22 characters of URL-safe base64.
///
/// Knowing it is the permission to enter, so it is never guessed, counted or logged.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomId(Box<str>);

impl RoomId {
    /// Names 16 random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes).into())
    }

    /// The length of the text form, in characters.
    pub const LENGTH: usize = 22;

    /// Reads the text form.
    ///
    /// # Errors
    /// [`MalformedId`] when it is not 22 characters of URL-safe base64.
    pub fn parse(text: &str) -> Result<Self, MalformedId> {
        base64url(text, Self::LENGTH).map(Self)
    }

    /// Returns the text form, as it stands in a link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A room's id opens the room, so logs see its beginning only.
        write!(f, "RoomId({}…)", self.0.get(..4).unwrap_or_default())
    }
}

/// Proves, after a lost socket or a reload, that a connection belongs to a participant. Opaque; 22 characters of
/// URL-safe base64 (16 random bytes).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResumeToken(Box<str>);

impl ResumeToken {
    /// Names 16 random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes).into())
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`MalformedId`] when it is not 22 characters of URL-safe base64.
    pub fn parse(text: &str) -> Result<Self, MalformedId> {
        base64url(text, RoomId::LENGTH).map(Self)
    }

    /// Returns the text form, to be kept by its owner alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeToken(…)")
    }
}

fn base64url(text: &str, length: usize) -> Result<Box<str>, MalformedId> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (text.len() == length && text.bytes().all(legal)).then(|| text.into()).ok_or(MalformedId)
}

/// A text that names nothing: wrong length or characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedId;

impl fmt::Display for MalformedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed identifier")
    }
}

impl core::error::Error for MalformedId {}

macro_rules! text_form {
    ($($id:ident),*) => {$(
        impl TryFrom<String> for $id {
            type Error = MalformedId;
            fn try_from(text: String) -> Result<Self, MalformedId> {
                Self::parse(&text)
            }
        }
        impl From<$id> for String {
            fn from(id: $id) -> String {
                id.0.into()
            }
        }
    )*};
}
text_form!(RoomId, ResumeToken);

/// Names a participant within its room, for as long as the room lives. Random, so it tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParticipantId(pub u32);

impl fmt::Display for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The order of joining. Of a pair, the later one offers, so the newcomer calls everyone present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JoinNumber(pub u32);

/// Tells one life of a participant's page from the next: a reload keeps the identity but has lost every
/// connection, and says so by a new incarnation. Drawn from the same counter as join numbers, so of any two in a
/// room the later one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Incarnation(pub u32);

/// Tells one life of the server's relay from the next: what was relayed by another one does not move any more. Random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RelayGeneration(pub u32);

/// Numbers the connections of one pair; of two, the later one is greater.
///
/// `since` is the later of the two participants' incarnations, so the epochs after a reload exceed all before it
/// without anyone having to remember them; `count` is raised by the offerer for each new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Epoch {
    /// The later of the two incarnations.
    pub since: Incarnation,
    /// The connections opened since, from 1; 0 stands for none yet.
    pub count: u32,
}

impl Epoch {
    /// Returns the epoch before the first connection of a pair.
    pub fn none(ours: Incarnation, theirs: Incarnation) -> Self {
        Self { since: ours.max(theirs), count: 0 }
    }

    /// Returns the next epoch.
    #[must_use]
    pub fn next(self) -> Self {
        Self { count: self.count.saturating_add(1), ..self }
    }
}

impl From<(u32, u32)> for Epoch {
    fn from((since, count): (u32, u32)) -> Self {
        Self { since: Incarnation(since), count }
    }
}

impl From<Epoch> for (u32, u32) {
    fn from(epoch: Epoch) -> Self {
        (epoch.since.0, epoch.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "AbcdefghijklmnopqrstuQ";

    #[test]
    fn an_identifier_is_22_characters_of_url_safe_base64() {
        assert_eq!(RoomId::parse(TEXT).unwrap().as_str(), TEXT);
        assert_eq!(ResumeToken::parse(TEXT).unwrap().as_str(), TEXT);
        for wrong in ["", "Abc", &TEXT[1..], &format!("{TEXT}A"), "Abcdefghijklmnopqrst/A", "Abcdefghijklmnopqrst=A"] {
            assert_eq!(RoomId::parse(wrong), Err(MalformedId), "{wrong}");
            assert_eq!(ResumeToken::parse(wrong), Err(MalformedId), "{wrong}");
        }
    }

    #[test]
    fn what_is_made_can_be_read() {
        let made = RoomId::from_bytes([0xfb; 16]);
        assert_eq!(RoomId::parse(made.as_str()).unwrap(), made);
        assert_ne!(made, RoomId::from_bytes([0xfa; 16]));
    }

    #[test]
    fn a_malformed_identifier_cannot_be_read_from_the_wire() {
        assert!(serde_json::from_str::<RoomId>(&format!("\"{TEXT}\"")).is_ok());
        assert!(serde_json::from_str::<RoomId>("\"../etc/passwd\"").is_err());
        assert!(serde_json::from_str::<ResumeToken>("\"\"").is_err());
    }

    #[test]
    fn logs_give_away_neither_room_nor_token() {
        let room = format!("{:?}", RoomId::parse(TEXT).unwrap());
        assert!(room.contains("Abcd") && !room.contains("Abcde"), "{room}");
        assert!(!format!("{:?}", ResumeToken::parse(TEXT).unwrap()).contains("Abcd"));
    }

    #[test]
    fn an_epoch_after_a_reload_exceeds_all_before_it() {
        let (left, right) = (Incarnation(3), Incarnation(5));
        let before = Epoch { since: right, count: u32::MAX };
        assert_eq!(Epoch::none(left, right), Epoch::none(right, left));
        assert!(Epoch::none(left, right) < Epoch::none(left, right).next());
        assert!(before < Epoch::none(Incarnation(6), right));
    }

    #[test]
    fn epochs_never_wrap() {
        let last = Epoch { since: Incarnation(1), count: u32::MAX };
        assert_eq!(last.next(), last);
    }

    #[test]
    fn an_epoch_is_a_pair_of_numbers_on_the_wire() {
        let epoch = Epoch { since: Incarnation(4), count: 2 };
        assert_eq!(serde_json::to_string(&epoch).unwrap(), "[4,2]");
        assert_eq!(serde_json::from_str::<Epoch>("[4,2]").unwrap(), epoch);
    }
}
