//! What a connection is handed to whose first byte begins STUN or TURN.
//!
//! Separate, because connections know nothing of relaying, and the relay nothing of TLS and deadlines.

use super::BoxedStream;
use crate::gate::Peer;
use futures::future::BoxFuture;

/// Serves STUN and TURN over TCP, and over TLS.
pub(crate) trait TurnStreams: Send + Sync {
    /// Serves one connection, from its first byte on, until the future ends or is dropped (when the server stops). Dropping the
    /// stream closes the connection; holding `peer` keeps its place among the connections that are counted. Writes that the
    /// client does not take fail after the server's patience; reads have no deadline, that is the server's of TURN.
    fn serve(&self, stream: BoxedStream, peer: Peer, is_secure: bool) -> BoxFuture<'static, ()>;
}
