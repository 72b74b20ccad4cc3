//! One WebSocket (WebSockets Standard): texts go in, texts come out.
//!
//! Separate, because it owns a browser's object, and closes it when nobody has anything to say any more, or wants to hear.

use super::error::BrowserError;
use super::listener::Listener;
use super::page::window;
use core::pin::pin;
use futures::channel::mpsc::unbounded;
use futures::channel::oneshot;
use futures::future::{Either, select};
use futures::{Stream, StreamExt};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, WebSocket};

/// Opens a socket to a path of this site, says on it what is to be said, and closes it after the last. Returns what is heard, which
/// ends when the socket does, be it that it never opened. When that is dropped before the socket is open, the socket is given up
/// at once, unsaid: browsers open one at a time to a server, so the next one would wait for it.
///
/// # Errors
/// When the browser opens no sockets.
pub fn converse(
    path: &str,
    said: impl Stream<Item = String> + 'static,
) -> Result<impl Stream<Item = String> + Send + 'static, BrowserError> {
    // "http" becomes "ws", and "https" "wss".
    let origin = window().location().origin()?;
    let url = ["ws", origin.strip_prefix("http").unwrap_or(&origin), path].concat();
    let socket = WebSocket::new(&url)?;
    let (heard, hearing) = unbounded();
    let (open, opened) = oneshot::channel();
    let open = Rc::new(Cell::new(Some(open)));
    let (unopened, closed) = (open.clone(), heard.clone());
    let listeners = [
        Listener::new(&socket, "open", move |_| {
            if let Some(open) = open.take() {
                let _ = open.send(());
            }
        }),
        Listener::new(&socket, "message", move |event| {
            if let Some(text) = event.unchecked_into::<MessageEvent>().data().as_string() {
                let _ = heard.unbounded_send(text);
            }
        }),
        // An error is followed by this.
        Listener::new(&socket, "close", move |_| {
            drop(unopened.take());
            closed.close_channel();
        }),
    ];
    let (wanted, given_up) = oneshot::channel::<()>();
    wasm_bindgen_futures::spawn_local(async move {
        if let Either::Left((Ok(()), _)) = select(opened, given_up).await {
            let mut said = pin!(said);
            while let Some(text) = said.next().await {
                // On one that is closed, nothing happens.
                let _ = socket.send_with_str(&text);
            }
        }
        let _ = socket.close();
        drop(listeners);
    });
    Ok(hearing.map(move |text| {
        let _held = &wanted;
        text
    }))
}
