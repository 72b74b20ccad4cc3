//! The relay as its clients see it, packet by packet.

mod abuse;
mod attacks;
mod carrying;
mod credentials;
mod guest;
mod lifetimes;
