//! What stands beside the faces and what is said beside the call, and loading the part of the program that knows of it.
//!
//! Separate, because a call must not wait for it, and must go on without it. Until it is there, what comes is kept.

use super::engine::Engine;
use super::mesh::set_if_new;
use super::state::{Notice, Panel, Stage};
use crate::browser::channels::Lane;
use crate::browser::later;
use crate::later as half;
use crate::words::words;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use signaling::protocol::Reaction;
use std::any::Any;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{DragEvent, FileList};

/// What goes on beside the call, once it is loaded. An interface, because what is loaded later must not be named in what is
/// there before, not even to be kept or dropped.
pub(crate) trait Beside {
    /// Something came over a channel beside the call.
    fn hear(self: Rc<Self>, aside: Aside);
    /// The channels to someone are no more what they were.
    fn part(self: Rc<Self>, id: ParticipantId);
    /// Offers files to everyone. Returns whether each of them could be.
    fn offer(self: Rc<Self>, files: &FileList) -> bool;
    /// Returns itself, to whoever knows what it is.
    fn whole(self: Rc<Self>) -> Rc<dyn Any>;
}

/// What is done once the rest of the program is there, or (told by a `false`) cannot be had.
type Act = Box<dyn FnOnce(&Rc<Engine>, bool)>;

/// Messages of one person that are kept until the program for them is there, each at most as long as browsers let it be (256 KiB); more
/// than that comes from nobody who means well.
const MOST: usize = 128;

/// Something that came over a channel beside the call, or a word that the call does not know; nothing but that a channel is
/// open, without a payload.
pub(crate) struct Aside {
    pub(crate) from: ParticipantId,
    pub(crate) lane: Option<Lane>,
    pub(crate) payload: Option<JsValue>,
}

impl Engine {
    /// Opens what stands beside the faces, or closes it.
    pub(super) fn toggle_panel(self: &Rc<Self>, panel: Panel) {
        let opens = self.state.panel.get_untracked() != Some(panel);
        self.state.panel.set(opens.then_some(panel));
        if opens {
            self.want_later();
        }
    }

    /// Loads the rest of the program, because somebody asks for it.
    pub(super) fn want_later(self: &Rc<Self>) {
        self.load_later(|engine| {
            engine.state.panel.set(None);
            engine.state.deafened.set(false);
            // Else they were offered whenever it can be loaded, without anybody asking.
            drop(engine.dropped.take());
            engine.notice(Notice::NotLoaded);
        });
    }

    /// Hears nobody, or everybody again.
    pub(super) fn toggle_deafened(self: &Rc<Self>) {
        self.state.deafened.update(|deafened| *deafened = !*deafened);
        self.want_later();
    }

    /// Offers what can be said without a word, or no more.
    pub(crate) fn toggle_reactions(self: &Rc<Self>) {
        self.state.reacting.update(|open| *open = !*open);
        drop(self.offered.take());
        self.with_later(Box::new(|engine, loaded| {
            if !loaded {
                engine.state.reacting.set(false);
                engine.notice(Notice::NotLoaded);
            } else if engine.state.reacting.get_untracked() {
                let offered = half::offer_reactions(engine);
                engine.offered.replace(offered);
            }
        }));
    }

    /// Somebody says something without a word. Who cannot load what shows it misses nothing else.
    pub(super) fn reacted(self: &Rc<Self>, id: ParticipantId, reaction: Reaction) {
        self.with_later(Box::new(move |engine, loaded| {
            if loaded {
                half::reacted(engine, id, reaction);
            }
        }));
    }

    /// Loads the rest of the program, if it is not there.
    pub(super) fn load_later(self: &Rc<Self>, failed: fn(&Rc<Self>)) {
        if !self.state.later.get_untracked() {
            self.with_later(Box::new(move |engine, loaded| {
                if !loaded {
                    failed(engine);
                }
            }));
        }
    }

    /// Does something once the rest of the program is there, or cannot be had.
    fn with_later(self: &Rc<Self>, act: Act) {
        let engine = self.clone();
        leptos::task::spawn_local(async move {
            let loaded = later::load().await;
            let is_loaded = loaded.is_ok();
            if let (Ok(words), Some(false)) = (loaded, engine.state.later.try_get_untracked()) {
                engine.begin_later(words);
            }
            act(&engine, is_loaded);
        });
    }

    /// Offers files to everyone, where that is shown.
    pub(super) fn offer(self: &Rc<Self>, files: FileList) {
        if self.state.panel.get_untracked() != Some(Panel::Chat) {
            self.toggle_panel(Panel::Chat);
        }
        match self.beside() {
            Some(beside) if beside.clone().offer(&files) => {}
            Some(_) => self.notice(Notice::NotOffered),
            None => *self.dropped.borrow_mut() = Some(files),
        }
    }

    /// Files are dragged over the page: without this a browser would leave the call to show them.
    pub(super) fn drag(self: &Rc<Self>, event: &DragEvent, drops: bool) {
        let files = event.data_transfer().filter(|data| data.types().includes(&"Files".into(), 0));
        if let Some(data) = files.filter(|_| self.state.stage.get_untracked() == Stage::InCall) {
            event.prevent_default();
            if drops && let Some(files) = data.files() {
                self.offer(files);
            }
        }
    }

    fn begin_later(self: &Rc<Self>, lines: String) {
        self.owner.with(words).extend(lines.leak());
        *self.sound.borrow_mut() = Some(half::listen(self));
        let beside = half::begin(self);
        *self.beside.borrow_mut() = Some(beside.clone());
        set_if_new(self.state.later, true);
        for aside in self.aside.take() {
            beside.clone().hear(aside);
        }
        if let Some(files) = self.dropped.take() {
            self.offer(files);
        }
    }

    /// Returns what goes on beside the call, once it is loaded.
    pub(crate) fn beside(&self) -> Option<Rc<dyn Beside>> {
        self.beside.borrow().clone()
    }

    /// Something came over a channel beside the call.
    pub(super) fn hear_aside(self: &Rc<Self>, aside: Aside) {
        if let Some(beside) = self.beside() {
            return beside.hear(aside);
        }
        // Who only opens a channel has nothing to tell yet.
        if aside.payload.is_some() {
            let is_said = aside.lane.is_some();
            let waiting = self.aside.borrow().iter().filter(|known| known.from == aside.from).count();
            if waiting < MOST {
                self.aside.borrow_mut().push(aside);
            }
            // About pictures everyone tells whoever comes, which can wait until nobody waits for a connection.
            if is_said {
                self.load_later(|_| {});
            }
        }
    }

    /// The channels to someone are no more what they were.
    pub(super) fn part_aside(&self, id: ParticipantId) {
        self.aside.borrow_mut().retain(|aside| aside.from != id);
        if let Some(beside) = self.beside() {
            beside.part(id);
        }
    }
}
