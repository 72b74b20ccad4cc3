//! The other camera of a phone: the one on its back, or the one on its front.
//!
//! Separate, because it is asked for by where it looks, and not by its name.

use super::loose::{call as ask, get, is, number, object, text};
use crate::browser::devices::{CAPTURE_HEIGHT, CAPTURE_RATE, CAPTURE_WIDTH, devices};
use crate::browser::page;
use crate::browser::slot::Slot;
use crate::call::memory::remember_device;
use crate::call::{Call, Capture, DeviceKind, Engine};
use crate::room::bar::Switch;
use crate::room::icons;
use crate::room::lean::effect;
use js_sys::Array;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MediaStream;

const KIND: DeviceKind = DeviceKind::Camera;
const BACK: &str = "environment";
const FRONT: &str = "user";

/// Turns the camera round, where there are two that look different ways, while it is on. Pressed means that it is the one on the back.
#[component]
pub(super) fn Flip(call: Call) -> impl IntoView {
    let state = call.state;
    let (can, back) = (RwSignal::new(false), RwSignal::new(false));
    effect(move || {
        state.cameras.track();
        state.chosen_camera.track();
        let is_on = state.camera.get() == Capture::On;
        let Some(engine) = call.engine() else { return };
        back.set(facing(&engine) == BACK);
        leptos::task::spawn_local(async move {
            let _ = can.try_set(is_on && look_two_ways().await);
        });
    });
    let missing = Signal::derive(move || !can.get());
    let turn = Box::new(move || {
        if let Some(engine) = call.engine() {
            leptos::task::spawn_local(async move { flip(&engine).await });
        }
    });
    view! { <Switch on=back.into() missing testid="flip-camera" label="sound.flip" icon=icons::FLIP act=turn /> }
}

/// Whether there are cameras that look different ways, as far as a browser tells: some tell of each, and of the others a phone or
/// tablet is known by its touching.
async fn look_two_ways() -> bool {
    let Ok(Ok(asked)) = devices().map(|devices| devices.enumerate_devices()) else { return false };
    let Ok(found) = JsFuture::from(asked).await else { return false };
    let cameras: Vec<_> =
        Array::from(&found).into_iter().filter(|device| text(device, "kind") == "videoinput").collect();
    let looks = |way: &str| {
        cameras.iter().any(|camera| {
            let can = ask(camera, "getCapabilities", &[]).map(|can| get(&can, "facingMode")).unwrap_or_default();
            Array::is_array(&can) && Array::from(&can).includes(&way.into(), 0)
        })
    };
    let touched = number(&page::window().navigator(), "maxTouchPoints") > 0.0;
    looks(BACK) && looks(FRONT) || touched && cameras.len() > 1
}

/// Where the camera in use looks, which is to the front where nobody says.
fn facing(engine: &Engine) -> String {
    let media = engine.media.borrow();
    let settings = media.track(Slot::Camera).map(|track| ask(track.track(), "getSettings", &[]).unwrap_or_default());
    let facing = settings.map(|settings| text(&settings, "facingMode")).unwrap_or_default();
    if facing == BACK { facing } else { FRONT.to_owned() }
}

async fn flip(engine: &Rc<Engine>) {
    let capture = engine.state.camera;
    if capture.get_untracked() != Capture::On {
        return;
    }
    let to = if facing(engine) == BACK { FRONT } else { BACK };
    // The old one first: some systems open only one at a time.
    engine.stop(KIND);
    capture.set(Capture::Starting);
    let turns = engine.turns.get();
    match open(to).await {
        Some(stream) => {
            engine.adopt(&stream, turns);
            remember_device(KIND, &engine.state.chosen_camera.get_untracked());
        }
        // As before, unless its owner has turned it off meanwhile.
        None if engine.turns.get() == turns && capture.get_untracked() == Capture::Starting => engine.start(KIND),
        None => {}
    }
}

async fn open(facing: &str) -> Option<MediaStream> {
    let exactly = |value: JsValue| object(&[("exact", value)]);
    let ideally = |value: u32| object(&[("ideal", value.into())]);
    let video = object(&[
        ("facingMode", exactly(facing.into())),
        ("width", ideally(CAPTURE_WIDTH)),
        ("height", ideally(CAPTURE_HEIGHT)),
        ("frameRate", ideally(CAPTURE_RATE)),
    ]);
    let constraints = object(&[("video", video)]);
    let stream = JsFuture::from(devices().ok()?.get_user_media_with_constraints(constraints.unchecked_ref()).ok()?);
    Some(stream.await.ok().filter(|stream| is(stream, "active"))?.unchecked_into())
}
