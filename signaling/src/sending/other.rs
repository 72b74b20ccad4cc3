//! One of the others, as far as it matters for what they are sent.
//!
//! Separate, because it decides nothing.

use super::Sources;
use super::settings::Settings;
use super::share::Part;
use super::sound::Sound;
use super::way::{Cost, Way};
use crate::protocol::View;
use crate::time::{Moment, Pace};

/// One of the others.
#[derive(Debug, Clone)]
pub(super) struct Other {
    /// How they show us; nothing is known of who has not told.
    pub view: Option<View>,
    /// What they told since, and may not yet have heeded.
    pub told: Option<View>,
    /// What they tell may begin pictures anew, at their end and at others'.
    pub pace: Pace,
    pub since: Moment,
    pub part: Part,
    pub way: Way,
    pub settings: Option<Settings>,
    pub held: bool,
    /// Of how many they were one, when they came.
    pub among: usize,
    /// In how many packets they get each piece of sound.
    pub copies: u32,
}

impl Other {
    /// Somebody who came as one of so many others, and has each piece of sound in so many packets.
    pub(super) fn new(among: usize, copies: u32, now: Moment) -> Self {
        Self {
            view: None,
            told: None,
            pace: Pace::default(),
            since: now,
            part: Part::default(),
            way: Way::default(),
            settings: None,
            held: false,
            among,
            copies,
        }
    }

    /// Takes what they told, unless it was too often.
    pub(super) fn heed(&mut self, now: Moment) {
        if self.told.is_some() && self.pace.allows(now) {
            self.view = self.told.take();
        }
    }

    /// Returns what may go to them now.
    pub(super) fn cost(&self, sources: Sources, sound: Sound) -> Cost {
        let camera = self.part.camera.map_or(0, |level| sources.bits(level, false));
        Cost { sound: sound.bits(self.copies), camera }
    }
}
