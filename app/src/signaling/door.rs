//! What the server has to say about a client, besides the rules of the conversation.
//!
//! Separate, because the conversation asks and does not know who answers: an address has its limits, however many
//! conversations it holds.

use core::fmt;
use std::sync::Arc;

/// Decides for one client, as one conversation asks.
pub trait Doorkeeper: Send + Sync + 'static {
    /// Returns whether the client may join now.
    fn admits(&self) -> bool;

    /// Counts a frame of so many bytes, and returns whether the client may go on.
    fn hears(&self, bytes: usize) -> bool;

    /// Returns the host, with or without a port, by which the client calls the server, if that is known.
    fn reached_at(&self) -> Option<&str> {
        None
    }
}

/// Whom to ask about a client; an extension of the request. Open unless one is given.
#[derive(Clone)]
pub struct Door(Arc<dyn Doorkeeper>);

impl Door {
    /// Makes a door that is kept.
    pub fn new(keeper: impl Doorkeeper) -> Self {
        Self(Arc::new(keeper))
    }

    /// Returns whether the client may join now.
    pub(super) fn admits(&self) -> bool {
        self.0.admits()
    }

    /// Counts a frame of so many bytes, and returns whether the client may go on.
    pub(super) fn hears(&self, bytes: usize) -> bool {
        self.0.hears(bytes)
    }

    /// Returns the host by which the client calls the server, if that is known.
    pub(super) fn reached_at(&self) -> Option<&str> {
        self.0.reached_at()
    }
}

impl Default for Door {
    fn default() -> Self {
        Self::new(Open)
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

struct Open;

impl Doorkeeper for Open {
    fn admits(&self) -> bool {
        true
    }

    fn hears(&self, _: usize) -> bool {
        true
    }
}
