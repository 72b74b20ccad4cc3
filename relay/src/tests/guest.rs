//! A TURN client that does what it is told, and the relay around it.

use crate::credentials::{Credentials, Owner, Secret};
use crate::{Flow, Limits, Members, Relay, Reply, Road};
use core::net::SocketAddr;
use core::time::Duration;
use signaling::identity::{ParticipantId, RoomId};
use signaling::time::Moment;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use stun_proto::types::attribute::{ErrorCode, Nonce, Realm, Username};
use stun_proto::types::message::{
    IntegrityAlgorithm, LongTermCredentials, Message, MessageClass, MessageType, MessageWriteVec, Method, TransactionId,
};
use stun_proto::types::prelude::*;
use turn_types::attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, DATA, REFRESH, SEND};

pub(super) const HOUR: Duration = Duration::from_secs(3_600);

/// Who is in which room.
#[derive(Debug, Clone, Default)]
pub(super) struct Present(Arc<Mutex<HashSet<Owner>>>);

impl Members for Present {
    fn include(&self, owner: &Owner) -> bool {
        self.0.lock().unwrap().contains(owner)
    }
}

/// A relay, the time, and who is there.
pub(super) struct World {
    pub(super) relay: Relay<Present>,
    pub(super) secret: Secret,
    pub(super) present: Present,
    pub(super) now: Moment,
    guests: u8,
}

/// One client.
#[derive(Clone)]
pub(super) struct Guest {
    pub(super) flow: Flow,
    pub(super) owner: Owner,
    pub(super) credentials: Credentials,
    nonce: String,
    /// What it signs with.
    pub(super) algorithm: IntegrityAlgorithm,
}

impl World {
    pub(super) fn new(limits: Limits) -> Self {
        let (secret, present) = (Secret::new(b"secret"), Present::default());
        let relay = Relay::new(secret.clone(), limits, present.clone());
        Self { relay, secret, present, now: Duration::from_secs(1_700_000_000), guests: 0 }
    }

    /// Seats someone in a room, with credentials for an hour.
    pub(super) fn guest(&mut self, room: u8) -> Guest {
        self.guests += 1;
        let owner = Owner {
            room: self.secret.tag(&RoomId::from_bytes([room; 16])),
            participant: ParticipantId(self.guests.into()),
        };
        self.present.0.lock().unwrap().insert(owner.clone());
        let credentials = self.secret.mint(&owner, self.now + HOUR);
        let remote = SocketAddr::from(([198, 51, 100, self.guests], 40_000));
        let flow = Flow { road: Road::Udp { socket: 0, local: None }, remote };
        Guest { flow, owner, credentials, nonce: String::new(), algorithm: IntegrityAlgorithm::Sha1 }
    }

    /// Seats someone who has an allocation.
    pub(super) fn settled(&mut self, room: u8) -> (Guest, SocketAddr) {
        let mut guest = self.guest(room);
        let address = guest.allocate(self).expect("an allocation");
        (guest, address)
    }

    pub(super) fn leave(&mut self, guest: &Guest) {
        self.present.0.lock().unwrap().remove(&guest.owner);
    }

    /// Hands a datagram in, and returns what comes out.
    pub(super) fn send(&mut self, flow: Flow, datagram: &[u8]) -> Option<(Reply, Vec<u8>)> {
        let mut out = Vec::new();
        let reply = self.relay.receive(flow, datagram, &mut out, self.now)?;
        Some((reply, out))
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
        let gone = self.relay.owners().into_iter().filter(|owner| !self.present.include(owner)).collect();
        self.relay.advance(&gone, self.now);
    }
}

