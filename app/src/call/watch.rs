//! What the call looks at by itself: the clock, the page, the devices, who speaks and which way packets go.
//!
//! Separate from the [engine](super::engine), because it is a list of habits, each a few lines.

use super::engine::Engine;
use super::hiding::HIDE;
use super::keys::USE_KEYS;
use super::mesh::set_if_new;
use super::state::{Capture, DeviceKind, Link, Notice, Route, Stage, Tile};
use crate::ADAPTS;
use crate::browser::level::LevelMeter;
use crate::browser::listener::{Interval, Listener};
use crate::browser::vitals::Vitals;
use crate::browser::wake::WakeLock;
use crate::browser::{devices, page, vitals};
use core::time::Duration;
use leptos::prelude::*;
use signaling::call::Event;
use signaling::identity::Epoch;
use signaling::negotiation;
use signaling::sending::CROWD;
use signaling::time::Moment;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// What opens the tests of one's sound, on the page.
const SOUND_TEST: &str = "sound-test";
/// How often the core looks at its clock, and loudness is looked at.
const TICK_MS: i32 = 100;
/// How often the statistics of each pair are looked at, and whether a connection is at hand for the next.
const VITALS_MS: i32 = 2_000;
/// After so many looks in the call it has begun, and there is time for the rest of the program; one at which nobody waits for a
/// connection counts as so many.
const SETTLED: u8 = 9;
const CALM: u8 = 3;
/// Louder than this is speech, and not a fan: of 100, and of 1.
const OWN_SPEECH: u8 = 45;
const REMOTE_SPEECH: f64 = 0.02;
/// For so long after their last word whoever has spoken is shown to go on.
const PAUSE: Duration = Duration::from_millis(1_500);
/// At each look one of the others is listened to, one more for each so many there are, and whoever is in doubt.
const MANY: usize = 8;
/// What is shown of loudness differs by so much at least, of 100.
const STEP: u8 = 10;
/// What is shown among many, as long as one is heard.
const HEARD: u8 = 80;
/// Each time a muted voice is heard it counts so much, and each time it is not, one less: more than a second of speech, with its
/// pauses, and not a cough.
const SPOKEN: i16 = 3;
const UNHEARD: i16 = 40;
/// And then it is not said again for half a minute.
const RESTING: i16 = 300;

impl Engine {
    /// Begins to look.
    pub(super) fn watch(self: &Rc<Self>) {
        let every = |milliseconds, run: fn(&Rc<Self>)| {
            let engine = Rc::downgrade(self);
            Interval::new(milliseconds, move || {
                if let Some(engine) = engine.upgrade() {
                    run(&engine);
                }
            })
        };
        *self.clocks.borrow_mut() = vec![
            every(TICK_MS, |engine| {
                engine.tell(Event::Tick);
                engine.listen_for_speech();
            }),
            every(VITALS_MS, Self::look_around),
        ];
        let window = page::window();
        let mut watches = vec![
            self.on(&window, "online", |engine| engine.tell(Event::Woke)),
            self.on(&window, "pageshow", |engine| engine.tell(Event::Woke)),
            self.on(&window, "pagehide", |engine| {
                // Whoever holds a key while the page is loaded again is muted on the next one.
                engine.key_up(None);
                engine.tell(Event::Closing);
            }),
            self.on(&window, "click", Self::clicked),
        ];
        if let Some(document) = window.document() {
            watches.push(self.on(&document, "visibilitychange", |engine| {
                if page::is_hidden() {
                    // That part of the program tells the others that nobody looks.
                    engine.load_later(|_| {});
                } else {
                    engine.tell(Event::Woke);
                    engine.stay_awake();
                }
            }));
        }
        watches.extend(self.on_keys(&window));
        watches.extend(self.on_drag(&window));
        if let Ok(devices) = devices::devices() {
            watches.push(self.on(&devices, "devicechange", |engine| {
                let engine = engine.clone();
                leptos::task::spawn_local(async move { engine.list_devices().await });
            }));
        }
        let switches = [
            (HIDE, "change", Self::hide as fn(&Rc<Self>)),
            (USE_KEYS, "change", Self::remember_keys),
            (SOUND_TEST, "toggle", Self::want_later),
        ];
        for (id, event, turned) in switches {
            if let Some(switch) = page::switch(id) {
                watches.push(self.on(&switch, event, turned));
            }
        }
        *self.watches.borrow_mut() = watches;
    }

    fn on(self: &Rc<Self>, target: &web_sys::EventTarget, event: &'static str, run: fn(&Rc<Self>)) -> Listener {
        let engine = Rc::downgrade(self);
        Listener::new(target, event, move |_| {
            if let Some(engine) = engine.upgrade() {
                run(&engine);
            }
        })
    }

    fn on_keys(self: &Rc<Self>, window: &web_sys::EventTarget) -> [Listener; 3] {
        let (pressed, released) = (Rc::downgrade(self), Rc::downgrade(self));
        [
            Listener::new(window, "keydown", move |event| {
                if let Some(engine) = pressed.upgrade() {
                    engine.key_down(event.unchecked_ref());
                }
            }),
            Listener::new(window, "keyup", move |event| {
                if let Some(engine) = released.upgrade() {
                    engine.key_up(Some(&event.unchecked_into::<KeyboardEvent>().key()));
                }
            }),
            self.on(window, "blur", |engine| engine.key_up(None)),
        ]
    }

    fn on_drag(self: &Rc<Self>, window: &web_sys::EventTarget) -> [Listener; 2] {
        [("dragover", false), ("drop", true)].map(|(event, drops)| {
            let engine = Rc::downgrade(self);
            Listener::new(window, event, move |event| {
                if let Some(engine) = engine.upgrade() {
                    engine.drag(event.unchecked_ref(), drops);
                }
            })
        })
    }

