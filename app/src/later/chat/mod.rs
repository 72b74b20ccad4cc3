//! What people write to each other: the edge of [`signaling::chat`], and its panel.
//!
//! Separate from the call, which knows no more of it than its channels.

mod links;
mod message;
pub(super) mod panel;
mod talk;

pub(super) use talk::Talk;
