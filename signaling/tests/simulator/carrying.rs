//! A pair that breaks while the server is away, and a third who still reaches both.
//!
//! Separate from the random schedules, because they end only after the server is back, and would not miss this.

use crate::mood::Mood;
use crate::world::World;
use core::time::Duration;
use signaling::negotiation::Transport;

/// Schedules to try.
const SCHEDULES: u64 = 200;
/// How long a call takes to be whole, and a broken pair to be mended.
const LONG: Duration = Duration::from_secs(60);

fn after(world: &mut World, time: Duration) {
    let until = world.agenda_now() + time;
    world.run_until(until);
}

#[test]
fn while_the_server_is_away_a_broken_pair_is_repaired_through_a_third() {
    for seed in 0..SCHEDULES {
        let mut world = World::with_mood(seed, Mood::calm(3));
        after(&mut world, LONG);
        assert_eq!(world.what_is_wrong(), None, "seed {seed}");
        world.server_goes();
        after(&mut world, Duration::from_secs(5));
        let before = world.figures.carried;
        world.break_pair(0, 1);
        after(&mut world, LONG);
        assert_eq!(world.broken, None, "seed {seed}");
        assert!(world.figures.carried > before, "seed {seed}: nobody carried anything");
        for (here, there) in [(0, 1), (1, 0), (0, 2), (1, 2)] {
            let transport = world.transport_between(here, there);
            assert_eq!(transport, Some(Transport::Connected), "seed {seed}: from {here} to {there}");
        }
    }
}

#[test]
fn two_alone_are_repaired_once_the_server_is_back() {
    for seed in 0..SCHEDULES {
        let mut world = World::with_mood(seed, Mood::calm(2));
        after(&mut world, LONG);
        world.server_goes();
        world.break_pair(0, 1);
        after(&mut world, LONG);
        assert_ne!(world.transport_between(0, 1), Some(Transport::Connected), "seed {seed}");
        world.server_returns();
        after(&mut world, LONG);
        assert_eq!((world.what_is_wrong(), &world.broken), (None, &None), "seed {seed}");
    }
}
