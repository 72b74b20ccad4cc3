//! Event listeners and timers that end with their owner.
//!
//! Separate, because every adapter needs them, and a forgotten listener is the commonest leak of a browser program.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;

/// Listens as long as it lives.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Calls `heard` with each such event.
    pub fn new(target: &EventTarget, event: &'static str, heard: impl FnMut(JsValue) + 'static) -> Self {
        let closure = Closure::<dyn FnMut(JsValue)>::new(heard);
        // Only a missing callback could make this throw.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), event, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.event, self.closure.as_ref().unchecked_ref());
    }
}

/// Calls a function again and again, as long as it lives.
pub struct Interval {
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Interval {
    /// Calls `run` every `milliseconds`, as exactly as the browser likes.
    pub fn new(milliseconds: i32, run: impl FnMut() + 'static) -> Self {
        let closure = Closure::<dyn FnMut()>::new(run);
        let id = super::page::window()
            .set_interval_with_callback_and_timeout_and_arguments_0(closure.as_ref().unchecked_ref(), milliseconds)
            .unwrap_or_default();
        Self { id, _closure: closure }
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        super::page::window().clear_interval_with_handle(self.id);
    }
}