    /// Keeps the screen on in the call. The browser takes that back from a page that is not shown.
    pub(super) fn stay_awake(self: &Rc<Self>) {
        let engine = self.clone();
        leptos::task::spawn_local(async move {
            let in_call = || engine.state.stage.try_get_untracked() == Some(Stage::InCall);
            if in_call() {
                let lock = WakeLock::request().await;
                *engine.awake.borrow_mut() = lock.filter(|_| in_call());
            }
        });
    }

    /// Tells whoever goes on speaking into a muted microphone; not again for a while.
    fn listen_for_unheard(&self, loud: bool) {
        let unheard = match self.unheard.get() {
            resting @ i16::MIN..0 => resting + 1,
            spoken if loud => spoken + SPOKEN,
            spoken => (spoken - 1).max(0),
        };
        if unheard >= UNHEARD {
            self.notice(Notice::TalkingMuted);
        }
        self.unheard.set(if unheard >= UNHEARD { -RESTING } else { unheard });
    }

    fn listen_for_speech(self: &Rc<Self>) {
        let on = self.state.microphone.get_untracked() == Capture::On;
        let heard =
            self.meter.borrow_mut().as_mut().filter(|_| self.is_captured(DeviceKind::Microphone)).map(LevelMeter::read);
        // In coarse steps: each one is drawn.
        let level = heard.filter(|_| on).unwrap_or_default() / STEP * STEP;
        let muted = self.state.microphone.get_untracked() == Capture::Off;
        self.listen_for_unheard(muted && heard.is_some_and(|heard| heard > OWN_SPEECH));
        let now = page::now();
        let speaks = goes_on(&self.spoken, level > OWN_SPEECH, now);
        if let Some(tile) = self.state.own.get_untracked().and_then(|id| self.tile(id)) {
            set_if_new(tile.speaking, speaks);
        }
        // Some of them each time, and those in doubt: to know it, the browser lets the page wait for its other threads.
        let peers = self.peers.borrow();
        let count = peers.values().count();
        // Each step is drawn, and among many the processor is needed for faces.
        let shown = if count < CROWD { level } else { u8::from(speaks) * HEARD };
        set_if_new(self.state.level, shown);
        let first = self.listened.get();
        let some = 1 + count / MANY;
        self.listened.set(if first + some < count { first + some } else { 0 });
        let mut heard = Vec::new();
        let in_turn = first..first + some;
        for (_, (id, peer)) in
            peers.iter().enumerate().filter(|(at, (_, peer))| in_turn.contains(at) || peer.is_in_doubt())
        {
            if let Some(tile) = self.tile(id) {
                let (loudness, is_heard) = peer.listen(tile.media.get_untracked());
                if is_heard {
                    heard.push(Event::Pair(id, negotiation::Event::Heard { epoch: peer.epoch() }));
                }
                let loud = loudness > REMOTE_SPEECH;
                set_if_new(tile.speaking, goes_on(&peer.spoken, loud, now));
                if loud {
                    self.floor.borrow_mut().hear(id, now);
                }
            }
        }
        drop(peers);
        set_if_new(self.state.speaker, self.floor.borrow().holder());
        heard.into_iter().for_each(|event| self.tell(event));
    }

    fn look_around(self: &Rc<Self>) {
        self.look_at_vitals();
        // Not while someone waits for a connection: what is not needed at once would hold it up.
        let calm = self
            .state
            .tiles
            .with_untracked(|tiles| tiles.iter().all(|tile| tile.link.get_untracked() == Link::Connected));
        if calm {
            self.keep_spare();
        }
        // What was said beside the call waits for it; and before a server goes away, everything is here.
        let in_call = self.state.stage.get_untracked() == Stage::InCall;
        let looks = self.looks.get().saturating_add(if calm { CALM } else { 1 } * u8::from(in_call));
        self.looks.set(looks);
        // Again and again, should it not be to be had just then. Nobody is to be sent pictures that they do not look at, so what they
        // told is heeded as soon as there is time.
        if looks >= SETTLED || calm && !self.aside.borrow().is_empty() {
            self.load_later(|_| {});
        }
    }

    fn look_at_vitals(self: &Rc<Self>) {
        // Then it looks by itself, at more than this.
        if ADAPTS && self.state.later.get_untracked() {
            return;
        }
        for (id, peer) in self.peers.borrow().iter() {
            let Some(tile) = self.tile(id).filter(|tile| tile.link.get_untracked() == Link::Connected) else {
                continue;
            };
            let (engine, connection, epoch) = (Rc::downgrade(self), peer.raw(), peer.epoch());
            leptos::task::spawn_local(async move {
                let vitals = vitals::vitals(&connection).await;
                if let Some(engine) = engine.upgrade() {
                    engine.note_vitals(tile, epoch, vitals);
                }
            });
        }
    }

    /// Takes note of how a connection is, while it is the one that is shown.
    pub(crate) fn note_vitals(self: &Rc<Self>, tile: Tile, epoch: Epoch, Vitals { route, sent, decoded }: Vitals) {
        if tile.link.try_get_untracked() == Some(Link::Connected) {
            set_if_new(tile.route, route);
            self.tell(Event::Counted { id: tile.id, epoch, sent, decoded, relayed: route == Route::Relay });
        }
    }
}

/// Returns whether somebody speaks, with the pauses between their words, so that nothing flickers.
fn goes_on(last: &Cell<Option<Moment>>, loud: bool, now: Moment) -> bool {
    if loud {
        last.set(Some(now));
    }
    last.get().is_some_and(|last| now < last + PAUSE)
}