impl Guest {
    /// Makes a signed request.
    pub(super) fn request(
        &self,
        method: Method,
        transaction: TransactionId,
        attributes: &[&dyn AttributeWrite],
    ) -> Vec<u8> {
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, transaction, MessageWriteVec::new());
        for attribute in attributes {
            request.add_attribute(*attribute).unwrap();
        }
        request.add_attribute(&Username::new(&self.credentials.username).unwrap()).unwrap();
        request.add_attribute(&Realm::new("parlour").unwrap()).unwrap();
        request.add_attribute(&Nonce::new(&self.nonce).unwrap()).unwrap();
        let credentials =
            LongTermCredentials::new(self.credentials.username.clone(), self.credentials.password.clone());
        let key = credentials.to_key("parlour".into()).into();
        request.add_message_integrity(&key, self.algorithm).unwrap();
        request.finish()
    }

    /// Asks without credentials, to be told the nonce.
    pub(super) fn knock(&mut self, world: &mut World) -> usize {
        let mut request = Message::builder_request(ALLOCATE, MessageWriteVec::new());
        request.add_attribute(&RequestedTransport::new(RequestedTransport::UDP)).unwrap();
        let (reply, answer) = world.send(self.flow, &request.finish()).expect("an answer");
        assert!(!reply.proved, "it has proved nothing yet");
        let answer_length = answer.len();
        let answer = Message::from_bytes(&answer).unwrap();
        assert_eq!(answer.attribute::<ErrorCode>().unwrap().code(), 401);
        answer.attribute::<Nonce>().unwrap().nonce().clone_into(&mut self.nonce);
        answer_length
    }

    /// Forgets the nonce: another port is another client.
    pub(super) fn knock_anew(&mut self) {
        self.nonce.clear();
    }

    pub(super) fn allocate_request(&self) -> Vec<u8> {
        self.request(ALLOCATE, TransactionId::generate(), &[&RequestedTransport::new(RequestedTransport::UDP)])
    }

    /// Asks for an address that carries TCP (RFC 6062).
    pub(super) fn allocate_stream(&mut self, world: &mut World) -> Result<(), u16> {
        self.knock(world);
        self.ask(world, ALLOCATE, TransactionId::generate(), &[&RequestedTransport::new(RequestedTransport::TCP)])
    }

    /// Allocates.
    ///
    /// # Errors
    /// The code with which it was refused.
    pub(super) fn allocate(&mut self, world: &mut World) -> Result<SocketAddr, u16> {
        if self.nonce.is_empty() {
            self.knock(world);
        }
        let request = self.allocate_request();
        let (_, answer) = world.send(self.flow, &request).expect("an answer");
        let answer = Message::from_bytes(&answer).unwrap();
        outcome(&answer)?;
        Ok(answer.attribute::<XorRelayedAddress>().unwrap().addr(answer.transaction_id()))
    }

    pub(super) fn refresh(&self, world: &mut World, seconds: u32) -> Result<(), u16> {
        self.ask(world, REFRESH, TransactionId::generate(), &[&Lifetime::new(seconds)])
    }

    pub(super) fn permit(&self, world: &mut World, peer: SocketAddr) -> Result<(), u16> {
        let transaction = TransactionId::generate();
        self.ask(world, CREATE_PERMISSION, transaction, &[&XorPeerAddress::new(peer, transaction)])
    }

    pub(super) fn bind(&self, world: &mut World, channel: u16, peer: SocketAddr) -> Result<(), u16> {
        let transaction = TransactionId::generate();
        let peer = XorPeerAddress::new(peer, transaction);
        self.ask(world, CHANNEL_BIND, transaction, &[&ChannelNumber::new(channel), &peer])
    }

    fn ask(
        &self,
        world: &mut World,
        method: Method,
        transaction: TransactionId,
        attributes: &[&dyn AttributeWrite],
    ) -> Result<(), u16> {
        let request = self.request(method, transaction, attributes);
        let (_, answer) = world.send(self.flow, &request).ok_or(0_u16)?;
        outcome(&Message::from_bytes(&answer).unwrap())
    }

    /// Sends to a peer without a channel; returns what comes out, and to whom.
    pub(super) fn indicate(&self, world: &mut World, peer: SocketAddr, data: &[u8]) -> Option<(Flow, Vec<u8>)> {
        let transaction = TransactionId::generate();
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut message = Message::builder(kind, transaction, MessageWriteVec::new());
        message.add_attribute(&XorPeerAddress::new(peer, transaction)).unwrap();
        message.add_attribute(&Data::new(data)).unwrap();
        let (reply, out) = world.send(self.flow, &message.finish())?;
        Some((reply.to, out))
    }

    /// Sends through a channel.
    pub(super) fn channel(&self, world: &mut World, channel: u16, data: &[u8]) -> Option<(Flow, Vec<u8>)> {
        let mut datagram = channel.to_be_bytes().to_vec();
        datagram.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
        datagram.extend_from_slice(data);
        let (reply, out) = world.send(self.flow, &datagram)?;
        Some((reply.to, out))
    }
}

fn outcome(answer: &Message<'_>) -> Result<(), u16> {
    match answer.attribute::<ErrorCode>() {
        Ok(error) => Err(error.code()),
        Err(_) => Ok(()),
    }
}

/// Reads an indication: from whom, and what.
pub(super) fn indicated(datagram: &[u8]) -> (SocketAddr, Vec<u8>) {
    let message = Message::from_bytes(datagram).unwrap();
    assert!(message.has_method(DATA));
    let from = message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id());
    (from, message.attribute::<Data<'_>>().unwrap().data().to_vec())
}
