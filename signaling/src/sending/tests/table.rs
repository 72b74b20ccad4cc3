//! The table of the documentation: what each of the others gets, by people, uplink and machine.

use super::world::World;
use super::*;

const TABLE: &str = include_str!("../../../../docs/people.md");
/// An ordinary machine encodes as much as it is ever asked to; a weak one, so many pixels a second for all others together.
const ORDINARY: f64 = 200e6;
const WEAK: f64 = 2e6;
const UPLINKS: [u32; 4] = [1, 2, 5, 20];
/// How many people, and the size of each of the others in a window of 1280×720.
const ROOMS: [(usize, (u16, u16)); 6] =
    [(2, (1_240, 640)), (3, (620, 350)), (4, (620, 320)), (6, (410, 230)), (8, (410, 215)), (12, (310, 175))];

/// What whoever gets least gets, at worst in the minute that follows the first two: size and pictures a second.
fn given(people: usize, shown: (u16, u16), uplink: u32, machine: f64) -> (u64, String) {
    let mut world = World::new(&vec![view(shown.0, shown.1); people - 1], f64::from(uplink) * 1e6, machine);
    world.run(120);
    let mut worst = (u64::MAX, String::new());
    for _ in 0..60 {
        world.run(1);
        for other in world.sender.others.values() {
            let camera = other.settings.and_then(|settings| settings.camera);
            let words = camera.map_or((0, "none".into()), |camera| {
                let side = |length: u16| u64::from(length) * 100 / u64::from(camera.scale);
                let (width, height, rate) = (side(CAMERA.size.0), side(CAMERA.size.1), camera.rate);
                (width * height * u64::from(rate), format!("{width}×{height}, {rate}"))
            });
            worst = worst.min(words);
        }
    }
    worst
}

#[test]
fn it_says_what_the_policy_gives_and_more_uplink_is_never_less() {
    let mut rows = Vec::new();
    for (people, shown) in ROOMS {
        let mut before = 0;
        for uplink in UPLINKS {
            let (pixels, ordinary) = given(people, shown, uplink, ORDINARY);
            assert!(pixels >= before, "{people} people, {uplink} Mbit/s: {ordinary}");
            before = pixels;
            let (_, weak) = given(people, shown, uplink, WEAK);
            rows.push(format!("| {people} | {uplink} Mbit/s | {ordinary} | {weak} |"));
        }
    }
    let missing: Vec<_> = rows.iter().filter(|row| !TABLE.contains(row.as_str())).collect();
    assert!(missing.is_empty(), "docs/people.md should have these rows:\n{}", rows.join("\n"));
}
