//! What people write to each other in a call: a log that everyone in it keeps, and nobody else. Who comes late gets it from the
//! others, and it is gone with the last of them.
//!
//! Separate from the [call](crate::call), which goes on without it. In reading order: [`entry`], [`log`], [`exchange`].

#[cfg(test)]
mod abuse;
pub mod entry;
pub mod exchange;
pub mod log;
#[cfg(test)]
mod tests;

pub use entry::{Body, Entry, Mark, Offer};
pub use exchange::{Action, Chat, Event, Message};
pub use log::Log;
