//! The half of the transport that a browser does not have.
//!
//! Separate, because the protocol is one piece of code for both sides, and the browser's side never upgrades anything.

use super::error::SignalingError;
use super::transport::{Answers, Said};
use core::future::Future;

/// A request that may become a socket.
pub trait Upgrade<Response>: Sized {
    /// Makes it one. On the server only.
    fn upgrade<F, Fut>(self, converse: F) -> impl Future<Output = Result<Response, SignalingError>> + Send
    where
        F: FnOnce(Said) -> Fut + Send,
        Fut: Future<Output = Result<Answers, SignalingError>> + Send;
}

impl<Request: Send, Response: Send> Upgrade<Response> for Request {
    async fn upgrade<F, Fut>(self, _: F) -> Result<Response, SignalingError>
    where
        F: FnOnce(Said) -> Fut + Send,
        Fut: Future<Output = Result<Answers, SignalingError>> + Send,
    {
        Err(SignalingError::Closed)
    }
}
