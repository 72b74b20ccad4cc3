//! The plural category of a number, by the browser's own tables (`Intl.PluralRules`).
//!
//! Separate, because the wasm must carry no tables of its own.

use js_sys::{Array, Intl, Object};

/// Returns the category (`one`, `other`, …) of a number in a language. Never called on the server.
pub fn category(language: &str, number: u32) -> String {
    let locales = Array::of1(&language.into());
    Intl::PluralRules::new(&locales, &Object::new()).select(number.into()).into()
}
