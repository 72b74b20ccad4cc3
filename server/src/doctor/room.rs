//! Going into a room, as two people would: the request that makes it, and two WebSockets.
//!
//! Separate from the relay's checks, because this is how one comes by its addresses and passwords.

use super::http::ask;
use super::target::{Line, silence};
use app::signaling::{NewRoom, ROOMS_PATH, SIGNALING_PATH};
use axum::body::Body;
use core::time::Duration;
use futures::{SinkExt as _, StreamExt as _};
use http::header::{ACCEPT, HOST, ORIGIN};
use http::{HeaderValue, Request, StatusCode};
use signaling::identity::RoomId;
use signaling::protocol::{ClientMessage, DisplayName, Join, MediaState, Refusal, ServerMessage, Welcome};
use std::io;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};

const PATIENCE: Duration = Duration::from_secs(10);
/// Said and to be heard again, before anything else.
const NONCE: u32 = 4711;

/// Why nobody got in; each says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The connection broke.
    #[error("{0}")]
    Broken(#[from] io::Error),
    /// What looks like a browser's own page is taken for another site's.
    #[error("pages of this address are taken for another site's (status 403)")]
    Foreign,
    /// One address asked too often.
    #[error("too many requests from this address")]
    TooFast,
    /// The server gave another status.
    #[error("status {0}")]
    Status(StatusCode),
    /// Something that is no WebSocket answered.
    #[error("the WebSocket does not open: {0}")]
    NoSocket(String),
    /// The room said no.
    #[error("refused as `{}`", .0.name())]
    Refused(Refusal),
    /// What was said is not of the protocol.
    #[error("the answer is none of Parlour's")]
    Strange,
}

impl Trouble {
    /// Returns what to do about it.
    pub(crate) fn fix(&self, line: &Line) -> String {
        match self {
            Self::Foreign => format!(
                "The request's Host header is not what visitors type, since a proxy changes it: start Parlour with \
                 --public-url {}, or let the proxy pass the header on.",
                line.target
            ),
            Self::TooFast | Self::Refused(Refusal::TooFast) => {
                "Wait a minute and try again. If visitors meet this, the server counts them all as one: let the proxy name \
                 them (X-Forwarded-For) and Parlour believe it (--trusted-proxy)."
                    .into()
            }
            Self::NoSocket(_) => "A proxy on the way does not let WebSockets through. In nginx: `proxy_http_version 1.1`, and \
                                  the headers Upgrade and Connection, as docs/proxies.md shows."
                .into(),
            Self::Refused(Refusal::Stopping) => "The server is being stopped: try again in a moment.".into(),
            _ => "See in the server's log what it says at this moment (`journalctl -u parlour`).".into(),
        }
    }
}

/// Makes a room, as the button does.
///
/// # Errors
/// [`Trouble`], in words.
pub(crate) async fn make(line: &Line) -> Result<RoomId, Trouble> {
    let request = Request::post(ROOMS_PATH)
        .header(HOST, line.target.authority())
        .header(ORIGIN, line.target.to_string())
        .header(ACCEPT, "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = ask(line.open().await?, request.body(Body::empty()).map_err(io::Error::other)?).await?;
    match answer.status {
        StatusCode::OK => {}
        StatusCode::FORBIDDEN => return Err(Trouble::Foreign),
        StatusCode::TOO_MANY_REQUESTS => return Err(Trouble::TooFast),
        status => return Err(Trouble::Status(status)),
    }
    serde_json::from_str::<NewRoom>(&answer.body).map(|made| made.room).map_err(|_| Trouble::Strange)
}

/// Someone in a room.
pub(crate) struct Guest {
    socket: WebSocketStream<super::target::Stream>,
    /// What the server said at the door.
    pub(crate) welcome: Welcome,
}

impl Guest {
    /// Opens a socket, has it echo, and joins.
    ///
    /// # Errors
    /// [`Trouble`], in words.
    pub(crate) async fn enter(line: &Line, room: &RoomId, name: &str) -> Result<Self, Trouble> {
        let mut socket = open(line).await?;
        say(&mut socket, &ClientMessage::Probe { nonce: NONCE }).await?;
        if hear(&mut socket).await? != (ServerMessage::Echo { nonce: NONCE }) {
            return Err(Trouble::Strange);
        }
        let name = DisplayName::new(name).map_err(|_| Trouble::Strange)?;
        let media = MediaState::default();
        say(&mut socket, &ClientMessage::Join(Join { room: room.clone(), name, media, resume: None })).await?;
        match hear(&mut socket).await? {
            ServerMessage::Welcome(welcome) => Ok(Self { socket, welcome: *welcome }),
            ServerMessage::Refused { reason } => Err(Trouble::Refused(reason)),
            _ => Err(Trouble::Strange),
        }
    }

    /// Leaves for good.
    pub(crate) async fn leave(mut self) {
        if say(&mut self.socket, &ClientMessage::Leave).await.is_ok() {
            // Until the server has closed: the last word is to be read before the connection goes.
            let _ = timeout(PATIENCE, async { while let Some(Ok(_)) = self.socket.next().await {} }).await;
        }
    }
}

async fn open(line: &Line) -> Result<WebSocketStream<super::target::Stream>, Trouble> {
    let address = line.target.web_socket(SIGNALING_PATH);
    let mut request = address.into_client_request().map_err(|error| Trouble::NoSocket(error.to_string()))?;
    let origin = HeaderValue::try_from(line.target.to_string()).map_err(io::Error::other)?;
    request.headers_mut().insert(ORIGIN, origin);
    let opened = timeout(PATIENCE, tokio_tungstenite::client_async(request, line.open().await?)).await;
    match opened.map_err(|_| silence())? {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) if answer.status() == StatusCode::FORBIDDEN => Err(Trouble::Foreign),
        Err(Error::Http(answer)) if answer.status() == StatusCode::TOO_MANY_REQUESTS => Err(Trouble::TooFast),
        Err(Error::Http(answer)) => Err(Trouble::NoSocket(format!("status {}", answer.status()))),
        Err(error) => Err(Trouble::NoSocket(error.to_string())),
    }
}

async fn say(socket: &mut WebSocketStream<super::target::Stream>, message: &ClientMessage) -> Result<(), Trouble> {
    let text = serde_json::to_string(message).map_err(io::Error::other)?;
    socket.send(Message::text(text)).await.map_err(|error| io::Error::other(error).into())
}

async fn hear(socket: &mut WebSocketStream<super::target::Stream>) -> Result<ServerMessage, Trouble> {
    let heard = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    return serde_json::from_str(&text).map_err(|_| Trouble::Strange);
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_)) => return Err(Trouble::Strange),
                Some(Err(error)) => return Err(io::Error::other(error).into()),
                None => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            }
        }
    };
    timeout(PATIENCE, heard).await.map_err(|_| silence())?
}
