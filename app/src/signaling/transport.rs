//! The protocol under the signaling server function: one JSON message per WebSocket frame, nothing around it.
//!
//! Separate, because it replaces the stock protocol, which limits no frame, loses frames when hurried, and never notices a
//! client that is gone.

use super::error::SignalingError;
use super::upgrade::Upgrade;
use crate::browser::web_socket;
use core::future::{Future, ready};
use core::pin::Pin;
use futures::{Stream, StreamExt};
use server_fn::{BoxedStream, Protocol, client::Client, server::Server};
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
        // Not by the client's own socket, which needs a recent browser for a path, and weighs more.
        let said: Pin<Box<dyn Stream<Item = _> + Send>> = input.into().into();
        let text = |message: Result<ClientMessage, _>| message.ok().and_then(|said| serde_json::to_string(&said).ok());
        let texts = said.filter_map(move |message| ready(text(message)));
        let heard = web_socket::converse(path, texts).map_err(|_| SignalingError::Closed)?;
        Ok(heard.map(|text| serde_json::from_str(&text).map_err(|_| SignalingError::Unreadable)).into())
    }
}
