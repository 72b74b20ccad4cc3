//! The pages of Parlour and the call behind them, shared by the server (which renders) and the browser (which hydrates).
//!
//! In reading order: [`words`] is all that people read; `pages` is what the server alone renders; [`room`] is the one island,
//! which shows the [`call`]; [`browser`] is what the call is made with;
//! `later` is what the first minute of a call does not need, and is loaded after it.

#![recursion_limit = "256"] // The types of views nest deeply.

pub mod browser;
pub mod call;
mod later;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod room;
pub mod signaling;
pub mod words;

/// Whether what is sent follows what is shown; a build for comparison sends everything to everyone.
pub(crate) const ADAPTS: bool = !cfg!(feature = "fixed");
