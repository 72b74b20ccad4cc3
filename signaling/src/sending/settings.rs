//! What comes of it: how each of the others is sent the pictures, why it is no more, and what to do.
//!
//! Separate, because edges act on it.

use super::Sources;
use super::constants::{BEGINNING_RATE, CROWD, FLUENT, HALF, RATES, SCALES};
use super::share::{Ask, Level, Part};
use crate::identity::ParticipantId;

/// How a picture is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// How many times smaller on each side than it is captured, in hundredths (`scaleResolutionDownBy`).
    pub scale: u16,
    /// Pictures a second at most (`maxFramerate`).
    pub rate: u8,
    /// Bits a second at most (`maxBitrate`); `None` leaves it to the browser.
    pub bits: Option<u32>,
}

/// What somebody is sent. A picture that is `None` is not sent at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// Bits a second of the microphone at most (`maxBitrate`); `None` leaves it to the browser.
    pub sound: Option<u32>,
    /// The camera.
    pub camera: Option<Encoding>,
    /// The screen.
    pub screen: Option<Encoding>,
    /// Whether the camera is encoded by the codec that costs the processor least.
    pub light: bool,
}

/// Why somebody gets no more of a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They get all there is.
    Whole,
    /// They show it in this size.
    Shown,
    /// They do not show it.
    Hidden,
    /// The uplink carries no more.
    Uplink,
    /// The processor encodes no more.
    Processor,
    /// One chose so.
    Chosen,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Send this to somebody from now on.
    Set(ParticipantId, Settings),
    /// Tell somebody whether the camera is held back, although they show it.
    Hold(ParticipantId, bool),
}

/// How the camera begins that is sent to several, and to a crowd.
const FEW: Level = Level { scale: HALF, rate: FLUENT };
const MANY: Level = Level { scale: SCALES.len() - 1, rate: BEGINNING_RATE };

/// Returns how the camera begins that is sent to so many, more than one, for whoever begins before there is a
/// [`Sender`](super::Sender): how many times smaller on each side, and pictures a second.
pub const fn beginning(others: usize) -> (f64, f64) {
    const fn numbers(level: Level) -> (f64, f64) {
        (SCALES[level.scale] as f64 / 100.0, RATES[level.rate] as f64)
    }
    if others < CROWD { const { numbers(FEW) } } else { const { numbers(MANY) } }
}

/// Returns at which level the camera begins that is sent to so many: small to several, and smallest and slowly to a crowd.
pub(super) fn begin(others: usize) -> Level {
    match others {
        0 | 1 => Level::default(),
        _ if others < CROWD => FEW,
        _ => MANY,
    }
}

/// Returns how the camera is sent to somebody. Before it is on, it is made ready: small to one of several.
pub(super) fn camera_of(sources: Sources, ask: &Ask, part: Part, first: bool, others: usize) -> Option<Encoding> {
    let alone = others == 1;
    let ready = ask.view.camera.map(|_| begin(others)).filter(|_| sources.camera.is_none());
    let level = part.camera.or(ready)?;
    let bits = (!alone && sources.camera.is_some()).then(|| sources.bits(level, first));
    Some(Encoding { scale: SCALES[level.scale], rate: RATES[level.rate], bits })
}

/// Returns how the screen is sent to somebody.
pub(super) fn screen_of(sources: Sources, ask: &Ask, part: Part, alone: bool) -> Option<Encoding> {
    let shown = ask.view.screen?;
    let rate = part.screen.unwrap_or_default();
    let scale = sources.screen_scale(shown);
    let bits = (!alone && sources.screen.is_some()).then(|| sources.screen(rate, scale).1);
    Some(Encoding { scale, rate: sources.screen_rates()[rate], bits })
}
