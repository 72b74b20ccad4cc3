//! What the first minute of a call does not need: everything that stands beside the faces, and what is said beside the call.
//!
//! Separate, because the build puts whatever lives in this module into a WebAssembly of its own, which is loaded when it is
//! first wanted. So nothing else may call into it before [`CallState::later`](crate::call::CallState::later) is true, except
//! through functions that are never inlined into their callers.
#![allow(unreachable_pub, reason = "the component macro widens what is `pub(super)`")]

mod chat;
mod files;
mod more;

pub(crate) use chat::Talk;

use crate::call::{Call, Panel};
use leptos::prelude::*;

/// Builds what stands beside the faces.
#[inline(never)]
pub fn panel(call: Call, panel: Panel) -> AnyView {
    match panel {
        Panel::Chat => view! { <chat::panel::ChatPanel call /> }.into_any(),
        Panel::More => view! { <more::More call /> }.into_any(),
    }
}
