//! Who may allocate.

use super::guest::{HOUR, World};
use crate::{Limits, Refused};
use core::time::Duration;

#[test]
fn credentials_that_ran_out_allocate_nothing_new_but_keep_what_there_is() {
    let mut world = World::new(Limits::default());
    let (ann, _) = world.settled(1);
    let mut ben = world.guest(1);
    world.now += HOUR;
    assert_eq!(ben.allocate(&mut world), Err(401));
    // An hour is more than an allocation lives unless it is refreshed; this one was not, so ask again.
    let mut fresh = ann.clone();
    fresh.credentials = world.secret.mint(&fresh.owner, world.now + Duration::from_secs(10));
    fresh.flow.remote.set_port(7);
    fresh.knock_anew();
    fresh.allocate(&mut world).unwrap_or_else(|code| panic!("{code}"));
    for _ in 0..3 {
        world.pass(Duration::from_secs(300));
        assert_eq!(fresh.refresh(&mut world, 600), Ok(()));
    }
    assert_eq!(world.relay.figures().refused[Refused::Credentials as usize], 1);
}

#[test]
fn a_stranger_to_the_room_gets_nothing() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    world.leave(&ann);
    assert_eq!(ann.allocate(&mut world), Err(401));
    assert_eq!(world.relay.figures().refused[Refused::Stranger as usize], 1);
}

#[test]
fn a_wrong_password_gets_nothing() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    ann.credentials.password.push('x');
    assert_eq!(ann.allocate(&mut world), Err(401));
    let (_, ben_at) = world.settled(1);
    assert_eq!(ann.permit(&mut world, ben_at), Err(401));
    assert_eq!(world.relay.figures().allocations, [1, 0, 0]);
}

#[test]
fn a_name_of_somebody_elses_making_gets_nothing() {
    let mut world = World::new(Limits::default());
    let mut ann = world.guest(1);
    for name in ["ann", "99999999999:x/y", ""] {
        ann.credentials.username = name.into();
        assert_eq!(ann.allocate(&mut world), Err(401), "{name}");
    }
}

#[test]
fn somebody_elses_allocation_is_not_touched() {
    let mut world = World::new(Limits::default());
    let (ann, _) = world.settled(1);
    let (mut eve, _) = world.settled(1);
    eve.flow = ann.flow;
    assert!(eve.refresh(&mut world, 0).is_err());
    assert!(world.relay.serves(&ann.flow));
}

#[test]
fn a_participant_has_so_many_allocations_and_no_more() {
    let mut world = World::new(Limits { allocations: 2, allocations_in_all: 3, ..Limits::default() });
    let mut ann = world.guest(1);
    let allocate = |world: &mut World, guest: &mut super::guest::Guest| {
        guest.flow.remote.set_port(guest.flow.remote.port() + 1);
        guest.allocate(world)
    };
    // Another port is another client, with a nonce of its own: the answer to a stale one brings it.
    let count = |world: &mut World, guest: &mut super::guest::Guest| {
        (0..4)
            .filter(|_| {
                let mut other = guest.clone();
                other.knock_anew();
                let got = allocate(world, &mut other);
                guest.flow = other.flow;
                got.is_ok()
            })
            .count()
    };
    assert_eq!(count(&mut world, &mut ann), 2);
    let mut ben = world.guest(1);
    assert_eq!(count(&mut world, &mut ben), 1, "the server is full");
    assert_eq!(world.relay.figures().refused[Refused::Allocations as usize], 5);
}
