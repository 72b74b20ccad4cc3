//! Loading the other half of the program: what the first minute of a call does not need.
//!
//! Separate, because the page's start script does it: the build parts one WebAssembly into two, and neither half knows.

use super::error::BrowserError;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = loadLater)]
    fn load_later() -> Result<Promise, JsValue>;
}

/// Loads it, once, and returns its words in their flat form. Before this, nothing of it may be called.
///
/// # Errors
/// When the server does not answer; it may be tried again.
pub async fn load() -> Result<String, BrowserError> {
    let words = JsFuture::from(load_later()?).await?;
    Ok(words.as_string().unwrap_or_default())
}
