//! What clients say, on the wire, and what they read there.
//!
//! Separate from the world, because it is all that knows how messages are made.

use crate::script::{Channel, Family, Transport};
use core::net::SocketAddr;
use relay::credentials::Credentials;
use stun_proto::types::attribute::{Nonce, Realm, Username};
use stun_proto::types::message::{
    BINDING, IntegrityAlgorithm, LongTermCredentials, Message, MessageClass, MessageType, MessageWriteVec, Method,
    TransactionId,
};
use stun_proto::types::prelude::*;
use turn_types::AddressFamily;
use turn_types::attribute::{
    AdditionalAddressFamily, ChannelNumber, Data, Lifetime, RequestedAddressFamily, RequestedTransport, XorPeerAddress,
    XorRelayedAddress,
};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, DATA, REFRESH, SEND};

/// A message that is being written.
pub(crate) struct Draft {
    writer: MessageWriteVec,
    transaction: TransactionId,
}

impl Draft {
    fn new(class: MessageClass, method: Method, number: u64) -> Self {
        let transaction = TransactionId::from(u128::from(number));
        let kind = MessageType::from_class_method(class, method);
        Self { writer: Message::builder(kind, transaction, MessageWriteVec::new()), transaction }
    }

    fn with(mut self, attribute: &dyn AttributeWrite) -> Self {
        self.writer.add_attribute(attribute).expect("there is room, and nothing is sealed");
        self
    }

    fn peer(self, peer: SocketAddr) -> Self {
        let peer = XorPeerAddress::new(peer, self.transaction);
        self.with(&peer)
    }

    pub(crate) fn binding(number: u64) -> Self {
        Self::new(MessageClass::Request, BINDING, number)
    }

    pub(crate) fn allocate(number: u64, transport: Transport, family: Family, lifetime: Option<u32>) -> Self {
        let protocol = match transport {
            Transport::Udp | Transport::Nearly => RequestedTransport::UDP,
            Transport::Other(number) => number,
        };
        let draft = Self::new(MessageClass::Request, ALLOCATE, number).with(&RequestedTransport::new(protocol));
        let draft = match family {
            Family::Unsaid => draft,
            Family::Four => draft.with(&RequestedAddressFamily::new(AddressFamily::IPV4)),
            Family::Six => draft.with(&RequestedAddressFamily::new(AddressFamily::IPV6)),
            Family::Both => draft.with(&AdditionalAddressFamily::new(AddressFamily::IPV6)),
        };
        match lifetime {
            Some(seconds) => draft.with(&Lifetime::new(seconds)),
            None => draft,
        }
    }

    pub(crate) fn refresh(number: u64, seconds: u32) -> Self {
        Self::new(MessageClass::Request, REFRESH, number).with(&Lifetime::new(seconds))
    }

    pub(crate) fn permit(number: u64, first: SocketAddr, second: Option<SocketAddr>) -> Self {
        let draft = Self::new(MessageClass::Request, CREATE_PERMISSION, number).peer(first);
        match second {
            Some(second) => draft.peer(second),
            None => draft,
        }
    }

    pub(crate) fn bind(number: u64, channel: Channel, peer: SocketAddr) -> Self {
        let channel = ChannelNumber::new(channel.number());
        Self::new(MessageClass::Request, CHANNEL_BIND, number).with(&channel).peer(peer)
    }

    pub(crate) fn send(number: u64, peer: SocketAddr, data: &[u8]) -> Self {
        Self::new(MessageClass::Indication, SEND, number).peer(peer).with(&Data::new(data))
    }

    /// Ends it with nobody's signature.
    pub(crate) fn unsigned(self) -> Vec<u8> {
        self.writer.finish()
    }

    /// Ends it with somebody's signature.
    pub(crate) fn signed(self, credentials: &Credentials, nonce: &str) -> Vec<u8> {
        let mut draft = self
            .with(&Username::new(&credentials.username).expect("short"))
            .with(&Realm::new("parlour").expect("short"))
            .with(&Nonce::new(nonce).expect("short"));
        let signer = LongTermCredentials::new(credentials.username.clone(), credentials.password.clone());
        let key = signer.to_key("parlour".into()).into();
        draft.writer.add_message_integrity(&key, IntegrityAlgorithm::Sha1).expect("not sealed yet");
        draft.writer.finish()
    }
}

impl Channel {
    fn number(self) -> u16 {
        match self {
            Self::Usual(other) => 0x4000 + u16::from(other),
            Self::Any(number) => number,
        }
    }

    /// Frames data for it.
    pub(crate) fn frame(self, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("short");
        [&self.number().to_be_bytes(), &length.to_be_bytes(), data].concat()
    }
}

/// Returns what was carried in a datagram that a client is sent.
pub(crate) fn carried(datagram: &[u8]) -> Vec<u8> {
    if let [0x40..0x80, _, high, low, data @ ..] = datagram {
        assert_eq!(data.len(), usize::from(u16::from_be_bytes([*high, *low])), "as long as it says");
        return data.to_vec();
    }
    let message = Message::from_bytes(datagram).expect("a message");
    assert!(message.has_method(DATA) && message.has_class(MessageClass::Indication), "{message}");
    message.attribute::<Data<'_>>().expect("data").data().to_vec()
}

/// An answer, as far as it matters.
pub(crate) struct Answer {
    pub(crate) nonce: Option<String>,
    /// What was given, if it is the answer to a request for it and says yes.
    pub(crate) given: Vec<SocketAddr>,
}

/// Reads an answer, which must be one to this request.
pub(crate) fn answer(datagram: &[u8], request: &[u8]) -> Answer {
    let message = Message::from_bytes(datagram).expect("a message");
    let asked = Message::from_bytes(request).expect("only a message is answered");
    assert!(message.is_response() && message.method() == asked.method(), "{message} to {asked}");
    assert_eq!(message.transaction_id(), asked.transaction_id());
    let nonce = message.attribute::<Nonce>().ok().map(|nonce| nonce.nonce().to_owned());
    let mut given = Vec::new();
    if message.has_method(ALLOCATE) && message.has_class(MessageClass::Success) {
        let relayed = message.iter_attributes().filter_map(|(_, raw)| XorRelayedAddress::from_raw(raw).ok());
        given.extend(relayed.map(|address| address.addr(message.transaction_id())));
        assert!(!given.is_empty(), "nothing was given: {message}");
    }
    Answer { nonce, given }
}
