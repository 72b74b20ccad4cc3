//! The WebSocket to the server while one is open.
//!
//! Separate, because a socket comes and goes while the call stays.

use crate::signaling::{SignalingError, signaling};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::future::{AbortHandle, abortable};
use signaling::protocol::{ClientMessage, ServerMessage};

/// An open socket. Closes when dropped.
pub(super) struct Socket {
    outgoing: UnboundedSender<Result<ClientMessage, SignalingError>>,
    reading: AbortHandle,
}

impl Socket {
    /// Opens a socket, tells what comes in, and at last that it is closed.
    pub(super) fn dial(mut received: impl FnMut(ServerMessage) + 'static, closed: impl FnOnce() + 'static) -> Self {
        let (outgoing, queue) = unbounded();
        let (reading, handle) = abortable(async move {
            if let Ok(mut incoming) = signaling(queue.into()).await {
                while let Some(message) = incoming.next().await {
                    match message {
                        Ok(message) => received(message),
                        Err(SignalingError::Closed) => break,
                        // Of a newer server, perhaps; what it means is not for this page.
                        Err(SignalingError::Unreadable | SignalingError::TooFast) => {}
                    }
                }
            }
            closed();
        });
        leptos::task::spawn_local(async move {
            let _ = reading.await;
        });
        Self { outgoing, reading: handle }
    }

    /// Says something; on a socket that is closed, nothing happens, and the closing is told apart.
    pub(super) fn send(&self, message: ClientMessage) {
        let _ = self.outgoing.unbounded_send(Ok(message));
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.reading.abort();
    }
}
