//! Turning one's own devices on and off.
//!
//! Separate from the [engine](super::engine), because it is all about oneself. The rule above all: nothing but the
//! person's own choice turns a device on. Opening takes as long as the person thinks about it, so each opening of a kind
//! has a turn, and what one brings whose turn is over is stopped at once.

use super::engine::Engine;
use super::memory;
use super::mesh::set_if_new;
use super::state::{Capture, Device, DeviceKind, MediaProblem, Notice};
use crate::browser::devices::{self, Choice, Wish};
use crate::browser::error::BrowserError;
use crate::browser::level::LevelMeter;
use crate::browser::local_media::{LocalTrack, tracks_of};
use crate::browser::page;
use core::time::Duration;
use leptos::prelude::*;
use signaling::time::Moment;
use std::rc::Rc;
use web_sys::MediaStream;

/// The kinds, in the order of their numbers.
pub(super) const KINDS: [DeviceKind; 2] = [DeviceKind::Microphone, DeviceKind::Camera];

/// A device that went away while it was used.
pub(super) struct Vanished {
    id: String,
    /// Whether it was said that another one took its place.
    told: bool,
    at: Moment,
    /// Whether it was there when the devices were last listed.
    there: bool,
}

/// A device that goes away sooner than this after another one did is no replacement for it.
const LASTING: Duration = Duration::from_secs(3);

/// How often an opening of each kind was begun or given up.
pub(crate) type Turns = [u32; 2];

impl Engine {
    /// Opens whatever is wanted and not open yet: together so that the browser asks once, and one by one if that fails, so
    /// that one missing device does not cost the other.
    pub(super) async fn open_devices(self: &Rc<Self>, kinds: &[DeviceKind]) {
        let mut wish = Wish::default();
        wish.untreated = self.state.untreated.get_untracked();
        for &kind in kinds {
            if self.state.capture(kind).get_untracked() == Capture::Starting {
                self.give_up(kind);
                let id = self.state.chosen(kind).get_untracked();
                let there = self.state.devices(kind).with_untracked(|known| known.iter().any(|device| device.id == id));
                wish.add(kind, Choice { id, there });
            }
        }
        if !wish.is_empty() {
            self.open_wished(&wish, self.turns.get()).await;
        }
        // Nobody waits for the menus.
        let engine = self.clone();
        leptos::task::spawn_local(async move { engine.list_devices().await });
    }

    async fn open_wished(self: &Rc<Self>, wish: &Wish, turns: Turns) {
        let error = match devices::open(wish).await {
            Ok(stream) => return self.adopt(&stream, turns),
            Err(error) => error,
        };
        let one_by_one = wish.is_for_both() && devices::may_give_one(&error).await;
        for kind in KINDS {
            let Some(wish) = wish.only(kind).filter(|_| self.is_turn(kind, turns)) else { continue };
            let error = if one_by_one {
                match devices::open(&wish).await {
                    Ok(stream) => {
                        self.adopt(&stream, turns);
                        continue;
                    }
                    Err(error) => error,
                }
            } else {
                error.clone()
            };
            self.fail(kind, turns, &error);
        }
    }

    /// Takes what an opening brought, as far as it is still wanted. A microphone that was muted meanwhile stays muted.
    pub(crate) fn adopt(self: &Rc<Self>, stream: &MediaStream, turns: Turns) {
        for (kind, track) in tracks_of(stream) {
            if !self.is_turn(kind, turns) {
                track.stop();
                continue;
            }
            let engine = Rc::downgrade(self);
            let ended = move || {
                if let Some(engine) = engine.upgrade() {
                    engine.vanish(kind);
                }
            };
            let track = LocalTrack::new(track, ended);
            if kind == DeviceKind::Microphone {
                // Without it the meter stays at rest, and nothing else is lost.
                *self.meter.borrow_mut() = LevelMeter::new(track.track()).ok();
            }
            let device = track.device();
            self.media.borrow_mut().put(kind.into(), Some(track));
            self.replaced(kind, &device);
            self.working.borrow_mut()[kind as usize] = Some(device.clone());
            set_if_new(self.state.chosen(kind), device);
            let capture = self.state.capture(kind);
            if capture.get_untracked() == Capture::Starting {
                capture.set(Capture::On);
            }
            self.changed(kind);
        }
    }

