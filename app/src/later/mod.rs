//! What the first minute of a call does not need: everything that stands beside the faces, and what is said beside the call.
//!
//! Separate, because the build puts whatever lives in this module into a WebAssembly of its own, which is loaded when it is
//! first wanted. So nothing else may call into it before [`CallState::later`](crate::call::CallState::later) is true, and then
//! only through the functions here, which are never inlined into their callers, and through interfaces: not even the name of a
//! type of this module may appear elsewhere, or functions that keep or drop it would be missed.
#![allow(unreachable_pub, reason = "the component macro widens what is `pub(super)`")]

mod beside;
mod chat;
mod choices;
mod code;
mod connection;
mod devices;
mod files;
mod flip;
mod floating;
mod full;
mod health;
mod loose;
mod mine;
mod more;
mod pager;
mod people;
mod person;
mod pictures;
mod reactions;
mod rehearsal;
mod seen;
mod settings;
mod sound;
mod statistics;
mod volume;

use crate::call::engine::Engine;
use crate::call::later::Beside;
use crate::call::{Call, Panel};
use beside::Everything;
use chat::Talk;
use leptos::prelude::*;
use mine::Standing;
use signaling::identity::ParticipantId;
use signaling::protocol::Reaction;
use std::any::Any;
use std::rc::Rc;
use web_sys::Element;

/// Begins to care for how a call sounds.
#[inline(never)]
pub(crate) fn listen(engine: &Rc<Engine>) -> Rc<dyn Any> {
    sound::Sound::begin(engine)
}

/// Uses the microphone again that the system gave to somebody else.
#[inline(never)]
pub(crate) fn resume(call: Call) {
    if let Some(sound) = sound::Sound::of(call) {
        sound.resume();
    }
}

/// Offers what can be said without a word, as long as what is returned is kept.
#[inline(never)]
pub(crate) fn offer_reactions(engine: &Rc<Engine>) -> Option<Box<dyn Any>> {
    reactions::offer(engine).map(|offered| Box::new(offered) as Box<dyn Any>)
}

/// Shows what somebody says without a word.
#[inline(never)]
pub(crate) fn reacted(engine: &Rc<Engine>, id: ParticipantId, reaction: Reaction) {
    reactions::reacted(engine, id, reaction);
}

/// Begins what goes on beside the call.
#[inline(never)]
pub(crate) fn begin(engine: &Rc<Engine>) -> Rc<dyn Beside> {
    full::begin(engine);
    pager::begin(engine);
    Everything::begin(engine)
}

/// Returns what goes on beside a call.
fn everything(call: Call) -> Option<Rc<Everything>> {
    call.engine()?.beside()?.whole().downcast().ok()
}

/// Returns the chat of a call.
fn talk(call: Call) -> Option<Rc<Talk>> {
    Some(everything(call)?.talk.clone())
}

/// Builds what stands beside the faces, into its place. It stands there as long as what is returned is kept.
#[inline(never)]
pub(crate) fn stand(call: Call, panel: Panel, place: &Element) -> Box<dyn Any> {
    Box::new(match panel {
        Panel::Chat => Standing::build(place, || view! { <chat::panel::ChatPanel call /> }),
        Panel::People => Standing::build(place, || view! { <people::People call /> }),
        Panel::More => Standing::build(place, || view! { <more::More call /> }),
        Panel::Devices => Standing::build(place, || view! { <devices::Devices call /> }),
    })
}

/// Draws a link as a code for a phone to read.
#[inline(never)]
pub(crate) fn code(link: &str) -> String {
    code::drawing(link)
}
