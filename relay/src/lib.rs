//! STUN and TURN (RFC 8489, RFC 8656) for the rooms of one server, without sockets and without a clock.
//!
//! The protocol itself is `turn-server-proto`'s. This crate decides what that leaves open: who may allocate
//! ([`credentials`]), where packets may go, and how many. A [`Relay`] takes the datagrams that came in and returns the one
//! that has to go out. **It joins allocations of one room, inside the process**: a relayed address is a name and no socket,
//! and nothing is ever sent to an address that a client named, but to where a client came from.

mod admission;
mod client;
pub mod credentials;
mod figures;
mod flow;
pub mod framing;
mod message;
mod quota;
mod relay;
mod relayed;

pub use figures::{Figures, Refused};
pub use flow::{Flow, Road};
pub use quota::Limits;
pub use relay::{Members, Relay, Reply};

#[cfg(test)]
mod tests;