    /// A device cannot be had: back to the one that worked before, if there was another, or else it is said why.
    fn fail(self: &Rc<Self>, kind: DeviceKind, turns: Turns, error: &BrowserError) {
        let capture = self.state.capture(kind);
        if !self.is_turn(kind, turns) || capture.get_untracked() == Capture::Off {
            return;
        }
        let vanished = self.vanished.borrow()[kind as usize].is_some();
        let problem = match problem(error) {
            // There is no other one.
            MediaProblem::Missing if vanished => MediaProblem::Vanished,
            problem => problem,
        };
        let before = self.working.borrow_mut()[kind as usize].take();
        let chosen = self.state.chosen(kind);
        let before = before.filter(|id| problem != MediaProblem::Denied && *id != chosen.get_untracked());
        if let Some(before) = before {
            memory::remember_device(kind, &before);
            chosen.set(before);
            self.notice(Notice::DeviceKept);
            return self.start(kind);
        }
        self.show_problem(kind, problem);
    }

    fn show_problem(self: &Rc<Self>, kind: DeviceKind, problem: MediaProblem) {
        self.state.capture(kind).set(Capture::Failed(problem));
        self.notice(Notice::DeviceFailed);
        self.changed(kind);
    }

    /// Lets everyone have what a kind does now.
    fn changed(self: &Rc<Self>, kind: DeviceKind) {
        self.refresh(kind.into());
        self.announce_media();
    }

    /// Ends a kind, and whatever opening of it is on its way.
    pub(crate) fn stop(&self, kind: DeviceKind) {
        self.give_up(kind);
        self.media.borrow_mut().put(kind.into(), None);
        if kind == DeviceKind::Microphone {
            self.meter.borrow_mut().take();
        }
    }

    fn give_up(&self, kind: DeviceKind) {
        let mut turns = self.turns.get();
        turns[kind as usize] += 1;
        self.turns.set(turns);
    }

    fn is_turn(&self, kind: DeviceKind, turns: Turns) -> bool {
        self.turns.get()[kind as usize] == turns[kind as usize]
    }

    /// Turns a kind off, or on again.
    pub(super) fn toggle(self: &Rc<Self>, kind: DeviceKind) {
        let capture = self.state.capture(kind);
        match (capture.get_untracked(), kind) {
            // A muted microphone goes on, for its owner alone.
            (Capture::On | Capture::Starting, DeviceKind::Microphone) => capture.set(Capture::Off),
            (Capture::On | Capture::Starting, DeviceKind::Camera) => return self.release(kind),
            (Capture::Off | Capture::Failed(_), _) if self.is_captured(kind) => capture.set(Capture::On),
            (Capture::Off | Capture::Failed(_), _) => return self.start(kind),
        }
        self.changed(kind);
    }

    /// Turns a kind off for its owner, too: the browser captures nothing of it any more.
    pub(crate) fn release(self: &Rc<Self>, kind: DeviceKind) {
        self.stop(kind);
        self.state.capture(kind).set(Capture::Off);
        self.changed(kind);
    }

    pub(crate) fn start(self: &Rc<Self>, kind: DeviceKind) {
        self.state.capture(kind).set(Capture::Starting);
        let engine = self.clone();
        leptos::task::spawn_local(async move { engine.open_devices(&[kind]).await });
    }

    /// Uses another device: at once if the kind is on, later if it is off.
    pub(crate) fn choose(self: &Rc<Self>, kind: DeviceKind, id: String) {
        if self.state.notice.get_untracked() == Some(Notice::DeviceKept) {
            self.state.notice.set(None);
        }
        memory::remember_device(kind, &id);
        self.state.chosen(kind).set(id);
        self.vanished.borrow_mut()[kind as usize] = None;
        self.reopen(kind);
    }

