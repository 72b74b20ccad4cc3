//! Who gets how much of one's pictures, if there is only so much to give: the order of sacrifice.
//!
//! Separate, because it is arithmetic without time. Everyone is given what they show; as long as that is more than there is, the
//! next thing is given up: the size of small pictures, that of large ones down to a half, pictures a second as long as they flow, those
//! of small ones until they nod, more of the size and rate of large ones, cameras, pictures a second of a screen. Sound is not in it: it is never
//! given up.

use super::constants::{
    CROWD, FIRST_BITS, FLUENT, HALF, PIXEL_BITS, RATES, SCALES, SCREEN_LEAST_BITS, SCREEN_PIXEL_BITS, SCREEN_RATES,
    SMOOTH_SCREEN_RATES, STRETCH,
};
use super::{Captured, Sources};
use crate::protocol::{Extent, View};

/// What there is to give, for all others together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Budget {
    /// Bits a second for pictures.
    pub bits: u32,
    /// Pixels of the camera a second.
    pub pixels: u64,
    /// Pixels of the screen a second.
    pub screen_pixels: u64,
}

impl Budget {
    /// Enough for whatever is asked for.
    pub(super) const ENDLESS: Self = Self { bits: u32::MAX, pixels: u64::MAX, screen_pixels: u64::MAX };
}

/// What one of the others is to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ask {
    pub view: View,
    /// The largest step that this one may have now: one who came just now begins small.
    pub least: Level,
    /// Bits a second that the way to this one carries, if that is known to be less.
    pub bits: Option<u32>,
}

/// A size and a rate of a camera, by their places in [`SCALES`] and [`RATES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Level {
    pub scale: usize,
    pub rate: usize,
}

impl Level {
    /// The smallest size at the slowest rate.
    pub(super) const LEAST: Self = Self { scale: SCALES.len() - 1, rate: RATES.len() - 1 };
}

/// What one of the others gets: of the camera, and of the screen by its place among its rates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub camera: Option<Level>,
    pub screen: Option<usize>,
}

impl Sources {
    /// Returns the pixels of a camera a second, at a level.
    pub(super) fn pixels(&self, level: Level) -> u64 {
        self.camera.map_or(0, |camera| camera.at(level).1)
    }

    /// Returns the bits a second that a camera may take at a level.
    pub(super) fn bits(&self, level: Level, first: bool) -> u32 {
        let (area, pixels) = self.camera.map_or((0, 0), |camera| camera.at(level));
        let thousandths = PIXEL_BITS.iter().find(|(least, _)| area >= *least).map_or(0, |(_, bits)| *bits);
        let bits = pixels * u64::from(thousandths) / 1_000 * u64::from(if first { FIRST_BITS } else { 1 });
        u32::try_from(bits).unwrap_or(u32::MAX)
    }

    /// Returns the rates of the screen.
    pub(super) fn screen_rates(&self) -> &'static [u8; 4] {
        if self.smooth { &SMOOTH_SCREEN_RATES } else { &SCREEN_RATES }
    }

    /// Returns the pixels of a screen a second, and the bits.
    pub(super) fn screen(&self, rate: usize, scale: u16) -> (u64, u32) {
        let Some(screen) = self.screen else { return (0, 0) };
        let rate = self.screen_rates()[rate].min(screen.rate.max(1));
        let pixels = screen.area(scale) * u64::from(rate);
        let bits = u32::try_from(pixels * u64::from(SCREEN_PIXEL_BITS) / 1_000).unwrap_or(u32::MAX);
        (pixels, bits.max(SCREEN_LEAST_BITS))
    }

    /// Returns by how much a screen is made smaller, in hundredths, for who shows it in this size: never below that, because what
    /// is shared is read.
    pub(super) fn screen_scale(&self, shown: (u16, u16)) -> u16 {
        let fits = self.screen.map_or(100, |screen| screen.hundredths(shown, u32::max));
        let scale = SCALES.into_iter().rev().find(|scale| u32::from(*scale) <= fits);
        scale.unwrap_or(100)
    }

    /// Returns the level that suits a camera that is shown in this size.
    fn wished(&self, shown: (u16, u16)) -> usize {
        // A tile is filled by a face, and what does not fit is cut off.
        let fits = self.camera.map_or(100, |camera| camera.hundredths(shown, u32::min)) * STRETCH / 100;
        SCALES.iter().rposition(|scale| u32::from(*scale) <= fits).unwrap_or(0)
    }
}

impl Captured {
    fn area(&self, scale: u16) -> u64 {
        let side = |length: u16| u64::from(length) * 100 / u64::from(scale.max(100));
        side(self.size.0) * side(self.size.1)
    }

    /// Returns the pixels of one picture, and a second.
    fn at(&self, level: Level) -> (u32, u64) {
        let area = self.area(SCALES[level.scale]);
        let rate = RATES[level.rate].min(self.rate.max(1));
        (u32::try_from(area).unwrap_or(u32::MAX), area * u64::from(rate))
    }

    /// Returns how many times what is captured is larger than what is shown, in hundredths, on the side that `side` chooses.
    fn hundredths(&self, shown: (u16, u16), side: fn(u32, u32) -> u32) -> u32 {
        let ratio = |captured: u16, shown: u16| u32::from(captured) * 100 / u32::from(shown.max(1));
        side(ratio(self.size.0, shown.0), ratio(self.size.1, shown.1))
    }
}

