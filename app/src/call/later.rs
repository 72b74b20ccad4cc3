//! What stands beside the faces, and loading the part of the program that shows it.
//!
//! Separate, because a call must not wait for it, and must go on without it.

use super::engine::Engine;
use super::mesh::set_if_new;
use super::state::{Notice, Panel};
use crate::browser::later;
use leptos::prelude::*;
use std::rc::Rc;

impl Engine {
    /// Opens what stands beside the faces, or closes it.
    pub(super) fn toggle_panel(self: &Rc<Self>, panel: Panel) {
        let opens = self.state.panel.get_untracked() != Some(panel);
        self.state.panel.set(opens.then_some(panel));
        if opens {
            self.load_later(|engine| {
                engine.state.panel.set(None);
                engine.notice(Notice::NotLoaded);
            });
        }
    }

    /// Loads the rest of the program, if it is not there.
    pub(super) fn load_later(self: &Rc<Self>, failed: fn(&Rc<Self>)) {
        if self.state.later.get_untracked() {
            return;
        }
        let engine = self.clone();
        leptos::task::spawn_local(async move {
            match later::load().await {
                Ok(()) => set_if_new(engine.state.later, true),
                Err(_) => failed(&engine),
            }
        });
    }
}
