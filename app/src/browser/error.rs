//! What the browser throws, as an error of ours.
//!
//! Separate, so that no `JsValue` leaves the adapters.

use core::fmt;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// A refusal of the browser, known by the name of its `DOMException` (WebIDL §2.8.1), such as `NotAllowedError`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserError(Box<str>);

impl BrowserError {
    /// Returns the exception's name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl From<JsValue> for BrowserError {
    fn from(thrown: JsValue) -> Self {
        let name = Reflect::get(&thrown, &"name".into()).ok().and_then(|name| name.as_string());
        Self(name.unwrap_or_default().into())
    }
}

impl fmt::Display for BrowserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for BrowserError {}
