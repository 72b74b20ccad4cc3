//! Who may use the relay, proved by a password that the server can work out again (the TURN REST scheme,
//! draft-uberti-behave-turn-rest-00): the user's name says until when and for whom, the password is its HMAC.
//!
//! Separate, because nothing has to be remembered for it, and because a relay elsewhere that shares the secret goes by the same.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use core::fmt;
use core::time::Duration;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use signaling::identity::{ParticipantId, RoomId};
use signaling::time::Moment;

/// A room, as its credentials name it. A user's name crosses the network in the clear, and a room's id opens the room; so
/// this is a name that only who knows the secret can find from the id, and nobody can turn back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoomTag(Box<str>);

/// Whose an allocation is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The room; packets never leave it.
    pub room: RoomTag,
    /// The participant.
    pub participant: ParticipantId,
}

/// A user's name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `EXPIRY:ROOM/PARTICIPANT`: Unix time in seconds, the room's tag, the participant's id.
    pub username: String,
    /// Base64 of the HMAC-SHA1 of it.
    pub password: String,
}

/// What a user's name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// For whom.
    pub owner: Owner,
    /// Until when something new may be allocated.
    pub expires: Moment,
}

/// What passwords are made with.
#[derive(Clone)]
pub struct Secret(Hmac<Sha1>);

impl Secret {
    /// Takes a key of any length.
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes keys of any length (RFC 2104 §2)"))
    }

    /// Returns the name under which a room's credentials go.
    pub fn tag(&self, room: &RoomId) -> RoomTag {
        let digest = self.digest(&["room ", room.as_str()].concat());
        RoomTag(URL_SAFE_NO_PAD.encode(&digest[..12]).into())
    }

    /// Makes credentials for a participant; `expires` is Unix time.
    pub fn mint(&self, owner: &Owner, expires: Moment) -> Credentials {
        let username = Claim { owner: owner.clone(), expires }.name();
        let password = self.password(&username);
        Credentials { username, password }
    }

    /// Returns the password that belongs to a name. It says nothing about whether the name means anything.
    pub fn password(&self, username: &str) -> String {
        STANDARD.encode(self.digest(username))
    }

    fn digest(&self, text: &str) -> [u8; 20] {
        self.0.clone().chain_update(text).finalize().into_bytes().into()
    }
}

impl Claim {
    /// Reads what a name says; `None` when it is not of our making. Only the password proves it.
    pub fn read(username: &str) -> Option<Self> {
        let (expires, owner) = username.split_once(':')?;
        let (room, participant) = owner.split_once('/')?;
        let expires = Duration::from_secs(expires.parse().ok()?);
        let participant = ParticipantId(participant.parse().ok()?);
        let claim = Self { owner: Owner { room: RoomTag(room.into()), participant }, expires };
        // Of two names that say the same, only one was minted.
        (claim.name() == username).then_some(claim)
    }

    fn name(&self) -> String {
        let Owner { room, participant } = &self.owner;
        format!("{}:{}/{participant}", self.expires.as_secs(), room.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(secret: &Secret) -> Owner {
        Owner { room: secret.tag(&RoomId::from_bytes([7; 16])), participant: ParticipantId(0xabc) }
    }

    #[test]
    fn a_password_is_the_one_that_other_relays_work_out() {
        // printf %s 1700000000:x | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(Secret::new(b"north").password("1700000000:x"), "VfuvcFeO8Kni083/bCKUEsscHGw=");
    }

    #[test]
    fn what_is_minted_says_for_whom_and_until_when() {
        let secret = Secret::new(b"north");
        let minted = secret.mint(&owner(&secret), Duration::from_secs(1_700_000_000));
        let claim = Claim::read(&minted.username).unwrap();
        assert_eq!((claim.owner, claim.expires.as_secs()), (owner(&secret), 1_700_000_000));
        assert_eq!(minted.password, secret.password(&minted.username));
    }

    #[test]
    fn a_name_does_not_give_the_room_away() {
        let (secret, other) = (Secret::new(b"north"), Secret::new(b"south"));
        let minted = secret.mint(&owner(&secret), Duration::from_secs(1));
        assert!(!minted.username.contains(RoomId::from_bytes([7; 16]).as_str()));
        assert_ne!(owner(&secret), owner(&other));
    }

    #[test]
    fn other_names_say_nothing() {
        for name in ["", "1", "1:", "1:room", ":room/1", "x:room/1", "1:room/x", "-1:room/1", "01:room/1", "1:room/+1"]
        {
            assert_eq!(Claim::read(name), None, "{name}");
        }
    }
}
