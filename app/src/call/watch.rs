//! What the call looks at by itself: the clock, the page, the devices, who speaks and which way packets go.
//!
//! Separate from the [engine](super::engine), because it is a list of habits, each a few lines.

use super::engine::Engine;
use super::mesh::set_if_new;
use super::state::{Capture, DeviceKind, Link, Route};
use crate::browser::level::LevelMeter;
use crate::browser::listener::{Interval, Listener};
use crate::browser::vitals::Vitals;
use crate::browser::{devices, page, vitals};
use leptos::prelude::*;
use signaling::call::Event;
use signaling::negotiation;
use std::rc::Rc;

/// How often the core looks at its clock.
const TICK_MS: i32 = 100;
/// How often loudness is looked at.
const LEVEL_MS: i32 = 100;
/// How often the statistics of each pair are looked at, and whether a connection is at hand for the next.
const VITALS_MS: i32 = 2_000;
/// Louder than this is speech, and not a fan: of 100, and of 1.
const OWN_SPEECH: u8 = 45;
const REMOTE_SPEECH: f64 = 0.02;

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
            every(TICK_MS, |engine| engine.tell(Event::Tick)),
            every(LEVEL_MS, Self::listen_for_speech),
            every(VITALS_MS, Self::look_around),
        ];
        let window = page::window();
        let mut watches = vec![
            self.on(&window, "online", |engine| engine.tell(Event::Woke)),
            self.on(&window, "pageshow", |engine| engine.tell(Event::Woke)),
            self.on(&window, "pagehide", |engine| engine.tell(Event::Closing)),
            self.on(&window, "click", Self::clicked),
        ];
        if let Some(document) = window.document() {
            watches.push(self.on(&document, "visibilitychange", |engine| {
                let visible = page::window().document().is_some_and(|document| !document.hidden());
                if visible {
                    engine.tell(Event::Woke);
                }
            }));
        }
        if let Ok(devices) = devices::devices() {
            watches.push(self.on(&devices, "devicechange", |engine| {
                let engine = engine.clone();
                leptos::task::spawn_local(async move { engine.list_devices().await });
            }));
        }
        if let Some(switch) = page::hiding_switch() {
            watches.push(self.on(&switch, "change", Self::hide));
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

    fn listen_for_speech(self: &Rc<Self>) {
        let on = self.state.microphone.get_untracked() == Capture::On;
        let heard =
            self.meter.borrow_mut().as_mut().filter(|_| self.is_captured(DeviceKind::Microphone)).map(LevelMeter::read);
        let level = heard.filter(|_| on).unwrap_or_default();
        set_if_new(self.state.level, level);
        if let Some(tile) = self.state.own.get_untracked().and_then(|id| self.tile(id)) {
            set_if_new(tile.speaking, level > OWN_SPEECH);
        }
        let mut heard = Vec::new();
        for (id, peer) in self.peers.borrow().iter() {
            let (loudness, is_heard) = peer.listen();
            if is_heard {
                heard.push(Event::Pair(id, negotiation::Event::Heard { epoch: peer.epoch() }));
            }
            if let Some(tile) = self.tile(id) {
                let speaking = tile.media.get_untracked().microphone && loudness > REMOTE_SPEECH;
                set_if_new(tile.speaking, speaking);
            }
        }
        heard.into_iter().for_each(|event| self.tell(event));
    }

    fn look_around(self: &Rc<Self>) {
        self.look_at_vitals();
        // Not while someone waits for a connection: making one more would hold it up.
        let calm = self
            .state
            .tiles
            .with_untracked(|tiles| tiles.iter().all(|tile| tile.link.get_untracked() == Link::Connected));
        if calm {
            self.keep_spare();
        }
    }

    fn look_at_vitals(self: &Rc<Self>) {
        for (id, peer) in self.peers.borrow().iter() {
            let Some(tile) = self.tile(id).filter(|tile| tile.link.get_untracked() == Link::Connected) else {
                continue;
            };
            let (engine, connection, epoch) = (Rc::downgrade(self), peer.raw(), peer.epoch());
            leptos::task::spawn_local(async move {
                let Vitals { route, sent, decoded } = vitals::vitals(&connection).await;
                if tile.link.try_get_untracked() == Some(Link::Connected) {
                    set_if_new(tile.route, route);
                    if let Some(engine) = engine.upgrade() {
                        let relayed = route == Route::Relay;
                        engine.tell(Event::Counted { id, epoch, sent, decoded, relayed });
                    }
                }
            });
        }
    }
}
