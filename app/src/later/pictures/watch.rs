//! When pictures are looked after: now and then, whenever the page changes, and when somebody comes back to it.
//!
//! Separate from what is then done, because these are the wires of it.

use super::{Pictures, encode, forecast};
use crate::browser::listener::{Interval, Listener};
use crate::browser::page;
use crate::call::Engine;
use crate::room::lean::effect;
use leptos::prelude::*;
use signaling::sending::Choice;
use signaling::time::Moment;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// How often is looked what there is to do.
const LOOK_MS: i32 = 250;

impl Pictures {
    /// Looks after them from now on.
    pub(super) fn watch(self: &Rc<Self>, engine: &Rc<Engine>) {
        let (ticking, turning, sizing) = (Rc::downgrade(self), Rc::downgrade(self), Rc::downgrade(self));
        let clock = Interval::new(LOOK_MS, move || {
            if let Some(pictures) = ticking.upgrade() {
                pictures.counters.tick(LOOK_MS);
                pictures.look();
            }
        });
        let document = page::window().document().map(JsValue::from).unwrap_or_default();
        // Who comes back waits for it.
        let turned = Listener::new(document.unchecked_ref(), "visibilitychange", move |_| {
            if let Some(pictures) = turning.upgrade() {
                pictures.due.set(Moment::ZERO);
                pictures.counters.start_clock();
                pictures.look();
            }
        });
        let sized = Listener::new(&page::window(), "resize", move |_| {
            if let Some(pictures) = sizing.upgrade() {
                pictures.due.set(Moment::ZERO);
            }
        });
        self.watch_page(engine);
        *self.watches.borrow_mut() = Some((clock, [turned, sized]));
        forecast::stand(self, engine);
        let this = Rc::downgrade(self);
        leptos::task::spawn_local(async move {
            if encode::is_light_in_hardware().await
                && let Some(this) = this.upgrade()
            {
                this.sender.borrow_mut().prefer_light();
            }
        });
        self.look();
    }

    /// Takes note of whatever may change how large anybody is shown.
    fn watch_page(self: &Rc<Self>, engine: &Rc<Engine>) {
        let (state, choice, this) = (engine.state, self.choice, Rc::downgrade(self));
        engine.owner.with(|| {
            effect(move || {
                state.tiles.track();
                state.panel.track();
                state.pinned.track();
                if state.speaker_view.get() || choice.get() == Choice::Speakers {
                    state.speaker.track();
                }
                state.page.track();
                state.floating.track();
                state.attached.track();
                if let Some(pictures) = this.upgrade() {
                    pictures.due.set(Moment::ZERO);
                }
            });
        });
    }
}
