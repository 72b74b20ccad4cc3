//! What somebody tries who speaks the protocol well, and means no good.

use super::guest::{Guest, World};
use crate::{Limits, Refused};
use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::collections::HashSet;
use stun_proto::types::attribute::{ErrorCode, Nonce, Userhash, Username};
use stun_proto::types::message::{IntegrityAlgorithm, Message, MessageWriteVec, TransactionId};
use stun_proto::types::prelude::*;
use turn_types::AddressFamily;
use turn_types::attribute::{
    AdditionalAddressFamily, ChannelNumber, Lifetime, RequestedAddressFamily, RequestedTransport, XorPeerAddress,
};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH};

fn code(answer: &[u8]) -> Option<u16> {
    Message::from_bytes(answer).unwrap().attribute::<ErrorCode>().ok().map(|error| error.code())
}

fn udp() -> RequestedTransport {
    RequestedTransport::new(RequestedTransport::UDP)
}

/// Makes the relay know a name, without its password.
fn introduce(world: &mut World, guest: &mut Guest) {
    guest.knock(world);
    let mut wrong = guest.clone();
    wrong.credentials.password = "x".into();
    assert_eq!(code(&world.send(wrong.flow, &wrong.allocate_request()).unwrap().1), Some(401));
}

#[test]
fn a_second_name_is_no_way_into_another_room() {
    let mut world = World::new(Limits::default());
    let (victim, victim_at) = world.settled(1);
    let mut eve = world.guest(2);
    introduce(&mut world, &mut eve);
    let (_, seat) = victim.credentials.username.split_once(':').unwrap();
    let forged = Username::new(&format!("9999999999:{seat}")).unwrap();
    let request = eve.request(ALLOCATE, TransactionId::generate(), &[&udp(), &forged]);
    assert_eq!(code(&world.send(eve.flow, &request).unwrap().1), Some(400));
    assert!(!world.relay.serves(&eve.flow));
    assert_eq!(eve.bind(&mut world, 0x4001, victim_at), Err(403));
}

#[test]
fn a_name_in_disguise_allocates_nothing() {
    let mut world = World::new(Limits::default());
    let mut eve = world.guest(2);
    introduce(&mut world, &mut eve);
    let hash = Userhash::new(Userhash::compute(&eve.credentials.username, "parlour"));
    let request = eve.request(ALLOCATE, TransactionId::generate(), &[&udp(), &hash]);
    assert_eq!(code(&world.send(eve.flow, &request).unwrap().1), Some(400));
    assert!(!world.relay.serves(&eve.flow));
}

