//! How many pixels this machine encodes a second without getting out of breath.
//!
//! Separate, because browsers do not tell: `qualityLimitationReason` was seen to say `none` with every core full. So it is
//! judged by what comes out: pictures that were to be encoded and were not, the time that encoding takes, and a clock that is
//! late.

use super::backoff::Backoff;
use super::constants::{
    AT_EASE, BEST_FORGOTTEN, BROKEN_DOWN, ENCODING_SHARE, KEPT_UP, LATE, PIXELS_CALM, PIXELS_CALM_MOST, PIXELS_CLIMB,
    PIXELS_CUT, PIXELS_MOST, PIXELS_PROOF, PIXELS_START, PIXELS_START_CROWD, SCREEN_LEAST, SCREEN_MOST, SLOWED,
    STRAINED_LOOKS,
};
use super::{Load, Scarce};
use crate::time::Moment;

/// Pixels that are encoded a second: of the camera, as many times what it gives; of the screen, of what may be at most. In hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pixels {
    pub camera: u32,
    pub screen: u32,
}

/// What is believed of a processor.
#[derive(Debug, Clone)]
pub(super) struct Processor {
    limit: Pixels,
    /// For how many looks it has been out of breath.
    strained: u8,
    /// Since when nothing has changed; `None` before the first look.
    since: Option<Moment>,
    /// Whether it has shown what it can.
    proven: bool,
    /// How long it must be calm before more is tried.
    calm: Backoff,
    /// What a megapixel takes at best.
    best: Option<u32>,
}

impl Default for Processor {
    fn default() -> Self {
        Self {
            limit: Pixels { camera: PIXELS_START, screen: SCREEN_MOST },
            strained: 0,
            since: None,
            proven: false,
            calm: Backoff::new(PIXELS_CALM, PIXELS_CALM_MOST, PIXELS_PROOF),
            best: None,
        }
    }
}

impl Processor {
    /// Returns how many pixels may be encoded.
    pub(super) fn limit(&self) -> Pixels {
        self.limit
    }

    /// There are many to send to now.
    pub(super) fn meet_crowd(&mut self) {
        if !self.proven {
            self.limit.camera = self.limit.camera.min(PIXELS_START_CROWD);
        }
    }

    /// Takes how busy it was. `used` is what was to be encoded; of what is `scarce`, more would be; of the camera, less than `least` would
    /// not be enough for everyone.
    pub(super) fn look(&mut self, load: Load, used: Pixels, scarce: Scarce, least: u32, now: Moment) {
        self.limit.camera = self.limit.camera.max(least);
        let best = self.best.map_or(load.slowness, |best| best.saturating_add(best.div_ceil(BEST_FORGOTTEN)));
        let slower = |than: u32| load.slowness > best.saturating_mul(than) / 100;
        let is_at_ease = load.late <= LATE / 2 && (load.kept_up >= AT_EASE.0 || !slower(AT_EASE.1));
        if load.slowness > 0 {
            self.best = Some(best.min(load.slowness));
        }
        let starves = load.kept_up < BROKEN_DOWN && (slower(AT_EASE.1) || load.late > LATE / 2);
        let is_out_of_breath = starves || is_out_of_breath(load, slower(SLOWED));
        self.strained = if is_out_of_breath { self.strained + 1 } else { 0 };
        if self.strained >= STRAINED_LOOKS {
            self.cut(used, least, now);
        }
        let since = *self.since.get_or_insert(now);
        if self.strained > 0 || !is_at_ease {
            self.since = Some(now);
        } else if now >= since + self.calm.wait() {
            self.proven = true;
            // What was given up last comes back first. What nobody asks for is not known to be there.
            let screen = (&mut self.limit.screen, scarce.screen, SCREEN_MOST);
            let camera = (&mut self.limit.camera, scarce.camera, PIXELS_MOST);
            let wanted = |(limit, scarce, most): &(&mut u32, bool, u32)| *scarce && **limit < *most;
            if let Some((limit, _, most)) = [screen, camera].into_iter().find(wanted) {
                *limit = (*limit * PIXELS_CLIMB).div_ceil(100).min(most);
                self.calm.tries(now);
                self.since = Some(now);
            }
        }
    }

    fn cut(&mut self, used: Pixels, least: u32, now: Moment) {
        (self.strained, self.since) = (0, Some(now));
        // The screen goes last. Where next to nothing is encoded, it is something else that takes the time.
        let camera = (&mut self.limit.camera, used.camera, least);
        let screen = (&mut self.limit.screen, used.screen, SCREEN_LEAST);
        let spare = |(limit, used, least): &(&mut u32, u32, u32)| **limit > *least && used >= least;
        let Some((limit, used, least)) = [camera, screen].into_iter().find(spare) else { return };
        // It is what is done now that is too much, and not what might be.
        *limit = ((*limit).min(used) * PIXELS_CUT / 100).max(least);
        self.proven = true;
        let _ = self.calm.fails(now);
    }
}

/// Returns whether it does not keep up. `slow` tells whether each picture takes longer than it would.
fn is_out_of_breath(load: Load, slow: bool) -> bool {
    // A camera in the dark gives fewer pictures, too. But each takes as long as ever.
    let fails = load.kept_up < KEPT_UP && slow;
    let encoding = load.encoding > ENCODING_SHARE * u32::from(load.cores.max(1));
    fails || load.late > LATE || encoding
}
