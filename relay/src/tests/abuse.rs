//! What comes from people who mean no good, or from nobody.

use super::guest::World;
use crate::Limits;
use proptest::prelude::*;

#[test]
fn strangers_take_a_bounded_place_and_push_nobody_out() {
    let mut world = World::new(Limits::default());
    let ((ann, _), mut stranger) = (world.settled(1), world.guest(2));
    for port in 1..=10_000 {
        stranger.flow.remote.set_port(port);
        stranger.knock(&mut world);
    }
    assert!(world.relay.clients() <= 4_097, "{}", world.relay.clients());
    assert!(world.relay.serves(&ann.flow));
}

#[test]
fn the_answer_to_a_stranger_is_short() {
    let mut world = World::new(Limits::default());
    let mut stranger = world.guest(1);
    let answer = stranger.knock(&mut world);
    assert!(answer <= 150, "{answer} bytes");
}

#[test]
fn an_address_that_carries_tcp_is_not_to_be_had() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    assert_eq!(ann.allocate_stream(&mut world), Err(442));
    assert!(ann.allocate(&mut world).is_ok(), "it can still have one that carries datagrams");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn garbage_is_survived(datagrams in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 1..8)) {
        let mut world = World::new(Limits::default());
        let (ann, _) = world.settled(1);
        for datagram in datagrams {
            world.send(ann.flow, &datagram);
        }
        prop_assert!(world.relay.serves(&ann.flow));
    }

    #[test]
    fn broken_requests_are_survived(at in 0..200_usize, byte: u8, cut in 0..200_usize) {
        let mut world = World::new(Limits::default());
        let mut ann = world.guest(1);
        ann.knock(&mut world);
        let mut request = ann.allocate_request();
        let length = request.len();
        request[at % length] = byte;
        request.truncate(length - cut.min(length) / 2);
        world.send(ann.flow, &request);
    }
}
