//! From the green room into the call and out of it, as the page shows it.
//!
//! Separate from the [engine](super::engine), which does what happens within: here it is begun, and here it ends.

use super::Engine;
use super::capture::KINDS;
use super::memory;
use super::state::{Capture, Signaling, Stage};
use crate::browser::peer_queue::Peer;
use crate::browser::{lock, page};
use core::time::Duration;
use leptos::prelude::*;
use signaling::call::{Event, Status};
use signaling::protocol::DisplayName;
use std::rc::Rc;

/// For how long the page waits for offers that are being made; those of a whole room take a fraction of it.
const PATIENCE: Duration = Duration::from_millis(300);

/// For how long joining may take before it is said that the server does not answer.
const ANSWER_MS: i32 = 3_000;

impl Engine {
    /// Enters the call under the name typed, or under that of nobody in particular.
    pub(super) fn join(self: &Rc<Self>, nobody: &str) {
        let typed = DisplayName::new(self.state.name.get_untracked());
        if let Ok(name) = &typed {
            memory::remember_name(name.as_str());
        }
        if let Ok(name) = typed.or_else(|_| DisplayName::new(nobody)) {
            self.state.name.set(name.as_str().to_owned());
            self.tell(Event::SetMedia(self.state.media()));
            self.tell(Event::Join { name });
        }
    }

    /// Shows what the core says of it.
    pub(super) fn show(self: &Rc<Self>, status: Status) {
        let state = &self.state;
        match status {
            Status::Joining => self.knock(),
            Status::Online(id) => {
                self.show_own_tile(id);
                state.signaling.set(Signaling::Online);
                if state.stage.get_untracked() != Stage::InCall {
                    self.entering.set(Some(page::now()));
                }
            }
            Status::Away => state.signaling.set(Signaling::Away),
            Status::Left => self.end(Stage::Left),
            Status::Refused(reason) => self.end(Stage::Refused(reason)),
        }
    }

    /// Says after a while that the server does not answer; the core goes on trying.
    fn knock(&self) {
        let state = self.state;
        state.stage.set(Stage::Joining);
        leptos::task::spawn_local(async move {
            lock::sleep(ANSWER_MS).await;
            let waiting = state.stage.try_get_untracked() == Some(Stage::Joining);
            if waiting && state.signaling.get_untracked() == Signaling::Connecting {
                state.signaling.set(Signaling::Away);
            }
        });
    }

    /// The call is over: nothing is captured and nothing is watched any more.
    fn end(&self, stage: Stage) {
        self.clocks.borrow_mut().clear();
        self.watches.borrow_mut().clear();
        for kind in KINDS {
            self.stop(kind);
            self.state.capture(kind).set(Capture::Off);
        }
        self.drop_screen();
        drop(self.offered.take());
        drop(self.floating.take());
        self.awake.borrow_mut().take();
        self.sound.borrow_mut().take();
        self.screens.borrow_mut().clear();
        self.peers.borrow_mut().clear();
        self.beside.borrow_mut().take();
        self.aside.borrow_mut().clear();
        self.state.panel.set(None);
        self.spare.borrow_mut().take();
        self.entering.set(None);
        self.state.tiles.set(Vec::new());
        self.state.stage.set(stage);
    }

    /// Shows the call as soon as the offers are made: what builds the page would hold them up, and the others wait for them.
    pub(super) fn step_in(self: &Rc<Self>) {
        let Some(since) = self.entering.get() else { return };
        let offering = self.peers.borrow().values().any(Peer::is_offering);
        if !offering || page::now() >= since + PATIENCE {
            self.entering.set(None);
            self.state.stage.set(Stage::InCall);
            memory::remember_entry(&self.room);
            self.stay_awake();
            if self.peers.borrow().values().next().is_none() {
                // Alone: whoever comes next may come at once.
                self.keep_spare();
            }
        }
    }
}
