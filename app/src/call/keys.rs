//! The keyboard of the call: one key for each thing that one does often.
//!
//! Separate, because it maps keys to acts that all exist elsewhere. Whoever types into a field means the field.

use super::engine::Engine;
use super::memory;
use super::state::{Capture, DeviceKind, Panel, Stage};
use crate::browser::page;
use crate::browser::pressed::{Target, is_taken, key, target};
use leptos::prelude::*;
use std::rc::Rc;
use web_sys::KeyboardEvent;

/// The switch that turns them off: who speaks to the machine instead of typing says letters all the time (WCAG 2.2, 2.1.4).
pub(super) const USE_KEYS: &str = "use-keys";

/// Held, it lets a muted microphone be heard.
const TALK: &str = " ";

impl Engine {
    /// A key went down.
    pub(super) fn key_down(self: &Rc<Self>, event: &KeyboardEvent) {
        let used = page::switch(USE_KEYS).is_some_and(|switch| switch.checked());
        let target = target(event);
        let meant = used && target != Target::Field && !is_taken(event);
        if !meant || self.state.stage.get_untracked() != Stage::InCall {
            return;
        }
        match key(event).as_str() {
            TALK if target == Target::Page => self.hold_to_talk(),
            _ if event.repeat() => {}
            "m" => self.toggle(DeviceKind::Microphone),
            "v" => self.toggle(DeviceKind::Camera),
            "s" => self.toggle_sharing(),
            "d" => self.toggle_deafened(),
            "h" => self.toggle_hand(),
            "r" => self.toggle_reactions(),
            "p" => self.toggle_panel(Panel::People),
            "l" => self.state.toggle_speaker_view(),
            "c" => self.toggle_panel(Panel::Chat),
            "f" => page::fill_screen(),
            "?" => page::open_card("keys"),
            _ => {}
        }
    }

    /// Turns the keys off where their owner has turned them off before.
    pub(super) fn recall_keys(&self) {
        if let Some(switch) = page::switch(USE_KEYS) {
            switch.set_checked(memory::recall_keys());
        }
    }

    /// Their owner turned them on or off.
    pub(super) fn remember_keys(self: &Rc<Self>) {
        if let Some(switch) = page::switch(USE_KEYS) {
            memory::remember_keys(switch.checked());
        }
    }

    /// A key came up, or the page can no longer tell.
    pub(super) fn key_up(self: &Rc<Self>, name: Option<&str>) {
        if name.is_none_or(|name| name == TALK) && self.talking.replace(false) {
            self.mute(true);
        }
    }

    fn hold_to_talk(self: &Rc<Self>) {
        let muted = self.state.microphone.get_untracked() == Capture::Off;
        // Only while it is held, so only what runs already: a microphone that is released takes its time.
        if muted && self.is_captured(DeviceKind::Microphone) && !self.talking.replace(true) {
            self.mute(false);
        }
    }

    fn mute(self: &Rc<Self>, muted: bool) {
        if (self.state.microphone.get_untracked() == Capture::Off) != muted {
            self.toggle(DeviceKind::Microphone);
        }
    }
}
