//! Being told the size of an element whenever it changes (`ResizeObserver`).
//!
//! Separate, because it owns a listener, and only an owner can be relied on to remove it.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

/// Watches one element; stops when dropped.
#[derive(Debug)]
pub struct SizeWatch {
    observer: ResizeObserver,
    _tell: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Tells the element's inner width and height, in CSS pixels: once soon, and then after each change. Never called on
    /// the server.
    pub fn new(element: &Element, tell: impl Fn(u32, u32) + 'static) -> Option<Self> {
        let watched = element.clone();
        let tell = Closure::<dyn FnMut()>::new(move || {
            tell(watched.client_width().unsigned_abs(), watched.client_height().unsigned_abs());
        });
        let observer = ResizeObserver::new(tell.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _tell: tell })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
