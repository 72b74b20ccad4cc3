//! What can go wrong on the way between the page and the server.
//!
//! Separate, because both ends and the server function between them name it.

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// Why a message did not come through. Refusals of the server are not among these: they are messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum SignalingError {
    /// The socket could not be opened, or is closed; nothing will come after this.
    #[error("the connection to the server is closed")]
    Closed,
    /// One message could not be read: it is not of this protocol, or breaks one of its limits.
    #[error("a message could not be read")]
    Unreadable,
    /// More came than is allowed; nothing more is read. Among what a client says only.
    #[error("too much was said too fast")]
    TooFast,
}

impl FromServerFnError for SignalingError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Closed
    }
}
