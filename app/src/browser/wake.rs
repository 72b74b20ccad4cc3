//! Keeping the screen from going dark (Screen Wake Lock).
//!
//! Separate, because it is held by a thing of its own, which the browser takes away whenever the page is hidden.

use super::page::window;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Keeps the screen on while it lives and the page is shown.
pub struct WakeLock(JsValue);

impl WakeLock {
    /// Asks for it. `None` where the browser has none, or saves its battery.
    pub async fn request() -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"wakeLock".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let promise: Promise = request.call1(&locks, &"screen".into()).ok()?.dyn_into().ok()?;
        JsFuture::from(promise).await.ok().map(Self)
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        let release = Reflect::get(&self.0, &"release".into()).and_then(JsCast::dyn_into::<Function>);
        if let Ok(release) = release {
            let _ = release.call0(&self.0);
        }
    }
}
