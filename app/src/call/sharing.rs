//! Sharing one's screen.
//!
//! Separate from [`capture`](super::capture), because a screen is no device: it is chosen anew each time, in the browser's own
//! dialogue, and may end there too.

use super::engine::Engine;
use super::mesh::set_if_new;
use super::state::{Notice, Stage};
use crate::browser::display::{self, Hint};
use crate::browser::local_media::{LocalTrack, tracks_of};
use crate::browser::slot::{Slot, Source};
use leptos::prelude::*;
use std::rc::Rc;
use web_sys::MediaStream;

const SLOTS: [Slot; 2] = [Slot::Screen, Slot::ScreenSound];

impl Engine {
    /// Shares a screen, or no more.
    pub(super) fn toggle_sharing(self: &Rc<Self>) {
        if self.state.sharing.get_untracked() {
            self.stop_sharing();
        } else if !self.picking.replace(true) {
            let engine = self.clone();
            leptos::task::spawn_local(async move {
                let picked = display::open().await;
                engine.picking.set(false);
                match picked {
                    Ok(stream) => engine.share(&stream),
                    // Whoever closes the dialogue knows that they did.
                    Err(error) if error.name() == "NotAllowedError" => {}
                    Err(_) => engine.notice(Notice::NotShared),
                }
            });
        }
    }

    fn share(self: &Rc<Self>, stream: &MediaStream) {
        let in_call = self.state.stage.get_untracked() == Stage::InCall;
        for (_, track) in tracks_of(stream) {
            if !in_call {
                track.stop();
                continue;
            }
            let slot = if track.kind() == "video" { Slot::Screen } else { Slot::ScreenSound };
            let engine = Rc::downgrade(self);
            let ended = move || {
                if let Some(engine) = engine.upgrade().filter(|_| slot == Slot::Screen) {
                    engine.stop_sharing();
                }
            };
            self.media.borrow_mut().put(slot, Some(LocalTrack::new(track, ended)));
        }
        if in_call {
            self.hint_screen();
            self.shared(true);
        }
    }

    /// Its owner shares it no more: by our button, the browser's bar, or by closing the window.
    fn stop_sharing(self: &Rc<Self>) {
        self.drop_screen();
        self.shared(false);
    }

    /// Lets go of what was shared.
    pub(super) fn drop_screen(&self) {
        for slot in SLOTS {
            self.media.borrow_mut().put(slot, None);
        }
        set_if_new(self.state.sharing, false);
    }

    fn shared(self: &Rc<Self>, on: bool) {
        set_if_new(self.state.sharing, on);
        for slot in SLOTS {
            self.refresh(slot);
        }
        self.announce_media();
        if let Some(id) = self.state.own.get_untracked().filter(|_| !on) {
            self.detach(id, Some(Source::Screen));
        }
    }

    /// Says what matters in the picture: sharp, or smooth.
    pub(super) fn hint_screen(&self) {
        let hint = if self.state.smooth.get_untracked() { Hint::Motion } else { Hint::Detail };
        if let Some(track) = self.media.borrow().track(Slot::Screen) {
            display::hint(track.track(), hint);
        }
    }
}
