//! The browser's objects by the names of what they have and do.
//!
//! Separate, because each typed import weighs in the script that comes before the call, even where only this half of the program
//! uses it; and because what is asked for here is not in every browser, so that each name may be missing.

use crate::browser::error::BrowserError;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Returns what is under a name; undefined if there is nothing.
pub(super) fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// Returns the number under a name, or nothing.
pub(super) fn number(of: &JsValue, name: &str) -> f64 {
    get(of, name).as_f64().unwrap_or_default()
}

/// Returns the text under a name, or none.
pub(super) fn text(of: &JsValue, name: &str) -> String {
    get(of, name).as_string().unwrap_or_default()
}

/// Returns whether what is under a name is true.
pub(super) fn is(of: &JsValue, name: &str) -> bool {
    get(of, name).is_truthy()
}

/// Puts something under a name. An object that does not take it stays as it is.
pub(super) fn set(of: &JsValue, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(of, &name.into(), &value.into());
}

/// Lets an object do something.
///
/// # Errors
/// When it cannot, or throws.
pub(super) fn call(of: &JsValue, name: &str, with: &[JsValue]) -> Result<JsValue, BrowserError> {
    let function: Function = get(of, name).dyn_into()?;
    Ok(function.apply(of, &with.iter().collect::<Array>())?)
}

/// The same, for what takes its time.
///
/// # Errors
/// When it cannot, throws, or fails.
pub(super) async fn wait(of: &JsValue, name: &str, with: &[JsValue]) -> Result<JsValue, BrowserError> {
    let promise: Promise = call(of, name, with)?.dyn_into()?;
    Ok(JsFuture::from(promise).await?)
}

/// Lets an object do something, where it can.
pub(super) fn attempt(of: &JsValue, name: &str, with: &[JsValue]) {
    if let Ok(Ok(promise)) = call(of, name, with).map(JsCast::dyn_into::<Promise>) {
        leptos::task::spawn_local(async move {
            // What fails leaves everything as it was.
            let _ = JsFuture::from(promise).await;
        });
    }
}

/// Makes an object of a kind that has this name.
///
/// # Errors
/// When there is no such kind, or it refuses.
pub(super) fn make(kind: &str, with: &[JsValue]) -> Result<JsValue, BrowserError> {
    let kind: Function = get(&crate::browser::page::window(), kind).dyn_into()?;
    Ok(Reflect::construct(&kind, &with.iter().collect::<Array>())?)
}

/// Makes a plain object.
pub(super) fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in entries {
        set(&object, name, value);
    }
    object.into()
}
