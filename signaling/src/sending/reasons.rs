//! What a person is told of what is sent: why somebody gets no more, whether more is given up than size, and what one more would do.
//!
//! Separate, because nothing is decided here.

use super::constants::{CROWD, FLUENT, HEADROOM, RATES, SCALES};
use super::share::{Ask, Budget, Level, Part, share};
use super::{Captured, Choice, Other, Sender, Sources, Why};
use crate::identity::ParticipantId;
use crate::protocol::View;
use crate::time::Moment;

impl Sender {
    /// Returns why somebody gets no more of the camera.
    pub fn why(&self, id: ParticipantId, now: Moment) -> Why {
        let Some(index) = self.others.iter().position(|(known, _)| known == id) else { return Why::Hidden };
        let asks: Vec<_> = self.others.values().map(|other| self.ask(other, now)).collect();
        let (Some(ask), Some(other)) = (asks.get(index), self.others.get(id)) else { return Why::Hidden };
        let costs = |part: &Part| part.camera.map(|level| self.sources.pixels(level));
        let part = |budget: Budget| share(&asks, self.sources, budget).get(index).and_then(costs);
        let given = costs(&other.part);
        let wished = part(Budget::ENDLESS);
        match () {
            () if other.view.is_some_and(|view| view.camera.is_none()) => Why::Hidden,
            () if self.choice != Choice::All && ask.view.camera.is_none() => Why::Chosen,
            () if given < wished => {
                let budget = self.budget(HEADROOM);
                let wide = Budget { bits: u32::MAX, ..budget };
                if part(budget) < part(wide) || other.way.bits.is_some() { Why::Uplink } else { Why::Processor }
            }
            () if other.way.bits.is_some() => Why::Uplink,
            () if given >= Some(self.full_pixels()) => Why::Whole,
            () if self.choice == Choice::Small => Why::Chosen,
            () => Why::Shown,
        }
    }

    /// Returns whether more is given up than size: somebody who shows the camera gets fewer pictures than move, or none.
    pub fn is_strained(&self) -> bool {
        let fluent = self.sources.fastest().max(FLUENT);
        let slow = |other: &Other| other.part.camera.is_some_and(|level| level.rate > fluent);
        let strained = |other: &Other| other.held || (other.view.is_some() && slow(other));
        self.choice == Choice::All && self.others.values().any(strained)
    }

    /// Returns what each of so many others would get of a camera, if they showed it in this size: its size and pictures a second.
    pub fn forecast(&self, others: usize, shown: (u16, u16)) -> Option<((u16, u16), u8)> {
        let camera = self.sources.camera.unwrap_or(Captured { size: (640, 360), rate: 30 });
        let sources = Sources { camera: Some(camera), ..self.sources };
        let view = View { camera: Some(shown), screen: None, first: false };
        let ask = Ask { view, least: Level::default(), bits: None };
        // As connections are made here.
        let copies = if others < CROWD { 2 } else { 1 };
        let new = others.saturating_sub(self.others.values().count());
        let sound = (0..new).fold(self.all_sound(self.sound), |all, _| all.saturating_add(self.sound.bits(copies)));
        let limit = self.processor.limit().camera.max(self.least(others));
        let pixels = sources.pixels(Level::default()) * u64::from(limit) / 100;
        let bits = self.uplink.limit().saturating_sub(sound);
        let budget = Budget { bits, pixels, ..self.budget(100) };
        let level = share(&vec![ask; others], sources, budget).last()?.camera?;
        let side = |length: u16| u32::from(length) * 100 / u32::from(SCALES[level.scale]);
        let size = (side(camera.size.0) as u16, side(camera.size.1) as u16);
        Some((size, RATES[level.rate].min(camera.rate)))
    }
}
