//! What is carried: between two of one room, and to nobody else.

use super::guest::{World, indicated};
use crate::{Limits, Refused, Road};
use core::net::SocketAddr;
use core::time::Duration;

#[test]
fn two_of_a_room_talk_through_channels_and_without() {
    let mut world = World::new(Limits::default());
    let ((ann, ann_at), (ben, ben_at)) = (world.settled(1), world.settled(1));
    ann.bind(&mut world, 0x4001, ben_at).unwrap();
    // Ben has no channel for Ann yet, but lets her in.
    ben.permit(&mut world, ann_at).unwrap();
    let (to, datagram) = ann.channel(&mut world, 0x4001, b"hello").unwrap();
    assert_eq!((to, indicated(&datagram)), (ben.flow, (ann_at, b"hello".to_vec())));
    ben.bind(&mut world, 0x4002, ann_at).unwrap();
    let (to, datagram) = ann.channel(&mut world, 0x4001, b"again").unwrap();
    assert_eq!((to, &datagram[..]), (ben.flow, &b"\x40\x02\x00\x05again"[..]));
    let (to, datagram) = ben.indicate(&mut world, ann_at, b"hi").unwrap();
    assert_eq!((to, &datagram[..]), (ann.flow, &b"\x40\x01\x00\x02hi"[..]));
    assert_eq!((world.relay.figures().packets, world.relay.figures().bytes), (3, 12));
}

#[test]
fn whoever_is_not_permitted_is_not_heard() {
    let mut world = World::new(Limits::default());
    let ((ann, _), (_, ben_at)) = (world.settled(1), world.settled(1));
    ann.bind(&mut world, 0x4001, ben_at).unwrap();
    assert_eq!(ann.channel(&mut world, 0x4001, b"hello"), None);
}

#[test]
fn nothing_goes_to_an_address_that_is_no_allocation() {
    let mut world = World::new(Limits::default());
    let (ann, _) = world.settled(1);
    for peer in [
        "127.0.0.1:80",
        "[::1]:80",
        "10.0.0.1:80",
        "169.254.1.1:80",
        "[::ffff:127.0.0.1]:80",
        "[::ffff:10.0.0.1]:80",
        "[::ffff:169.254.1.1]:80",
        "[::ffff:192.0.2.1]:1024",
        "203.0.113.9:9",
        "0.0.0.0:1",
        "255.255.255.255:1",
    ] {
        let peer: SocketAddr = peer.parse().unwrap();
        assert_eq!(ann.permit(&mut world, peer), Err(403), "{peer}");
        assert_eq!(ann.bind(&mut world, 0x4001, peer), Err(403), "{peer}");
        assert_eq!(ann.indicate(&mut world, peer, b"x"), None, "{peer}");
        assert_eq!(ann.channel(&mut world, 0x4001, b"x"), None, "{peer}");
    }
    let nobody: SocketAddr = "192.0.2.1:9999".parse().unwrap();
    assert_eq!(ann.bind(&mut world, 0x4001, nobody), Err(403));
    assert_eq!(ann.permit(&mut world, nobody), Ok(()), "the port of a permission means nothing (RFC 8656 §9.2)");
    assert_eq!(ann.indicate(&mut world, nobody, b"x"), None);
    assert_eq!(world.relay.figures().packets, 0);
    assert!(world.relay.figures().refused[Refused::Peer as usize] > 20);
}

#[test]
fn rooms_do_not_hear_each_other() {
    let mut world = World::new(Limits::default());
    let ((ann, ann_at), (eve, eve_at)) = (world.settled(1), world.settled(2));
    assert_eq!(eve.bind(&mut world, 0x4001, ann_at), Err(403));
    // The relayed addresses are all of one host, so a permission says nothing about the room: the packet is stopped.
    eve.permit(&mut world, ann_at).unwrap();
    ann.permit(&mut world, eve_at).unwrap();
    assert_eq!(eve.indicate(&mut world, ann_at, b"x"), None);
    assert_eq!(ann.indicate(&mut world, eve_at, b"x"), None);
    assert_eq!(world.relay.figures().packets, 0);
}

#[test]
fn a_client_is_told_its_own_address_never_dressed_up() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    ann.flow.remote = "[::ffff:198.51.100.7]:5000".parse().unwrap();
    let binding = b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl";
    let (reply, answer) = world.send(ann.flow, binding).unwrap();
    let message = stun_proto::types::message::Message::from_bytes(&answer).unwrap();
    let told = message.attribute::<stun_proto::types::attribute::XorMappedAddress>().unwrap();
    assert_eq!(told.addr(message.transaction_id()), "198.51.100.7:5000".parse().unwrap());
    assert!((reply.to, reply.proved) == (ann.flow, false) && answer.len() <= 2 * binding.len());
}

#[test]
fn roads_are_counted_apart() {
    let mut world = World::new(Limits::default());
    for road in [Road::Tcp(1), Road::Tls(2), Road::Tls(3)] {
        let mut guest = world.guest(1);
        guest.flow.road = road;
        guest.allocate(&mut world).unwrap();
    }
    assert_eq!(world.relay.figures().allocations, [0, 1, 2]);
}

#[test]
fn a_room_sends_no_more_than_it_may() {
    let limits = Limits { participant_rate: 1_000, room_rate: 1_500, ..Limits::default() };
    let mut world = World::new(limits);
    let mut room: Vec<_> = (0..3).map(|_| world.settled(1)).collect();
    let (cleo, cleo_at) = room.pop().unwrap();
    for (guest, at) in &room {
        cleo.permit(&mut world, *at).unwrap();
        guest.bind(&mut world, 0x4001, cleo_at).unwrap();
    }
    let sent = |world: &mut World, who: usize| {
        (0..40).filter(|_| room[who].0.channel(world, 0x4001, &[0; 36]).is_some()).count()
    };
    assert_eq!(sent(&mut world, 0), 20, "two seconds' worth");
    assert_eq!(sent(&mut world, 1), 10, "the rest of the room's");
    world.now += Duration::from_secs(1);
    assert_eq!((sent(&mut world, 0), sent(&mut world, 1)), (10, 5));
    assert_eq!(world.relay.figures().refused[Refused::Bandwidth as usize], 20 + 30 + 30 + 35);
}
