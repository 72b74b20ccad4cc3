//! What the policy is told: what there is to send, what its person wants, and what was counted.
//!
//! Separate from what it [decides](super), because edges fill it in.

use super::constants::SMALL;
use crate::protocol::View;
use core::time::Duration;

/// What a camera or a screen gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Captured {
    /// Its width and height, in pixels.
    pub size: (u16, u16),
    /// Pictures a second.
    pub rate: u8,
}

/// What there is to send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sources {
    /// The camera, while it is on.
    pub camera: Option<Captured>,
    /// The screen, while it is shared.
    pub screen: Option<Captured>,
    /// Whether that is to be smooth rather than sharp.
    pub smooth: bool,
}

/// What a person wants to see and to send of cameras.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// As much as goes.
    #[default]
    All,
    /// Small pictures.
    Small,
    /// Whoever speaks.
    Speakers,
    /// None.
    Sound,
}

/// What was counted of a connection since the last look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// What the browser believes that the way carries, in bits a second (`availableOutgoingBitrate`).
    pub available: Option<u32>,
    /// What went out, in bits a second.
    pub sent: u32,
    /// What did not arrive, in thousandths (`fractionLost`).
    pub lost: u32,
    /// There and back; `None` while it is not known.
    pub round_trip: Option<Duration>,
    /// Whether the browser holds pictures back for want of room on the network (`qualityLimitationReason`).
    pub limited: bool,
}

/// How busy the machine was since the last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Of the pictures that were to be encoded, how many were, in thousandths.
    pub kept_up: u32,
    /// What a megapixel of the camera took to encode, in microseconds; 0 where none was.
    pub slowness: u32,
    /// By how much the page's clock was late, in milliseconds.
    pub late: u32,
    /// The time that encoding took, in thousandths of the time that passed.
    pub encoding: u32,
    /// How many processor cores there are.
    pub cores: u8,
}

impl Choice {
    /// Limits what somebody is shown to what was chosen: who speaks is for others to say.
    #[must_use]
    pub fn limit(self, view: View) -> View {
        let small = |(width, height): (u16, u16)| (width.min(SMALL.0), height.min(SMALL.1));
        match self {
            Self::All | Self::Speakers => view,
            Self::Small => View { camera: view.camera.map(small), first: false, ..view },
            Self::Sound => View { camera: None, ..view },
        }
    }
}
