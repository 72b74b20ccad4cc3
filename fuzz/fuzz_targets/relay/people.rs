//! Who there is: people with credentials, those of them who are present, and the ports and streams they may sit at.
//!
//! Separate from the [world](crate::world), because they are what things happen to, and judge nothing.

use core::net::SocketAddr;
use core::time::Duration;
use relay::credentials::{Credentials, Owner, Secret};
use relay::{Flow, Members};
use signaling::identity::{ParticipantId, RoomId};
use signaling::time::Moment;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// For how long credentials are good.
const GOOD: Duration = Duration::from_secs(100);

#[derive(Clone, Default)]
pub(crate) struct Present(pub(crate) Arc<Mutex<HashSet<Owner>>>);

impl Members for Present {
    fn include(&self, owner: &Owner) -> bool {
        self.0.lock().expect("not poisoned").contains(owner)
    }
}

pub(crate) struct Person {
    pub(crate) owner: Owner,
    pub(crate) credentials: Credentials,
    pub(crate) expires: Moment,
}

/// One client's port or stream.
pub(crate) struct Seat {
    pub(crate) flow: Flow,
    pub(crate) nonce: String,
    /// Whose the allocation is that it has.
    pub(crate) owner: Option<usize>,
    /// The relayed address that it was given last.
    pub(crate) given: Option<SocketAddr>,
    /// What it sent last, and who signed that.
    pub(crate) last: (Vec<u8>, Option<usize>),
    pub(crate) last_allocate: (Vec<u8>, Option<usize>),
}

impl Person {
    /// Three in one room, and three in another.
    pub(crate) fn new(secret: &Secret, number: u8, now: Moment) -> Self {
        let room = secret.tag(&RoomId::from_bytes([number / 3; 16]));
        let owner = Owner { room, participant: ParticipantId(number.into()) };
        let expires = now + GOOD;
        Self { credentials: secret.mint(&owner, expires), owner, expires }
    }

    pub(crate) fn renew(&mut self, secret: &Secret, now: Moment) {
        // Names count whole seconds.
        self.expires = Duration::from_secs((now + GOOD).as_secs());
        self.credentials = secret.mint(&self.owner, self.expires);
    }
}

impl Seat {
    pub(crate) fn new(flow: Flow) -> Self {
        Self {
            flow,
            nonce: String::new(),
            owner: None,
            given: None,
            last: Default::default(),
            last_allocate: Default::default(),
        }
    }
}
