//! A key that was pressed, and where (UI Events §3.7).
//!
//! Separate, because what a key means depends on what had the focus, and only the document knows that.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event};

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

/// A key.
#[derive(Debug, Clone)]
pub struct Key {
    /// What it gives: a letter in lower case, or a name.
    pub name: String,
    /// Whether it is held, and tells so again and again.
    pub is_repeated: bool,
    /// Whether it is pressed together with one that makes it mean something to the browser.
    pub is_with_modifier: bool,
    /// What had the focus.
    pub target: Target,
}

impl Key {
    /// Reads an event of the keyboard.
    pub fn read(event: &JsValue) -> Self {
        let property = |name: &str| Reflect::get(event, &name.into()).unwrap_or_default();
        let is = |name: &str| property(name) == JsValue::TRUE;
        Self {
            name: property("key").as_string().unwrap_or_default().to_lowercase(),
            is_repeated: is("repeat"),
            is_with_modifier: is("ctrlKey") || is("metaKey") || is("altKey") || is("isComposing"),
            target: target(event.unchecked_ref()),
        }
    }
}

fn target(event: &Event) -> Target {
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
