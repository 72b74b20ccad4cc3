//! A lock that one page of this browser can hold at a time (Web Locks API).
//!
//! Separate, because it decides one thing: whether a duplicated tab may take itself for the original.

use super::page::window;
use futures::channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Takes the lock of this name for the life of the page, as soon as nobody else holds it. Returns whether it was to be had
/// within `patience_ms`.
///
/// Where there are no locks, one is taken to be the original.
pub async fn hold(name: &str, patience_ms: u32) -> bool {
    let Ok(locks) = Reflect::get(&window().navigator(), &"locks".into()) else { return true };
    let Ok(request) = Reflect::get(&locks, &"request".into()).and_then(JsCast::dyn_into::<Function>) else {
        return true;
    };
    let (held, was_held) = oneshot::channel();
    let callback = Closure::<dyn FnMut(JsValue) -> Promise>::once(move |_lock: JsValue| {
        let _ = held.send(());
        // Never settled, so the lock is given up when the page ends.
        Promise::new(&mut |_, _| {})
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"signal".into(), &web_sys::AbortSignal::timeout_with_u32(patience_ms));
    let Ok(promise) = request.call3(&locks, &name.into(), &options, &callback.into_js_value()) else { return true };
    if let Ok(promise) = promise.dyn_into::<Promise>() {
        spawn_local(async move {
            // Rejected by the time-out; then the callback is dropped, and so is its end of the channel.
            let _ = JsFuture::from(promise).await;
        });
    }
    let timeout = sleep(patience_ms.cast_signed() + 50);
    matches!(futures::future::select(was_held, Box::pin(timeout)).await, futures::future::Either::Left((Ok(()), _)))
}

/// Waits.
pub async fn sleep(milliseconds: i32) {
    let (done, waited) = oneshot::channel();
    let callback = Closure::once_into_js(move || {
        let _ = done.send(());
    });
    let callback = callback.unchecked_ref();
    if window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, milliseconds).is_ok() {
        let _ = waited.await;
    }
}
