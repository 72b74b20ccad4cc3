//! What a call is, without the things that carry it.
//!
//! A **room** holds **participants**. Each pair of them is joined by one peer connection, which is built by **signals**
//! (offer, answer, candidates) that the server relays. This crate decides everything about that, and does nothing: events
//! go in, actions come out, and time is an argument. The browser and the server are edges that act.
//!
//! In reading order: [`limits`], [`identity`] and [`text`] are the vocabulary; [`protocol`] is the wire;
//! [`rooms`] is what the server decides; [`negotiation`] (a pair), [`mesh`] (all pairs of one participant) and [`call`] (with
//! its socket) are what a page decides; [`viewing`] and [`sending`] decide who sends whom how much of a picture; [`chat`] is what people write, [`transfer`] how they hand each other files; [`recorder`] is what it remembers of the connections. `tests/simulator` runs all of it together, from a seed.

pub mod call;
pub mod chat;
pub mod few;
pub mod identity;
pub mod limits;
pub mod mesh;
pub mod negotiation;
pub mod protocol;
pub mod recorder;
pub mod rooms;
pub mod sending;
pub mod text;
pub mod time;
pub mod transfer;
pub mod viewing;