#[test]
fn only_packets_of_substance_keep_a_stranger_in_memory() {
    let mut world = World::new(Limits::default());
    let mut eve = world.guest(2);
    eve.knock(&mut world);
    for _ in 0..3 {
        world.pass(Duration::from_secs(20));
        world.send(eve.flow, b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl").unwrap();
    }
    assert_eq!(world.relay.clients(), 0);
}

#[test]
fn names_do_not_pile_up() {
    let mut world = World::new(Limits::default());
    let mut eve = world.guest(2);
    eve.knock(&mut world);
    let seat = eve.credentials.username.split_once(':').unwrap().1.to_owned();
    let mut nonces = HashSet::new();
    for second in 0..1_000_u64 {
        eve.credentials.username = format!("{}:{seat}", 9_000_000_000 + second);
        let mut request = Message::builder_request(ALLOCATE, MessageWriteVec::new());
        request.add_attribute(&udp()).unwrap();
        request.add_attribute(&Username::new(&eve.credentials.username).unwrap()).unwrap();
        let (_, answer) = world.send(eve.flow, &request.finish()).unwrap();
        assert_eq!(code(&answer), Some(401));
        let message = Message::from_bytes(&answer).unwrap();
        nonces.insert(message.attribute::<Nonce>().unwrap().nonce().to_owned());
    }
    // A machine that would be told a second name gives way to a new one, whose nonce is another.
    assert_eq!(nonces.len(), 1_000);
}

#[test]
fn another_signature_is_no_way_past_the_room() {
    let mut world = World::new(Limits::default());
    let mut eve = world.guest(2);
    eve.knock(&mut world);
    eve.algorithm = IntegrityAlgorithm::Sha256;
    let request = eve.request(ALLOCATE, TransactionId::generate(), &[&udp()]);
    world.send(eve.flow, &request);
    let transaction = TransactionId::generate();
    let peers: Vec<_> = (0..1_000_u32)
        .map(|n| XorPeerAddress::new((Ipv4Addr::from_bits(0x0a00_0000 + n), 80).into(), transaction))
        .collect();
    let named: Vec<_> = peers.iter().map(|peer| peer as &dyn AttributeWrite).collect();
    let request = eve.request(CREATE_PERMISSION, transaction, &named);
    assert_eq!(code(&world.send(eve.flow, &request).unwrap().1), Some(403));
    let here: SocketAddr = "127.0.0.1:80".parse().unwrap();
    let peer = XorPeerAddress::new(here, transaction);
    let request = eve.request(CHANNEL_BIND, transaction, &[&ChannelNumber::new(0x4001), &peer]);
    assert_eq!(code(&world.send(eve.flow, &request).unwrap().1), Some(403));
}

#[test]
fn letting_go_does_not_forgive_what_was_sent() {
    let limits = Limits { participant_rate: 1_000, room_rate: 10_000, ..Limits::default() };
    let mut world = World::new(limits);
    let ann = world.guest(1);
    let mut sent = 0;
    for round in 0..20 {
        let (mut one, mut two) = (ann.clone(), ann.clone());
        one.flow.remote.set_port(1_000 + round);
        two.flow.remote.set_port(3_000 + round);
        let (from, to) = (one.allocate(&mut world).unwrap(), two.allocate(&mut world).unwrap());
        two.permit(&mut world, from).unwrap();
        one.bind(&mut world, 0x4001, to).unwrap();
        sent += (0..100).filter(|_| one.channel(&mut world, 0x4001, &[0; 36]).is_some()).count() * 100;
        one.refresh(&mut world, 0).unwrap();
        two.refresh(&mut world, 0).unwrap();
    }
    assert_eq!(sent, 2_000);
}

#[test]
fn empty_packets_cost_something() {
    let limits = Limits { participant_rate: 1_000, room_rate: 10_000, ..Limits::default() };
    let mut world = World::new(limits);
    let ((ann, ann_at), (ben, ben_at)) = (world.settled(1), world.settled(1));
    ann.bind(&mut world, 0x4001, ben_at).unwrap();
    ben.permit(&mut world, ann_at).unwrap();
    let passed = (0..1_000).filter(|_| ann.channel(&mut world, 0x4001, b"").is_some()).count();
    assert_eq!(passed, 2_000 / 64);
}

#[test]
fn both_families_or_none() {
    let mut world = World::new(Limits { allocations: 1, ..Limits::default() });
    let mut eve = world.guest(2);
    eve.knock(&mut world);
    let both = AdditionalAddressFamily::new(AddressFamily::IPV6);
    let request = eve.request(ALLOCATE, TransactionId::generate(), &[&udp(), &both]);
    assert_eq!(code(&world.send(eve.flow, &request).unwrap().1), Some(508));
    assert!(!world.relay.serves(&eve.flow));
    assert_eq!(world.relay.figures().refused[Refused::Allocations as usize], 1);
}

#[test]
fn both_families_are_given_and_each_is_refreshed_by_itself() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    ann.knock(&mut world);
    let both = AdditionalAddressFamily::new(AddressFamily::IPV6);
    let request = ann.request(ALLOCATE, TransactionId::generate(), &[&udp(), &both]);
    assert_eq!(code(&world.send(ann.flow, &request).unwrap().1), None);
    assert_eq!(world.relay.figures().allocations, [2, 0, 0]);
    for family in [AddressFamily::IPV4, AddressFamily::IPV6] {
        let (lifetime, family) = (Lifetime::new(600), RequestedAddressFamily::new(family));
        let request = ann.request(REFRESH, TransactionId::generate(), &[&lifetime, &family]);
        assert_eq!(code(&world.send(ann.flow, &request).unwrap().1), None);
    }
}

#[test]
fn one_address_does_not_take_everything() {
    let mut world = World::new(Limits { allocations_of_address: 3, ..Limits::default() });
    let got = (0..5).filter(|_| {
        let mut guest = world.guest(1);
        guest.flow.remote.set_ip([198, 51, 100, 1].into());
        guest.flow.remote.set_port(guest.flow.remote.port() + guest.owner.participant.0 as u16);
        guest.allocate(&mut world).is_ok()
    });
    assert_eq!(got.count(), 3);
}
