//! Hiding one's own network address from the others.
//!
//! Separate, because it is one choice and what follows from it. The switch is on the page, where the server has put it: a room
//! that asks for it of everybody comes with the switch on, and fixed.

use super::engine::Engine;
use super::mesh::set_if_new;
use super::{memory, state::Stage};
use crate::browser::page;
use leptos::prelude::*;
use signaling::call::Event;
use signaling::protocol::IceServer;
use std::rc::Rc;

impl Engine {
    /// Begins as it was chosen last, or now before the program was there.
    pub(super) fn recall_hiding(&self) {
        let Some(switch) = page::hiding_switch() else { return };
        if memory::recall_hiding() {
            switch.set_checked(true);
        }
        self.network.borrow_mut().relay_only = switch.checked();
    }

    /// The switch was turned.
    pub(super) fn hide(self: &Rc<Self>) {
        let hidden = page::hiding_switch().is_some_and(|switch| switch.checked());
        memory::remember_hiding(hidden);
        self.network.borrow_mut().relay_only = hidden;
        self.judge_network();
        // It was made for what was chosen before, and so were those that are in use.
        self.spare.borrow_mut().take();
        if self.state.stage.get_untracked() == Stage::GreenRoom {
            self.keep_spare();
        }
        self.tell(Event::Renew);
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