/// Divides what there is among those who ask.
pub(super) fn share(asks: &[Ask], sources: Sources, budget: Budget) -> Vec<Part> {
    let crowded = asks.len() >= CROWD;
    let mut shares = Shares { asks, sources, parts: asks.iter().map(|ask| wished(ask, sources, crowded)).collect() };
    while !shares.fits(budget) && shares.give_up(budget) {}
    shares.parts
}

/// What somebody would get if there were enough.
fn wished(ask: &Ask, sources: Sources, crowded: bool) -> Part {
    let seen = |shown: Extent, there: Option<Captured>| shown.filter(|_| there.is_some());
    let camera = seen(ask.view.camera, sources.camera).map(|shown| {
        let mut level = Level {
            scale: sources.wished(shown).max(ask.least.scale),
            rate: sources.fastest().max(ask.least.rate).max(usize::from(crowded && !ask.view.first)),
        };
        // What the way there does not carry would only wait on it.
        while ask.bits.is_some_and(|most| sources.bits(level, false) > most) && level.scale + 1 < SCALES.len() {
            level.scale += 1;
        }
        level
    });
    Part { camera, screen: seen(ask.view.screen, sources.screen).map(|_| 0) }
}

struct Shares<'a> {
    asks: &'a [Ask],
    sources: Sources,
    parts: Vec<Part>,
}

impl Shares<'_> {
    /// Returns the pixels of cameras, of screens, and the bits.
    fn costs(&self) -> (u64, u64, u64) {
        let mut costs = (0, 0, 0);
        for (ask, part) in self.asks.iter().zip(&self.parts) {
            if let Some(level) = part.camera {
                costs.0 += self.sources.pixels(level);
                costs.2 += u64::from(self.sources.bits(level, false));
            }
            if let (Some(rate), Some(shown)) = (part.screen, ask.view.screen) {
                let (pixels, bits) = self.sources.screen(rate, self.sources.screen_scale(shown));
                costs.1 += pixels;
                costs.2 += u64::from(bits);
            }
        }
        costs
    }

    fn fits(&self, budget: Budget) -> bool {
        let (pixels, screen_pixels, bits) = self.costs();
        pixels <= budget.pixels && screen_pixels <= budget.screen_pixels && bits <= u64::from(budget.bits)
    }

    /// Gives up the next thing. Returns whether there was one.
    fn give_up(&mut self, budget: Budget) -> bool {
        let (pixels, screen_pixels, bits) = self.costs();
        if screen_pixels > budget.screen_pixels && self.slow_screen() {
            return true;
        }
        // Of screens alone no camera suffers, unless they share a line that is too thin.
        if pixels <= budget.pixels && bits <= u64::from(budget.bits) {
            return false;
        }
        let smallest = SCALES.len() - 1;
        self.step(false, |level| level.scale < smallest, shrink)
            || self.step(true, |level| level.scale < HALF, shrink)
            || self.step(false, |level| level.rate < FLUENT, slow)
            || self.step(true, |level| level.rate < FLUENT, slow)
            || self.step(false, |level| level.rate + 1 < RATES.len(), slow)
            || self.step(true, |level| level.scale < smallest, shrink)
            || self.step(true, |level| level.rate + 1 < RATES.len(), slow)
            || self.stop(false)
            || self.stop(true)
            || self.slow_screen()
    }

    /// Changes one camera, of those that somebody looks at or of the others: the one that costs most, and of equals the last.
    fn step(&mut self, first: bool, may: impl Fn(Level) -> bool, change: fn(&mut Level)) -> bool {
        let sources = self.sources;
        let of = self.parts.iter_mut().zip(self.asks).filter(|(_, ask)| ask.view.first == first);
        let levels = of.filter_map(|(part, _)| part.camera.as_mut()).filter(|level| may(**level));
        levels.max_by_key(|level| sources.pixels(**level)).map(change).is_some()
    }

    /// Stops the last camera of those that somebody looks at, or of the others.
    fn stop(&mut self, first: bool) -> bool {
        let mut of = self.parts.iter_mut().zip(self.asks).rev();
        let last = of.find(|(part, ask)| part.camera.is_some() && ask.view.first == first);
        last.map(|(part, _)| part.camera = None).is_some()
    }

    fn slow_screen(&mut self) -> bool {
        let rates = self.parts.iter_mut().filter_map(|part| part.screen.as_mut());
        let fastest = rates.filter(|rate| **rate + 1 < SCREEN_RATES.len()).min_by_key(|rate| **rate);
        fastest.map(|rate| *rate += 1).is_some()
    }
}

fn shrink(level: &mut Level) {
    level.scale += 1;
}

fn slow(level: &mut Level) {
    level.rate += 1;
}

impl Sources {
    /// Returns the place of the last rate that keeps all pictures of the camera.
    pub(super) fn fastest(&self) -> usize {
        let rate = self.camera.map_or(u8::MAX, |camera| camera.rate);
        RATES.iter().rposition(|step| *step >= rate).unwrap_or(0)
    }
}
