//! One's own picture, as one sees it oneself among many: fewer times a second.
//!
//! Separate, because it is sent to nobody. A camera has few places for pictures that somebody still needs, and those that wait
//! to be drawn here are missing from what the others get: on a full processor a quarter of them.

use crate::browser::slot::{Slot, Source};
use crate::call::Engine;
use crate::later::loose;
use signaling::sending::CROWD;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MediaStreamTrack;

/// Pictures a second: one still sees oneself nod.
const RATE: u32 = 10;

/// The camera that is shown slowly, if one is. Whoever stops the camera stops what is shown of it.
#[derive(Default)]
pub(super) struct Mirror {
    slow: RefCell<Option<MediaStreamTrack>>,
}

impl Mirror {
    /// Shows it as suits so many others.
    pub(super) fn look(self: &Rc<Self>, engine: &Rc<Engine>, others: usize) {
        let camera = camera(engine).filter(|_| others >= CROWD);
        if *self.slow.borrow() == camera {
            return;
        }
        let before = self.slow.replace(camera.clone());
        match (camera, before) {
            (Some(camera), _) => self.slow_down(engine, camera),
            // It is on, and shown to few again.
            (None, Some(before)) if self::camera(engine).as_ref() == Some(&before) => show(engine, &before),
            (None, _) => {}
        }
    }

    fn slow_down(self: &Rc<Self>, engine: &Rc<Engine>, camera: MediaStreamTrack) {
        let (this, engine) = (self.clone(), Rc::downgrade(engine));
        leptos::task::spawn_local(async move {
            let Ok(copy) = loose::call(&camera, "clone", &[]).map(JsValue::unchecked_into::<MediaStreamTrack>) else {
                return;
            };
            let rate = loose::object(&[("frameRate", loose::object(&[("max", RATE.into())]))]);
            let slowed = loose::wait(&copy, "applyConstraints", &[rate]).await;
            // Meanwhile it may have been turned off, or another one on: then a copy that went on would keep its light on.
            let is_wanted = |engine: &Rc<Engine>| {
                self::camera(engine).as_ref() == Some(&camera) && this.slow.borrow().as_ref() == Some(&camera)
            };
            let engine = engine.upgrade().filter(|engine| slowed.is_ok() && is_wanted(engine));
            match engine {
                Some(engine) => show(&engine, &copy),
                None => copy.stop(),
            }
        });
    }
}

/// Returns the camera that is on.
fn camera(engine: &Engine) -> Option<MediaStreamTrack> {
    // Not the browser's own `clone`, which makes another track.
    engine.media.borrow().track(Slot::Camera).map(|track| Clone::clone(track.track()))
}

/// Shows this of the camera and nothing else.
fn show(engine: &Engine, track: &MediaStreamTrack) {
    let media = engine.media.borrow();
    let preview = media.preview(Source::Camera);
    for shown in preview.get_tracks() {
        let shown: MediaStreamTrack = shown.unchecked_into();
        preview.remove_track(&shown);
        if media.track(Slot::Camera).is_none_or(|camera| *camera.track() != shown) {
            shown.stop();
        }
    }
    preview.add_track(track);
}
