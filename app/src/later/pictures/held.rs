//! Pictures that do not move although their tile is there: held back by who would send them, or not wanted here. A face that
//! stands still would pass for a living one, so there are its initials, and a word.
//!
//! Separate, because two ends decide it, and the tile is where both meet.

use crate::call::{Engine, Source};
use crate::later::mine::Standing;
use crate::words::words;
use leptos::prelude::*;
use signaling::few::Few;
use signaling::identity::ParticipantId;
use std::cell::RefCell;

/// Marks the tile.
const MARK: &str = "data-held";

/// Who holds their camera back from us, and what their tiles say of it.
#[derive(Default)]
pub(super) struct Held {
    by: RefCell<Few<ParticipantId, ()>>,
    /// From whom one's own is held back, and whether they know.
    told: RefCell<Few<ParticipantId, (bool, bool)>>,
    said: RefCell<Few<ParticipantId, Standing>>,
    /// Whose faces stand still for the one reason or the other, for whoever shows them elsewhere.
    pub(super) still: RwSignal<Vec<ParticipantId>>,
}

impl Held {
    /// Somebody tells whether they hold their camera back.
    pub(super) fn said(&self, by: ParticipantId, held: bool) {
        if held {
            self.by.borrow_mut().insert(by, ());
        } else {
            self.by.borrow_mut().remove(by);
            self.said.borrow_mut().remove(by);
        }
    }

    /// One's own camera is held back from somebody, or no more: they are to know it.
    pub(super) fn hold(&self, from: ParticipantId, held: bool) {
        self.told.borrow_mut().insert(from, (held, false));
    }

    /// There is another connection to somebody, or none.
    pub(super) fn forget(&self, id: ParticipantId) {
        self.said(id, false);
        self.told.borrow_mut().remove(id);
    }

    /// Tells those who do not know it yet. `tell` returns whether it could be said.
    pub(super) fn tell(&self, tell: impl Fn(ParticipantId, bool) -> bool) {
        let unknown: Vec<_> =
            self.told.borrow().iter().filter(|(_, (_, known))| !known).map(|(id, (held, _))| (id, *held)).collect();
        for (id, held) in unknown {
            if tell(id, held) {
                self.told.borrow_mut().insert(id, (held, true));
            }
        }
    }

    /// Shows it on every tile of a camera. `unwanted` tells whether one does not want to see somebody.
    pub(super) fn show(&self, engine: &Engine, unwanted: impl Fn(ParticipantId) -> bool) {
        let own = engine.state.own.get_untracked();
        let mut still = Vec::new();
        for screen in engine.screens.borrow().iter() {
            let Some(id) = screen.participant.filter(|id| Some(*id) != own) else { continue };
            let Some(tile) = screen.video.parent_element().filter(|_| screen.source == Source::Camera) else {
                continue;
            };
            let held = self.by.borrow().get(id).is_some();
            let stands = held || unwanted(id);
            still.extend(stands.then_some(id));
            if tile.has_attribute(MARK) != stands {
                // It fails for a name that is none.
                let _ = tile.toggle_attribute(MARK);
            }
            if held && self.said.borrow().get(id).is_none() {
                let text = engine.owner.with(|| words().text("choice.held"));
                // Not the owner's of the call: that would remember each of these until its end.
                let said = Standing::build(&tile, || view! { <p class="held" data-testid="held">{text}</p> });
                self.said.borrow_mut().insert(id, said);
            }
        }
        if self.still.with_untracked(|before| *before != still) {
            self.still.set(still);
        }
    }
}
