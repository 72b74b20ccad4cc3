//! Whether one's own microphone gives anything: nothing at all comes out of a dead one, and phones give it to whoever calls.
//!
//! Separate, because nothing else notices. The rule of [`capture`](crate::call) holds here too: what its owner turned off stays off.

use super::loose::{call as ask, is, text};
use crate::browser::devices::devices;
use crate::browser::level::LevelMeter;
use crate::browser::lock::sleep;
use crate::browser::slot::Slot;
use crate::call::{Capture, DeviceKind, Engine, MediaProblem, Notice};
use js_sys::Array;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::MediaStreamTrack;

/// So many readings, ten a second, without even noise.
const DEAD: u32 = 50;
/// So many looks, two a second, at a track that the system holds back: more than a second.
const HELD: u8 = 3;
/// So many looks without that, until it is a new story.
const WELL: u8 = 10;
/// A system that changes its mind about devices says so several times.
const SETTLED_MS: i32 = 500;

/// The id of whatever the system uses.
const DEFAULT: &str = "default";
const KIND: DeviceKind = DeviceKind::Microphone;

#[derive(Default)]
pub(super) struct Ear {
    /// For how many looks the system has held the track back, or has not.
    held: Cell<u8>,
    well: Cell<u8>,
    /// Whether it was opened anew for that.
    tried: Cell<bool>,
    /// What of it was said.
    told: Cell<bool>,
    /// Whether it was on when the page was left.
    left_on: Cell<bool>,
    /// Which change of the devices is the last.
    change: Cell<u32>,
}

impl Ear {
    /// Looks at the microphone.
    pub(super) fn tend(&self, engine: &Rc<Engine>) {
        let track = track(engine);
        match engine.state.microphone.get_untracked() {
            // Perhaps this very story goes on.
            Capture::Starting => {}
            Capture::On if track.as_ref().is_some_and(|track| is(track, "muted")) => self.is_held(engine),
            Capture::On => self.is_given(engine),
            Capture::Off | Capture::Failed(_) => self.forget(engine),
        }
    }

    fn is_held(&self, engine: &Rc<Engine>) {
        self.well.set(0);
        self.held.set(self.held.get().saturating_add(1));
        let hidden = crate::browser::page::is_hidden();
        if self.held.get() < HELD || hidden {
            return;
        }
        if !self.tried.replace(true) {
            self.held.set(0);
            engine.reopen(KIND);
        } else if !self.told.replace(true) {
            engine.notice(Notice::MicrophoneHeld);
        }
    }

    fn is_given(&self, engine: &Rc<Engine>) {
        self.held.set(0);
        self.well.set(self.well.get().saturating_add(1));
        let dead = engine.meter.borrow().as_ref().map(LevelMeter::dead).unwrap_or_default();
        if dead >= DEAD {
            if !self.told.replace(true) {
                engine.notice(Notice::MicrophoneSilent);
            }
        } else if dead == 0 {
            self.withdraw(engine);
            if self.well.get() >= WELL {
                self.tried.set(false);
            }
        }
    }

    fn forget(&self, engine: &Rc<Engine>) {
        self.held.set(0);
        self.tried.set(false);
        self.withdraw(engine);
    }

    /// What was said is over.
    fn withdraw(&self, engine: &Rc<Engine>) {
        let said = Some(Notice::MicrophoneSilent);
        let held = Some(Notice::MicrophoneHeld);
        if self.told.replace(false) && engine.state.notice.with_untracked(|notice| *notice == said || *notice == held) {
            engine.state.notice.set(None);
        }
    }

    /// Opens it anew, because its owner says so.
    pub(super) fn resume(&self, engine: &Rc<Engine>) {
        self.held.set(0);
        self.withdraw(engine);
        if engine.state.microphone.get_untracked() != Capture::Off {
            engine.reopen(KIND);
        }
    }

    /// The page was left, or is there again. Where a phone call ended the microphone meanwhile, it is opened again if it was on.
    pub(super) fn page_turned(&self, engine: &Rc<Engine>, hidden: bool) {
        let capture = engine.state.microphone.get_untracked();
        if hidden {
            self.left_on.set(matches!(capture, Capture::On | Capture::Starting));
        } else if self.left_on.replace(false)
            && matches!(capture, Capture::Failed(MediaProblem::Busy | MediaProblem::Vanished))
        {
            engine.start(KIND);
        }
    }

    /// Goes with the system, where its default is used and is another device by now.
    pub(super) async fn follow_default(&self, engine: &Rc<Engine>) {
        let change = self.change.get().wrapping_add(1);
        self.change.set(change);
        sleep(SETTLED_MS).await;
        // What changed once more meanwhile is looked at then.
        let Some(group) = default_group().await.filter(|_| self.change.get() == change) else { return };
        let is_on = engine.state.microphone.try_get_untracked() == Some(Capture::On);
        let Some(track) = track(engine).filter(|_| is_on) else { return };
        let settings = ask(&track, "getSettings", &[]).unwrap_or_default();
        if text(&settings, "deviceId") == DEFAULT && text(&settings, "groupId") != group {
            engine.reopen(KIND);
        }
    }
}

fn track(engine: &Engine) -> Option<MediaStreamTrack> {
    engine.media.borrow().track(Slot::Microphone).map(|track| Clone::clone(track.track()))
}

/// Returns what the system's default belongs to, where the browser has an entry for it. The others follow it by themselves, or not at all.
async fn default_group() -> Option<String> {
    let found = JsFuture::from(devices().ok()?.enumerate_devices().ok()?).await.ok()?;
    let mut found = Array::from(&found).into_iter();
    let usual = found.find(|device| text(device, "kind") == "audioinput" && text(device, "deviceId") == DEFAULT)?;
    Some(text(&usual, "groupId")).filter(|group| !group.is_empty())
}
