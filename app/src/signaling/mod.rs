//! How the page and the server speak: one WebSocket server function for the call, one plain one that makes rooms.
//!
//! Separate from the call, because this carries messages and knows none of their meaning. In reading order: [`transport`]
//! is the protocol on the socket; `session` is the server's half of a conversation, `socket` what is under it, `allowance` and
//! `door` how much of it there may be; `create` makes rooms, as
//! they are wished (`wish`).

#[cfg(feature = "ssr")]
mod allowance;
mod create;
#[cfg(feature = "ssr")]
pub mod door;
mod error;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
mod socket;
mod transport;
#[cfg(feature = "ssr")]
mod upgrade;
#[cfg(not(feature = "ssr"))]
#[path = "no_upgrade.rs"]
mod upgrade;
mod wish;

pub use create::*;
pub use error::SignalingError;
pub use transport::SignalingProtocol;
#[cfg(feature = "ssr")]
pub use upgrade::SocketConfig;

use leptos::prelude::*;
use server_fn::BoxedStream;
use signaling::protocol::{ClientMessage, ServerMessage};

/// The path of the socket.
pub const SIGNALING_PATH: &str = "/api/signaling";

/// Opens the conversation with the server: what the page says goes in, what the server says comes out.
///
/// The stream of answers is there at once; that the server is reached is proved by its first message alone. The socket
/// closes when the input ends.
///
/// # Errors
/// None in practice: an unreachable server is an error *in* the stream of answers.
#[server(protocol = SignalingProtocol, input_derive = (), prefix = "/api", endpoint = "signaling")]
pub async fn signaling(
    /// What the page says.
    input: BoxedStream<ClientMessage, SignalingError>,
) -> Result<BoxedStream<ServerMessage, SignalingError>, SignalingError> {
    use crate::signaling::door::Door;
    use crate::signaling::session::{Session, SessionConfig};
    use http::request::Parts;
    use signaling::rooms::Rooms;

    let rooms = expect_context::<Rooms>();
    let config = use_context::<SessionConfig>().unwrap_or_default();
    let door = use_context::<Parts>().and_then(|mut parts| parts.extensions.remove::<Door>());
    Ok(Session::new(input, rooms, door.unwrap_or_default(), config).into_stream().into())
}
