//! How long allocations live.

use super::guest::World;
use crate::Limits;
use core::time::Duration;

#[test]
fn an_allocation_ends_unless_it_is_refreshed() {
    let mut world = World::new(Limits::default());
    let ((ann, _), (ben, ben_at)) = (world.settled(1), world.settled(1));
    world.pass(Duration::from_secs(400));
    ann.refresh(&mut world, 600).unwrap();
    world.pass(Duration::from_secs(400));
    assert!(world.relay.serves(&ann.flow) && !world.relay.serves(&ben.flow));
    assert_eq!(ann.bind(&mut world, 0x4001, ben_at), Err(403));
    assert_eq!(world.relay.figures().allocations, [1, 0, 0]);
}

#[test]
fn an_allocation_ends_when_its_owner_gives_it_up() {
    let mut world = World::new(Limits::default());
    let (ann, _) = world.settled(1);
    ann.refresh(&mut world, 0).unwrap();
    assert!(!world.relay.serves(&ann.flow));
}

#[test]
fn an_allocation_ends_when_its_owner_leaves_the_room() {
    let mut world = World::new(Limits::default());
    let ((ann, ann_at), (ben, ben_at)) = (world.settled(1), world.settled(1));
    ann.bind(&mut world, 0x4001, ben_at).unwrap();
    ben.bind(&mut world, 0x4001, ann_at).unwrap();
    world.leave(&ann);
    world.pass(Duration::from_secs(1));
    assert_eq!(ann.channel(&mut world, 0x4001, b"x"), None);
    assert_eq!(ben.channel(&mut world, 0x4001, b"x"), None);
    assert!(!world.relay.serves(&ann.flow) && world.relay.serves(&ben.flow));
}

#[test]
fn an_allocation_ends_with_its_stream() {
    let mut world = World::new(Limits::default());
    let (ann, _) = world.settled(1);
    world.relay.ended(&ann.flow);
    assert_eq!(world.relay.figures().allocations, [0; 3]);
}

#[test]
fn a_lost_answer_is_given_again() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    ann.knock(&mut world);
    let request = ann.allocate_request();
    let first = world.send(ann.flow, &request).unwrap();
    let second = world.send(ann.flow, &request).unwrap();
    assert_eq!(first.1, second.1);
    assert_eq!(world.relay.figures().allocations, [1, 0, 0]);
}

#[test]
fn what_was_given_up_is_not_confirmed_again() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    ann.knock(&mut world);
    let request = ann.allocate_request();
    world.send(ann.flow, &request).unwrap();
    ann.refresh(&mut world, 0).unwrap();
    world.send(ann.flow, &request).unwrap();
    assert!(world.relay.serves(&ann.flow), "an answer that says yes is true");
}

#[test]
fn whoever_allocates_nothing_is_forgotten() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    ann.knock(&mut world);
    assert_eq!(world.relay.clients(), 1);
    world.pass(Duration::from_secs(31));
    assert_eq!(world.relay.clients(), 0);
}
