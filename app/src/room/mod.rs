//! The room: the one island of the site, which the browser hydrates, with everything inside it.
//!
//! Separate from the pages, because this is what the wasm is made of. Components show [`CallState`](crate::call::CallState)
//! and act on [`Call`](crate::call::Call); of the browser they use no more than the document: sizes, the focus, a reload.
#![allow(unreachable_pub, reason = "the component macro widens what is `pub(super)`")]

mod backstage;
pub(crate) mod bar;
pub(crate) mod device;
mod face;
mod farewell;
mod green;
pub(crate) mod grid;
pub(crate) mod icons;
mod island;
pub(crate) mod layout;
pub(crate) mod lean;
mod notices;
mod refusal;
mod side;
mod stage;

pub use island::Room;
pub use refusal::{NewRoom, Reason, RefusalCard};
