//! The order in which things are given up.

use super::*;
use crate::sending::constants::{FLUENT, HALF};

const PLENTY: Budget = Budget { bits: u32::MAX, pixels: u64::MAX, screen_pixels: u64::MAX };

fn asks(views: &[View]) -> Vec<Ask> {
    views.iter().map(|view| Ask { view: *view, least: Level::default(), bits: None }).collect()
}

/// Everything that is given up on the way from plenty to nothing, as one word each.
fn given_up(views: &[View], sources: Sources) -> Vec<&'static str> {
    let asks = asks(views);
    let mut words: Vec<&str> = Vec::new();
    let mut before = share(&asks, sources, PLENTY);
    for bits in (0..16_000_000_u32).step_by(5_000).rev() {
        let now = share(&asks, sources, Budget { bits, ..PLENTY });
        for ((ask, before), now) in asks.iter().zip(&before).zip(&now) {
            let large = ask.view.first;
            let word = match (before.camera, now.camera) {
                (Some(_), None) => Some("camera"),
                (Some(before), Some(now)) if now.scale > before.scale && large => Some("large size"),
                (Some(before), Some(now)) if now.scale > before.scale => Some("small size"),
                (Some(before), Some(now)) if now.rate > before.rate => Some("rate"),
                _ if now.screen > before.screen => Some("screen rate"),
                _ => None,
            };
            words.extend(word.filter(|word| words.last() != Some(word)));
        }
        before = now;
    }
    words
}

#[test]
fn size_goes_before_rate_and_rate_before_cameras_and_the_screen_last() {
    let screen = Captured { size: (1_280, 720), rate: 30 };
    let sources = Sources { camera: Some(CAMERA), screen: Some(screen), smooth: false };
    let shown = View { screen: Some((1_280, 720)), ..view(640, 360) };
    let words = given_up(&[first(shown), shown, shown], sources);
    let order = ["small size", "large size", "rate", "large size", "rate", "camera", "screen rate"];
    assert_eq!(words, order);
}

#[test]
fn a_camera_goes_from_who_hardly_looks_before_who_looks() {
    let sources = Sources { camera: Some(CAMERA), ..Sources::default() };
    let asks = asks(&[view(300, 170), first(view(300, 170)), view(300, 170)]);
    let on = |bits| share(&asks, sources, Budget { bits, ..PLENTY }).iter().map(|part| part.camera.is_some()).collect();
    let one: Vec<bool> = on(20_000);
    assert_eq!(one, [false, true, false]);
    assert_eq!(on(0), [false; 3].to_vec());
}

#[test]
fn small_pictures_are_slowed_before_the_one_that_is_looked_at_is_made_very_small() {
    let sources = Sources { camera: Some(CAMERA), ..Sources::default() };
    let mut views = vec![view(200, 112); 7];
    views[3] = first(view(900, 506));
    let asks = asks(&views);
    let at = |pixels| share(&asks, sources, Budget { pixels, ..PLENTY });
    let large = |parts: &[Part]| parts[3].camera.map(|camera| (camera.scale, camera.rate));
    let small = |parts: &[Part]| parts.iter().filter_map(|part| part.camera).map(|camera| camera.rate).max();
    assert_eq!((large(&at(1_300_000)), small(&at(1_300_000))), (Some((HALF, FLUENT)), Some(Level::LEAST.rate)));
    assert_eq!(large(&at(1_200_000)), Some((HALF + 1, FLUENT)));
}

#[test]
fn what_there_is_is_never_exceeded_unless_there_is_nothing_left_to_give_up() {
    let sources = Sources { camera: Some(CAMERA), ..Sources::default() };
    for count in 1..=12 {
        let mut views = vec![view(420, 236); count];
        views[count / 2] = first(view(900, 506));
        let asks = asks(&views);
        for bits in (0..3_000_000).step_by(50_000) {
            for pixels in (0..14_000_000).step_by(1_000_000) {
                let parts = share(&asks, sources, Budget { bits, pixels, screen_pixels: 0 });
                let of = |cost: fn(&Sources, Level) -> u64| -> u64 {
                    parts.iter().filter_map(|part| part.camera).map(|level| cost(&sources, level)).sum()
                };
                assert!(of(|sources, level| sources.bits(level, false).into()) <= u64::from(bits));
                assert!(of(Sources::pixels) <= pixels);
            }
        }
    }
}

#[test]
fn equals_get_nearly_the_same() {
    let sources = Sources { camera: Some(CAMERA), ..Sources::default() };
    for pixels in (1_000_000..14_000_000).step_by(250_000) {
        let parts = share(&asks(&[view(640, 360); 6]), sources, Budget { pixels, ..PLENTY });
        let scales = || parts.iter().filter_map(|part| part.camera).map(|level| level.scale);
        assert!(scales().max().unwrap() - scales().min().unwrap() <= 1, "{parts:?}");
    }
}
