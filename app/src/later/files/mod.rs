//! Files from one browser to another: what we offer, what we fetch, and where it goes.
//!
//! Separate from the [chat](super::chat), where they are offered and shown.

mod desk;
mod disk;
mod fetch;
pub(super) mod row;
mod serve;

pub(super) use desk::Files;
