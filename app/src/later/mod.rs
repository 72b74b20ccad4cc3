//! What the first minute of a call does not need: everything that stands beside the faces, and what is said beside the call.
//!
//! Separate, because the build puts whatever lives in this module into a WebAssembly of its own, which is loaded when it is
//! first wanted. So nothing else may call into it before [`CallState::later`](crate::call::CallState::later) is true, except
//! through functions that are never inlined into their callers.
#![allow(unreachable_pub, reason = "the component macro widens what is `pub(super)`")]

mod chat;
mod files;
mod mine;
mod more;

pub(crate) use chat::Talk;

use crate::call::{Call, Panel};
use leptos::prelude::*;
use mine::Standing;
use web_sys::Element;

/// Builds what stands beside the faces, into its place.
#[inline(never)]
pub(crate) fn stand(call: Call, panel: Panel, place: &Element) -> Standing {
    match panel {
        Panel::Chat => Standing::build(place, || view! { <chat::panel::ChatPanel call /> }),
        Panel::More => Standing::build(place, || view! { <more::More call /> }),
    }
}
