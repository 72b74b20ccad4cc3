//! What one page tells another about pictures: how large it shows them, and that one is held back.
//!
//! Separate from [`PeerMessage`](super::PeerMessage), because a call works without it: it is read by what is loaded later, and a
//! page that does not know it sends what it always sent.

use serde::{Deserialize, Serialize};

/// What goes over the data channel `state` about pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureMessage {
    /// How large the sender of this shows what it gets from its reader.
    View(View),
    /// Whether the sender of this holds its camera back, although its reader shows it.
    Held(bool),
}

/// A width and a height in device pixels; nothing where it is not seen at all.
pub type Extent = Option<(u16, u16)>;

/// How large somebody shows another's pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The camera.
    #[serde(default)]
    pub camera: Extent,
    /// The shared screen.
    #[serde(default)]
    pub screen: Extent,
    /// Whether it is the one that is looked at: pinned, speaking and shown large, or the only one.
    #[serde(default)]
    pub first: bool,
}

impl View {
    /// Returns whether a change from here to `other` is one that may be felt: something is seen or no more, or its size differs
    /// by more than an eighth.
    pub fn differs(&self, other: &Self) -> bool {
        let apart = |one: u16, other: u16| one.abs_diff(other) > one.max(other) / 8;
        let differ = |one: Extent, other: Extent| match (one, other) {
            (Some(one), Some(other)) => apart(one.0, other.0) || apart(one.1, other.1),
            (one, other) => one != other,
        };
        self.first != other.first || differ(self.camera, other.camera) || differ(self.screen, other.screen)
    }

    /// Returns whether all that `other` shows is shown here, and as large.
    pub fn covers(&self, other: &Self) -> bool {
        let covers = |one: Extent, other: Extent| {
            let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
            one.0 >= other.0 && one.1 >= other.1
        };
        self.first >= other.first && covers(self.camera, other.camera) && covers(self.screen, other.screen)
    }
}
