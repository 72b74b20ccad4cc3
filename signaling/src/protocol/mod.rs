//! What the browser and the server say to each other: one enum per direction, and what they carry.
//!
//! The single truth of the wire, described for people in `PROTOCOL.md`. Messages are JSON, externally tagged:
//! `{"join":{…}}`, `"leave"`. In reading order: [`ClientMessage`], [`ServerMessage`], what both carry, [`Participant`] and
//! [`Signal`], and what goes past the server, [`PeerMessage`] and [`PictureMessage`].

mod client;
mod participant;
mod peer;
mod server;
mod signal;
#[cfg(test)]
mod tests;
mod view;

pub use crate::text::{CandidateLine, ChatText, DisplayName, FileName, Sdp, Tag, TextError};
pub use client::*;
pub use participant::*;
pub use peer::*;
pub use server::*;
pub use signal::*;
pub use view::*;
