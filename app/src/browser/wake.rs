//! Keeping the screen from going dark (Screen Wake Lock).
//!
//! Separate, because it is held by a thing of its own, which the browser takes away whenever the page is hidden.

use super::page::window;
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Navigator;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Navigator)]
    type Wakeful;
    #[wasm_bindgen(method, getter, js_name = wakeLock)]
    fn locks(this: &Wakeful) -> Option<Locks>;
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, kind: &str) -> Result<Promise, JsValue>;
    type Sentinel;
    #[wasm_bindgen(method, catch)]
    fn release(this: &Sentinel) -> Result<Promise, JsValue>;
}

/// Keeps the screen on while it lives and the page is shown.
pub struct WakeLock(Sentinel);

impl WakeLock {
    /// Asks for it. `None` where the browser has none, or saves its battery.
    pub async fn request() -> Option<Self> {
        let promise = window().navigator().unchecked_ref::<Wakeful>().locks()?.request("screen").ok()?;
        JsFuture::from(promise).await.ok().map(|sentinel| Self(sentinel.unchecked_into()))
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        // What the browser has taken away already it releases again without a word.
        let _ = self.0.release();
    }
}
