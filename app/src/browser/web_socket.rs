//! One WebSocket (WebSockets Standard): texts go in, texts come out.
//!
//! Separate, because it owns a browser's object, and closes it when nobody has anything to say any more.

use super::error::BrowserError;
use super::listener::Listener;
use super::page::window;
use core::pin::pin;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::channel::oneshot;
use futures::{Stream, StreamExt};
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, WebSocket};

/// Opens a socket to a path of this site, says on it what is to be said, and closes it after the last. Returns what is heard, which
/// ends when the socket does, be it that it never opened.
///
/// # Errors
/// When the browser opens no sockets.
pub fn converse(
    path: &str,
    said: impl Stream<Item = String> + 'static,
) -> Result<UnboundedReceiver<String>, BrowserError> {
    // "http" becomes "ws", and "https" "wss".
    let origin = window().location().origin()?;
    let url = ["ws", origin.strip_prefix("http").unwrap_or(&origin), path].concat();
    let socket = WebSocket::new(&url)?;
    let (heard, hearing) = unbounded();
    let (open, opened) = oneshot::channel();
    let (mut open, closed) = (Some(open), heard.clone());
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
        Listener::new(&socket, "close", move |_| closed.close_channel()),
    ];
    wasm_bindgen_futures::spawn_local(async move {
        let mut said = pin!(said);
        let mut opened = Some(opened);
        while let Some(text) = said.next().await {
            // What is said before it is open waits; on one that is closed, nothing happens.
            if let Some(opened) = opened.take() {
                let _ = opened.await;
            }
            let _ = socket.send_with_str(&text);
        }
        let _ = socket.close();
        drop(listeners);
    });
    Ok(hearing)
}
