//! What is done to one's own voice and picture.
//!
//! Separate, because the panel only shows it, and much of it depends on what a browser can do.

use super::loose::{attempt, call as ask, get, is, object, wait};
use crate::browser::slot::Slot;
use crate::call::memory::{self, is_marked, mark};
use crate::call::{Call, DeviceKind, Engine, TREATMENTS};
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::MediaStreamTrack;

/// The marks of what is not as it is at first, in the memory of the browser.
const BLURRED: &str = "parlour.blur";
const BLUR: &str = "backgroundBlur";

/// How one's own picture looks.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    pub(super) hidden: RwSignal<bool>,
    pub(super) mirrored: RwSignal<bool>,
    pub(super) blur: RwSignal<bool>,
    /// Whether the browser can blur what is behind one.
    pub(super) can_blur: RwSignal<bool>,
}

impl Settings {
    /// Reads what was chosen before.
    pub(super) fn read() -> Self {
        Self {
            hidden: RwSignal::new(is_marked(memory::SELF_HIDDEN)),
            mirrored: RwSignal::new(!is_marked(memory::UNMIRRORED)),
            blur: RwSignal::new(is_marked(BLURRED)),
            can_blur: RwSignal::new(false),
        }
    }

    /// Looks whether the camera in use can blur what is behind one; again for each camera.
    pub(super) fn look_for_blur(self, call: Call) {
        crate::room::lean::effect(move || {
            call.state.camera.track();
            call.state.chosen_camera.track();
            let track = call.engine().and_then(|engine| track(&engine, Slot::Camera));
            self.blur.set(is_marked(BLURRED) || track.as_ref().is_some_and(is_blurred));
            self.can_blur.set(track.is_some_and(|track| can_blur(&track)));
        });
    }

    pub(super) fn toggle_hidden(self) {
        self.hidden.update(|hidden| *hidden = !*hidden);
        mark(memory::SELF_HIDDEN, self.hidden.get_untracked());
        memory::show_self_as_remembered();
    }

    pub(super) fn toggle_mirrored(self) {
        self.mirrored.update(|mirrored| *mirrored = !*mirrored);
        mark(memory::UNMIRRORED, !self.mirrored.get_untracked());
        memory::show_self_as_remembered();
    }

    pub(super) fn toggle_blur(self, call: Call) {
        self.blur.update(|blur| *blur = !*blur);
        mark(BLURRED, self.blur.get_untracked());
        if let Some(track) = call.engine().and_then(|engine| track(&engine, Slot::Camera)).filter(can_blur) {
            set_blur(&track, self.blur.get_untracked());
        }
    }
}

/// Blurs what is behind one, where that is wanted and the browser can. Whoever blurs it by other means is not shown without.
pub(super) fn blur_as_remembered(engine: &Engine) {
    if let Some(track) = track(engine, Slot::Camera).filter(|track| is_marked(BLURRED) && can_blur(track)) {
        set_blur(&track, true);
    }
}

fn set_blur(track: &MediaStreamTrack, wanted: bool) {
    if is_blurred(track) != wanted {
        attempt(track, "applyConstraints", &[object(&[(BLUR, object(&[("exact", wanted.into())]))])]);
    }
}

fn is_blurred(track: &MediaStreamTrack) -> bool {
    ask(track, "getSettings", &[]).is_ok_and(|settings| is(&settings, BLUR))
}

fn can_blur(track: &MediaStreamTrack) -> bool {
    let can = ask(track, "getCapabilities", &[]).map(|can| get(&can, BLUR)).unwrap_or_default();
    // Both, or there is nothing to choose.
    Array::is_array(&can) && Array::from(&can).length() == 2
}

/// Lets the browser do something to the sound of the microphone, or no more: to the running track where it can, or else by opening
/// the microphone anew, if it is on.
pub(super) fn toggle_treatment(call: Call, place: usize) {
    let Some(engine) = call.engine() else { return };
    let untreated = call.state.untreated.get_untracked() ^ 1 << place;
    call.state.untreated.set(untreated);
    memory::remember_untreated(untreated);
    let wanted = [0, 1, 2].map(|place| untreated >> place & 1 == 0);
    let Some(track) = track(&engine, Slot::Microphone) else { return };
    leptos::task::spawn_local(async move {
        let constraints: Vec<(&str, JsValue)> = TREATMENTS.into_iter().zip(wanted.map(JsValue::from)).collect();
        let applied = wait(&track, "applyConstraints", &[object(&constraints)]).await;
        let settings = applied.and_then(|_| ask(&track, "getSettings", &[])).unwrap_or_default();
        let is_so = TREATMENTS.into_iter().zip(wanted).all(|(name, wanted)| is(&settings, name) == wanted);
        if !is_so && is_current(&engine, &track) {
            engine.reopen(DeviceKind::Microphone);
        }
    });
}

fn is_current(engine: &Engine, track: &MediaStreamTrack) -> bool {
    self::track(engine, Slot::Microphone).as_ref() == Some(track)
}

fn track(engine: &Engine, slot: Slot) -> Option<MediaStreamTrack> {
    engine.media.borrow().track(slot).map(|track| Clone::clone(track.track()))
}
