//! What the relay says by itself, besides what the protocol machine of a client says.
//!
//! Separate, because it is the wire: a binding's answer, and a refusal.

use super::flow::Flow;
use core::net::SocketAddr;
use stun_proto::types::attribute::{ErrorCode, Fingerprint, Userhash, Username, XorMappedAddress};
use stun_proto::types::message::{
    BINDING, IntegrityAlgorithm, IntegrityKey, Message, MessageClass, MessageWriteVec, Method,
};
use stun_proto::types::prelude::*;
use turn_types::attribute::{RequestedTransport, XorPeerAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

/// What a STUN message of a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Which address do I come from?
    Binding,
    Allocate,
    Refresh,
    Permission,
    Channel,
    /// Data for a peer.
    Send,
}

impl Kind {
    /// Reads it; `None` for what a relay of this kind does not do, as TCP to peers (RFC 6062).
    pub(crate) fn read(message: &Message<'_>) -> Option<Self> {
        let is = |method: Method, class| message.has_method(method) && message.has_class(class);
        [
            (BINDING, MessageClass::Request, Self::Binding),
            (ALLOCATE, MessageClass::Request, Self::Allocate),
            (REFRESH, MessageClass::Request, Self::Refresh),
            (CREATE_PERMISSION, MessageClass::Request, Self::Permission),
            (CHANNEL_BIND, MessageClass::Request, Self::Channel),
            (SEND, MessageClass::Indication, Self::Send),
        ]
        .into_iter()
        .find_map(|(method, class, kind)| is(method, class).then_some(kind))
    }
}

/// Answers a binding request with the address it came from (RFC 8489 §5).
pub(crate) fn bound(request: &Message<'_>, flow: &Flow) -> Option<Vec<u8>> {
    if let Some(error) = Message::check_attribute_types(request, &[Fingerprint::TYPE], &[], MessageWriteVec::new()) {
        return Some(error.finish());
    }
    let mut answer = Message::builder_success(request, MessageWriteVec::with_capacity(64));
    answer.add_attribute(&XorMappedAddress::new(flow.reflexive(), request.transaction_id())).ok()?;
    answer.add_fingerprint().ok()?;
    Some(answer.finish())
}

/// Returns the one name that a request gives; `None` where it gives none.
///
/// # Errors
/// The answer to a request that names its user more than once, or in a way that hides who it is (USERHASH): then it could be one for
/// us, and another for the machine.
pub(crate) fn username(request: &Message<'_>) -> Result<Option<Username>, Vec<u8>> {
    let names = request.iter_attributes().filter(|(_, attribute)| attribute.get_type() == Username::TYPE).count();
    if names > 1 || request.has_attribute(Userhash::TYPE) {
        return Err(Message::bad_request(request, MessageWriteVec::new()).finish());
    }
    Ok(request.attribute::<Username>().ok())
}

/// Answers a request about a peer that is none (RFC 8656 §9.2, §12.2): 403, signed if the request was.
pub(crate) fn forbidden(request: &Message<'_>, key: Option<&IntegrityKey>) -> Option<Vec<u8>> {
    refused(request, key, ErrorCode::FORBIDDEN, "Only peers of the same room")
}

/// Answers a request for a relayed address of another protocol than UDP, as TCP (RFC 6062): 442 (RFC 8656 §7.2).
pub(crate) fn only_datagrams(request: &Message<'_>, key: &IntegrityKey) -> Option<Vec<u8>> {
    refused(request, Some(key), ErrorCode::UNSUPPORTED_TRANSPORT_PROTOCOL, "Only UDP")
}

fn refused(request: &Message<'_>, key: Option<&IntegrityKey>, code: u16, reason: &str) -> Option<Vec<u8>> {
    let mut answer = Message::builder_error(request, MessageWriteVec::with_capacity(96));
    answer.add_attribute(&ErrorCode::new(code, reason).ok()?).ok()?;
    if let Some(key) = key {
        answer.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1).ok()?;
    }
    Some(answer.finish())
}

/// Returns whether an allocation is asked for that carries no datagrams.
pub(crate) fn wants_stream(request: &Message<'_>) -> bool {
    request.attribute::<RequestedTransport>().is_ok_and(|wanted| wanted.protocol() != RequestedTransport::UDP)
}

/// Returns the peers that a request names.
pub(crate) fn peers(request: &Message<'_>) -> impl Iterator<Item = SocketAddr> {
    let transaction = request.transaction_id();
    let named = request.iter_attributes().filter(|(_, attribute)| attribute.get_type() == XorPeerAddress::TYPE);
    named.filter_map(move |(_, attribute)| Some(XorPeerAddress::from_raw(attribute).ok()?.addr(transaction)))
}
