//! Hiding one's own network address from the others.
//!
//! Separate, because it is one choice and what follows from it. The switch is on the page, where the server has put it: a room
//! that asks for it of everybody comes with the switch on, and fixed.

use super::engine::Engine;
use super::memory;
use super::mesh::set_if_new;
use super::state::{Notice, Signaling, Stage};
use crate::browser::page;
use leptos::prelude::*;
use signaling::call::Event;
use signaling::protocol::IceServer;
use std::rc::Rc;

/// The switch's id on the page.
pub(super) const HIDE: &str = "hide";

impl Engine {
    /// Begins as it was chosen last, or now before the program was there.
    pub(super) fn recall_hiding(&self) {
        let Some(switch) = page::switch(HIDE) else { return };
        if memory::recall_hiding() {
            switch.set_checked(true);
        }
        if switch.checked() && !switch.disabled() {
            // Turned before anybody listened.
            memory::remember_hiding(true);
        }
        self.network.borrow_mut().relay_only |= switch.checked();
    }

    /// The switch was turned.
    pub(super) fn hide(self: &Rc<Self>) {
        let hidden = page::switch(HIDE).is_some_and(|switch| switch.checked());
        memory::remember_hiding(hidden);
        self.set_hidden(hidden);
        if self.state.stage.get_untracked() == Stage::GreenRoom {
            self.keep_spare();
        }
        if self.state.stage.get_untracked() == Stage::InCall && self.state.signaling.get_untracked() == Signaling::Away
        {
            self.notice(Notice::HidesLater);
        }
        // Those that are in use were made for what was chosen before.
        self.tell(Event::Renew);
    }

    /// It is the room's rule, whatever the switch says.
    pub(super) fn hide_always(&self) {
        self.network.borrow_mut().ruled = true;
        self.set_hidden(true);
    }

    fn set_hidden(&self, hidden: bool) {
        let before = self.network.borrow_mut().hide(hidden);
        if before != self.network.borrow().relay_only {
            // It was made for what was before.
            self.spare.borrow_mut().take();
        }
        self.judge_network();
    }

    /// Uses these servers from now on.
    pub(super) fn use_servers(&self, servers: Vec<IceServer>) {
        self.network.borrow_mut().servers = servers;
        self.judge_network();
    }

    fn judge_network(&self) {
        set_if_new(self.state.no_relay, self.network.borrow().leads_nowhere());
    }
}
