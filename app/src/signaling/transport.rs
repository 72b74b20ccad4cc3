//! The protocol under the signaling server function: one JSON message per WebSocket frame, nothing around it.
//!
//! Separate, because it replaces the stock protocol, which limits no frame, loses frames when hurried, and never notices a
//! client that is gone.

use super::error::SignalingError;
use super::upgrade::Upgrade;
use core::future::Future;
use core::pin::pin;
use futures::{SinkExt, StreamExt};
use server_fn::{BoxedStream, Bytes, Protocol, client::Client, server::Server};
use signaling::protocol::{ClientMessage, ServerMessage};

/// What a page says, as it comes in.
pub(super) type Said = BoxedStream<ClientMessage, SignalingError>;
/// What the server says, as it goes out.
pub(super) type Answers = BoxedStream<ServerMessage, SignalingError>;

/// One JSON message per WebSocket frame, in text from the server; text or binary from the page.
#[derive(Debug)]
pub struct SignalingProtocol;

impl<Input, C, S> Protocol<Input, Answers, C, S, SignalingError> for SignalingProtocol
where
    Input: Into<Said> + From<Said> + Send,
    C: Client<SignalingError>,
    S: Server<SignalingError>,
    S::Request: Upgrade<S::Response>,
{
    const METHOD: http::Method = http::Method::GET;

    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, SignalingError>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Answers, SignalingError>> + Send,
    {
        request.upgrade(move |said: Said| server_fn(said.into())).await
    }

    async fn run_client(path: &str, input: Input) -> Result<Answers, SignalingError> {
        let (frames, sink) = C::open_websocket(path).await?;
        let mut said: Said = input.into();
        C::spawn(async move {
            let mut sink = pin!(sink);
            while let Some(message) = said.next().await {
                let Some(frame) = message.ok().and_then(|message| serde_json::to_vec(&message).ok()) else { continue };
                if sink.send(frame.into()).await.is_err() {
                    return;
                }
            }
            // Closing an already closed socket is no news.
            let _ = sink.close().await;
        });
        Ok(frames.map(|frame| read(&frame.map_err(|_| SignalingError::Closed)?)).into())
    }
}

fn read(frame: &Bytes) -> Result<ServerMessage, SignalingError> {
    // By way of `str`, as everything else that the page reads, so that the wasm holds one JSON reader.
    let text = core::str::from_utf8(frame).map_err(|_| SignalingError::Unreadable)?;
    serde_json::from_str(text).map_err(|_| SignalingError::Unreadable)
}
