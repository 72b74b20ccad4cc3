//! What the page shows of each participant.
//!
//! Separate from the [state of the call](super::state), because there is one of these for each of them.

pub use crate::browser::slot::Source;
pub use crate::browser::vitals::Route;
pub use signaling::mesh::{Link, Trouble};

use leptos::prelude::*;
use signaling::identity::ParticipantId;
use signaling::protocol::MediaState;

/// A picture in the call: whose, and of what.
pub type Shown = (ParticipantId, Source);

/// One participant as its tile shows it. Each field is a signal of its own, so a change re-renders one tile's one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Whose.
    pub id: ParticipantId,
    /// Whether it is one's own.
    pub own: bool,
    /// The name to show.
    pub name: RwSignal<String>,
    /// What the devices are doing.
    pub media: RwSignal<MediaState>,
    /// How it reaches us.
    pub link: RwSignal<Link>,
    /// Why it does not, once that has lasted.
    pub trouble: RwSignal<Option<Trouble>>,
    /// Which way.
    pub route: RwSignal<Route>,
    /// Whether it is speaking now.
    pub speaking: RwSignal<bool>,
    /// How manieth its hand was raised, as this page saw it; 0 while it is down.
    pub hand: RwSignal<u8>,
}

impl Tile {
    /// Begins a tile of someone whom nothing connects yet.
    pub fn new(id: ParticipantId, own: bool, name: &str, media: MediaState) -> Self {
        Self {
            id,
            own,
            name: RwSignal::new(name.to_owned()),
            media: RwSignal::new(media),
            link: RwSignal::new(Link::Connecting),
            trouble: RwSignal::new(None),
            route: RwSignal::new(Route::Unknown),
            speaking: RwSignal::new(false),
            hand: RwSignal::new(0),
        }
    }
}
