//! The media sections that every connection has, whatever is sent in them.
//!
//! Separate, because what is captured and what is sent are both filed under them.

use super::devices::Kind;

/// The media sections of every connection, in their order in every description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Sound, in one stream with the camera for lip-sync.
    Microphone,
    /// Picture.
    Camera,
    /// A shared screen.
    Screen,
    /// The sound of a shared screen.
    ScreenSound,
}

/// What of somebody there is to see, each with its sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Themselves.
    Camera,
    /// What they share.
    Screen,
}

impl Slot {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Microphone, Self::Camera, Self::Screen, Self::ScreenSound];

    /// Returns the browser's word for what goes in it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Microphone | Self::ScreenSound => "audio",
            Self::Camera | Self::Screen => "video",
        }
    }

    /// Returns what it belongs to.
    pub fn source(self) -> Source {
        match self {
            Self::Microphone | Self::Camera => Source::Camera,
            Self::Screen | Self::ScreenSound => Source::Screen,
        }
    }
}

impl From<Kind> for Slot {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Microphone => Self::Microphone,
            Kind::Camera => Self::Camera,
        }
    }
}
