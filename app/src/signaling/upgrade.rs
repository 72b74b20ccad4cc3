//! Making a request a socket, on the server.
//!
//! Separate, because the browser has another half of the same name.

use super::door::Door;
use super::error::SignalingError;
use super::socket::{Listening, serve};
use super::transport::{Answers, Said};
use axum::body::Body;
use axum::extract::FromRequest as _;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::{IntoResponse as _, Response};
use core::future::Future;
use futures::channel::oneshot;
use futures::{FutureExt as _, StreamExt as _, stream};
use http::Request;
use leptos::prelude::use_context;
use signaling::limits;

pub use super::socket::SocketConfig;

/// What a socket reads at once. Most messages are smaller, and thousands of sockets wait for one.
const READ_BUFFER: usize = 2 * 1024;
/// What may wait to be written: one message, which is never more, and as much again for pongs. Without a limit a client
/// that pings and never reads would fill the memory.
const WRITE_BUFFER: usize = 2 * limits::FRAME_BYTES;

/// A request that may become a socket.
pub trait Upgrade<Response>: Sized {
    /// Makes it one, and lets the client hear the answers to what it says.
    fn upgrade<F, Fut>(self, converse: F) -> impl Future<Output = Result<Response, SignalingError>> + Send
    where
        F: FnOnce(Said) -> Fut + Send,
        Fut: Future<Output = Result<Answers, SignalingError>> + Send;
}

impl Upgrade<Response> for Request<Body> {
    async fn upgrade<F, Fut>(self, converse: F) -> Result<Response, SignalingError>
    where
        F: FnOnce(Said) -> Fut + Send,
        Fut: Future<Output = Result<Answers, SignalingError>> + Send,
    {
        let config = use_context::<SocketConfig>().unwrap_or_default();
        let door = self.extensions().get::<Door>().cloned().unwrap_or_default();
        let upgrade = match WebSocketUpgrade::from_request(self, &()).await {
            Ok(upgrade) => upgrade,
            Err(rejection) => return Ok(rejection.into_response()),
        };
        // The conversation is set up before the socket is there, so its input begins with waiting for it.
        let (hand_over, listening) = oneshot::channel::<Listening>();
        let said = listening.map(|handed| match handed {
            Ok(listening) => listening.messages().left_stream(),
            Err(_) => stream::empty().right_stream(),
        });
        let answers = converse(said.flatten_stream().into()).await?;
        Ok(upgrade
            .max_message_size(limits::FRAME_BYTES)
            .max_frame_size(limits::FRAME_BYTES)
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(WRITE_BUFFER)
            .on_upgrade(move |socket| serve(socket, hand_over, answers, (config, door))))
    }
}