    /// Opens the chosen device anew: at once if the kind is on, later if it is off.
    pub(crate) fn reopen(self: &Rc<Self>, kind: DeviceKind) {
        // The old one first: some systems open a camera only once.
        self.stop(kind);
        if self.state.capture(kind).get_untracked() != Capture::Off {
            self.start(kind);
        }
    }

    /// The system took a device away, or its owner took the permission back. If it was on, another one takes its place, if there
    /// is any that may.
    fn vanish(self: &Rc<Self>, kind: DeviceKind) {
        self.stop(kind);
        let device = self.working.borrow_mut()[kind as usize].take();
        let at = page::now();
        let gone = device.map(|id| Vanished { id, at, told: false, there: true });
        let before = core::mem::replace(&mut self.vanished.borrow_mut()[kind as usize], gone);
        let capture = self.state.capture(kind);
        if capture.get_untracked() == Capture::Off {
            return;
        }
        if before.is_some_and(|before| at < before.at + LASTING) {
            return self.show_problem(kind, MediaProblem::Vanished);
        }
        capture.set(Capture::Starting);
        self.state.chosen(kind).set(String::new());
        self.changed(kind);
        let (engine, turns) = (self.clone(), self.turns.get());
        leptos::task::spawn_local(async move {
            let denied = devices::is_denied(kind).await;
            // Its owner may have turned it off meanwhile.
            if capture.try_get_untracked() == Some(Capture::Starting) && engine.is_turn(kind, turns) {
                if denied {
                    engine.show_problem(kind, MediaProblem::Denied);
                } else {
                    engine.start(kind);
                }
            }
        });
    }

    /// A device was opened, perhaps in place of one that went away: that is said once.
    fn replaced(&self, kind: DeviceKind, device: &str) {
        let vanished = &mut self.vanished.borrow_mut()[kind as usize];
        match vanished {
            Some(gone) if gone.id == device => *vanished = None,
            Some(gone) if !gone.told => {
                gone.told = true;
                self.notice(Notice::DeviceReplaced(kind));
            }
            Some(_) | None => {}
        }
    }

    /// Uses the device again that went away.
    pub(super) fn take_back(self: &Rc<Self>, kind: DeviceKind) {
        let device = self.vanished.borrow()[kind as usize].as_ref().map(|gone| gone.id.clone());
        if let Some(device) = device {
            self.choose(kind, device);
            self.state.notice.set(None);
        }
    }

    /// Shows which devices there are.
    pub(super) async fn list_devices(&self) {
        let Ok(found) = devices::list().await else { return };
        for kind in KINDS {
            let of_kind = found.iter().filter(|(of, id, _)| *of == kind && !id.is_empty());
            let devices = of_kind.map(|(_, id, label)| Device { id: id.clone(), label: label.clone() }).collect();
            set_if_new(self.state.devices(kind), devices);
            self.look_for_vanished(kind);
        }
    }

    /// Says so when a device is there again that went away while it was used.
    fn look_for_vanished(&self, kind: DeviceKind) {
        let mut vanished = self.vanished.borrow_mut();
        let Some(gone) = &mut vanished[kind as usize] else { return };
        let there = self.state.devices(kind).with_untracked(|known| known.iter().any(|device| device.id == gone.id));
        if there && !gone.there {
            self.notice(Notice::DeviceBack(kind));
        }
        gone.there = there;
    }

    /// Returns whether a kind is being captured.
    pub(super) fn is_captured(&self, kind: DeviceKind) -> bool {
        self.media.borrow().track(kind.into()).is_some()
    }
}

/// Names the reason in the person's terms (Media Capture and Streams §10.2.1).
fn problem(error: &BrowserError) -> MediaProblem {
    match error.name() {
        "NotAllowedError" | "SecurityError" => MediaProblem::Denied,
        "NotFoundError" | "OverconstrainedError" | "TypeError" => MediaProblem::Missing,
        _ => MediaProblem::Busy,
    }
}
