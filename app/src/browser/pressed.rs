//! Which key was pressed, and where (UI Events §3.7).
//!
//! Separate, because what a key means depends on the keyboard and on what had the focus, and only the browser knows those.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What had the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Something that is typed into, or chosen from.
    Field,
    /// Something that a key would press.
    Button,
    /// Nothing.
    Page,
}

/// Returns what had the focus.
pub fn target(event: &KeyboardEvent) -> Target {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_in = |selector: &str| {
        element.as_ref().is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
    };
    if is_in("input, textarea, select, [contenteditable]") {
        Target::Field
    } else if is_in("button, a, summary") {
        Target::Button
    } else {
        Target::Page
    }
}

/// Returns which key it is, a letter in lower case. On a keyboard of another alphabet the place of a key counts, since what is
/// printed beside its own letter is a Latin one.
pub fn key(event: &KeyboardEvent) -> String {
    let key = event.key();
    match key.as_str() {
        "؟" => "?".to_owned(),
        _ if key.is_ascii() => key.to_ascii_lowercase(),
        _ => event.code().strip_prefix("Key").map(str::to_ascii_lowercase).unwrap_or(key),
    }
}

/// Returns whether it means something to the browser: with another key, or while a word is being composed.
pub fn is_taken(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing()
}
