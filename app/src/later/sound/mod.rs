//! What is heard: of the others and how loud, through which loudspeaker, the tones that say what happens, and whether one's own
//! microphone gives anything at all.
//!
//! Separate, because all of it is comfort. A call without it sounds as the browser has it, and that is how it begins.

mod ear;
mod output;
mod speakers;
mod tones;
mod voices;

use super::loose;
use super::mine::Standing;
use super::rehearsal::Rehearsal;
use crate::browser::devices;
use crate::browser::listener::{Interval, Listener};
use crate::browser::page;
use crate::call::{Call, CallState, Engine, Notice, Stage};
use crate::room::lean::effect;
use core::any::Any;
use ear::Ear;
use leptos::prelude::*;
use output::Output;
use speakers::Speakers;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
pub(super) use tones::{Cue, Tones};
use voices::Voices;
pub(super) use voices::digits;

/// The id of the place on the page for testing one's sound.
const PLACE: &str = "rehearsal";
/// How often everything is looked at: streams come and go, and tell nobody.
const LOOK_MS: i32 = 500;

/// Everything about sound that is loaded later.
pub(super) struct Sound {
    engine: Weak<Engine>,
    pub(super) state: CallState,
    pub(super) output: Output,
    pub(super) speakers: Speakers,
    pub(super) tones: Tones,
    pub(super) voices: Voices,
    ear: Ear,
    watches: RefCell<(Vec<Listener>, Vec<Interval>)>,
}

impl Sound {
    /// Begins to care for the sound of a call.
    pub(super) fn begin(engine: &Rc<Engine>) -> Rc<Self> {
        engine.owner.with(|| {
            let this = Rc::new(Self {
                engine: Rc::downgrade(engine),
                state: engine.state,
                output: Output::default(),
                speakers: Speakers::new(),
                tones: Tones::new(),
                voices: Voices::default(),
                ear: Ear::default(),
                watches: RefCell::default(),
            });
            this.watch();
            this.offer_rehearsal();
            this
        })
    }

    /// Puts the tests of one's sound where the server has left a place for them, until one is in the call.
    fn offer_rehearsal(self: &Rc<Self>) {
        let document = page::window().document();
        let Some(place) = document.and_then(|document| document.get_element_by_id(PLACE)) else { return };
        let (this, state) = (Rc::downgrade(self), self.state);
        let mut standing = None;
        effect(move || {
            let waits = matches!(state.stage.get(), Stage::GreenRoom | Stage::Joining);
            drop(standing.take());
            let sound = this.upgrade().filter(|_| waits);
            standing = sound.map(|sound| Standing::build(&place, || view! { <Rehearsal sound /> }));
        });
    }

    /// Returns what is behind the call, as long as it is there.
    pub(super) fn engine(&self) -> Option<Rc<Engine>> {
        self.engine.upgrade()
    }

    /// Returns it, where it is loaded.
    pub(super) fn of(call: Call) -> Option<Rc<Self>> {
        let sound: Rc<dyn Any> = call.engine()?.sound.borrow().clone()?;
        sound.downcast().ok()
    }

    fn watch(self: &Rc<Self>) {
        let look = self.when(Self::look);
        let clocks = vec![Interval::new(LOOK_MS, look)];
        let mut watches = Vec::new();
        if let Ok(devices) = devices::devices() {
            let mut changed = self.when(Self::devices_changed);
            watches.push(Listener::new(&devices, "devicechange", move |_| changed()));
        }
        if let Some(document) = page::window().document() {
            let mut turned = self.when(Self::page_turned);
            watches.push(Listener::new(&document, "visibilitychange", move |_| turned()));
        }
        *self.watches.borrow_mut() = (watches, clocks);
        let state = self.state;
        let mut show = self.when(Self::look);
        effect(move || {
            // What is attached under a deaf ear is not heard for a moment either.
            state.attached.track();
            state.deafened.track();
            show();
        });
        self.listen_for_news();
        self.devices_changed();
    }

    /// Says by a tone what a notice says in words, and that a connection is back.
    fn listen_for_news(self: &Rc<Self>) {
        let state = self.state;
        let this = Rc::downgrade(self);
        let play = move |cue| {
            if let Some(this) = this.upgrade() {
                this.tones.play(cue, &this.output, state.deafened.get_untracked());
            }
        };
        let told = play.clone();
        // What was said before this was here is past.
        let mut begun = false;
        effect(move || {
            let notice = state.notice.get();
            if !core::mem::replace(&mut begun, true) {
                return;
            }
            match notice {
                Some(Notice::Joined(_)) => told(Cue::Joined),
                Some(Notice::Left(_)) => told(Cue::Left),
                Some(Notice::HandRaised(_)) => told(Cue::Hand),
                _ => {}
            }
        });
        let mut broken = Vec::new();
        effect(move || {
            let now = tones::broken(state);
            let back = broken.iter().any(|id| !now.contains(id) && tones::is_here(state, *id));
            broken = now;
            if back {
                play(Cue::Back);
            }
        });
    }

    /// Something to run as long as this lives.
    fn when(self: &Rc<Self>, run: fn(&Rc<Self>)) -> impl FnMut() + 'static {
        let this = Rc::downgrade(self);
        move || {
            if let Some(this) = this.upgrade() {
                run(&this);
            }
        }
    }

    /// Looks whether everything is as it should be.
    pub(super) fn look(self: &Rc<Self>) {
        if let Some(engine) = self.engine.upgrade() {
            let speaker = self.speakers.chosen.get_untracked();
            self.output.use_speaker(&speaker);
            self.voices.tend(&engine, &self.output, &speaker);
            self.ear.tend(&engine);
            super::settings::blur_as_remembered(&engine);
            self.output.rest(self.voices.any_boosted());
        }
    }

    fn devices_changed(self: &Rc<Self>) {
        let this = self.clone();
        leptos::task::spawn_local(async move {
            this.speakers.list().await;
            this.look();
            if let Some(engine) = this.engine.upgrade() {
                this.ear.follow_default(&engine).await;
            }
        });
    }

    /// The page is shown again, or no more.
    fn page_turned(self: &Rc<Self>) {
        let Some(engine) = self.engine.upgrade() else { return };
        let hidden = page::is_hidden();
        self.ear.page_turned(&engine, hidden);
        if !hidden {
            // A phone call stops whatever plays.
            for screen in engine.screens.borrow().iter() {
                engine.play(&screen.video);
            }
        }
    }

    /// Uses the microphone again that the system gave to somebody else. On a click, which lets the page play, too.
    pub(super) fn resume(self: &Rc<Self>) {
        self.page_turned();
        if let Some(engine) = self.engine.upgrade() {
            self.ear.resume(&engine);
        }
    }

    /// Plays through this loudspeaker from now on.
    pub(super) fn choose_speaker(self: &Rc<Self>, id: &str) {
        self.speakers.choose(id);
        self.look();
    }

    /// Plays somebody this loud, in percent, now and whenever they are met again.
    pub(super) fn set_volume(self: &Rc<Self>, name: &str, percent: u8) {
        self.voices.set_volume(name, percent);
        self.look();
    }
}
