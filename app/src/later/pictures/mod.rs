//! How large everyone's pictures are: what is shown here is told to those who send it, and what they show is what they are sent.
//!
//! Separate, because a call begins without it, small where there are several. What is decided, the core decides
//! ([`signaling::viewing`], [`signaling::sending`]); here it is looked at the page and at the browser's counters, and done.

mod choose;
mod count;
mod encode;
mod forecast;
mod held;
mod look;
mod mirror;
mod tell;
mod watch;

use crate::ADAPTS;
use crate::browser::listener::{Interval, Listener};
use crate::browser::page;
use crate::browser::slot::Slot;
use crate::call::Engine;
use crate::later::loose;
use core::cell::Cell;
use core::time::Duration;
use count::Counters;
use encode::{Encodings, is_twice};
use held::Held;
use leptos::prelude::*;
use mirror::Mirror;
use signaling::few::Few;
use signaling::identity::{Epoch, ParticipantId};
use signaling::protocol::{MediaState, PictureMessage};
use signaling::sending::{Action, Choice, LOOK, Sender, Sources, Why};
use signaling::time::Moment;
use signaling::viewing::Viewer;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use tell::{is_open, say};
use wasm_bindgen::JsValue;

pub(super) use choose::Chooser;

/// How often the page is looked at where nothing says that it has changed: somebody scrolls, or the small window changes its size.
/// It makes the browser lay it out.
const PAGE_LOOK: Duration = Duration::from_millis(1_000);
/// What others tell is done at once, but for no more often than this.
const HEED: Duration = Duration::from_millis(100);
/// Of more others than the first, it is counted every other second; of more than the second, every third.
const MANY: [usize; 2] = [4, 6];
/// Who has just spoken goes on being shown for so long, where only who speaks is.
const GRACE: Duration = Duration::from_secs(4);

/// Everything about the size of pictures.
pub(super) struct Pictures {
    engine: Weak<Engine>,
    viewer: RefCell<Viewer>,
    sender: RefCell<Sender>,
    /// Which connection to somebody is known.
    known: RefCell<Few<ParticipantId, Epoch>>,
    encodings: Encodings,
    counters: Counters,
    held: Held,
    mirror: Rc<Mirror>,
    /// What the person wants to see and to send.
    pub(super) choice: RwSignal<Choice>,
    /// What the forecast, if there is any, is about.
    forecast: RwSignal<Option<forecast::Forecast>>,
    aside: forecast::Aside,
    /// When one spoke last.
    spoke: Cell<Option<Moment>>,
    counted: Cell<Moment>,
    /// When the page is to be looked at.
    due: Cell<Moment>,
    /// When it was last done at once what somebody's page told.
    heard: Cell<Moment>,
    watches: RefCell<Option<(Interval, [Listener; 2])>>,
}

impl Pictures {
    /// Begins with whoever is there.
    pub(super) fn begin(engine: &Rc<Engine>) -> Rc<Self> {
        let pictures = engine.owner.with(|| {
            Rc::new(Self {
                engine: Rc::downgrade(engine),
                viewer: RefCell::default(),
                sender: RefCell::default(),
                known: RefCell::default(),
                encodings: Encodings::default(),
                counters: Counters::new(),
                held: Held::default(),
                mirror: Rc::default(),
                choice: RwSignal::new(Choice::All),
                forecast: RwSignal::new(None),
                aside: forecast::Aside::default(),
                spoke: Cell::default(),
                counted: Cell::new(page::now()),
                due: Cell::default(),
                heard: Cell::default(),
                watches: RefCell::default(),
            })
        });
        if ADAPTS {
            pictures.watch(engine);
        }
        pictures
    }

    /// Somebody says something about pictures, or something that nobody here knows.
    pub(super) fn hear(self: &Rc<Self>, from: ParticipantId, word: &JsValue) {
        let message = word.as_string().and_then(|text| serde_json::from_str(&text).ok());
        match message {
            Some(PictureMessage::View(view)) => {
                // It is said once, and may be here before their connection was noticed.
                if let Some(engine) = self.engine.upgrade() {
                    self.meet(&engine);
                }
                self.sender.borrow_mut().viewed(from, view);
                // Whoever waits is served at once; whoever says it without end has it done at the next look.
                let now = page::now();
                if now >= self.heard.get() + HEED {
                    self.heard.set(now);
                    self.settle();
                }
            }
            Some(PictureMessage::Held(held)) => self.held.said(from, held),
            None => {}
        }
    }

    /// The connection to someone is gone, or another one.
    pub(super) fn part(self: &Rc<Self>, id: ParticipantId) {
        self.viewer.borrow_mut().forget(id);
        self.known.borrow_mut().remove(id);
        self.sender.borrow_mut().closed(id);
        self.encodings.forget(id);
        self.counters.forget(id);
        self.held.forget(id);
        self.due.set(Moment::ZERO);
    }

    /// Returns whose faces do not move, though their cameras are on.
    pub(super) fn still(&self) -> RwSignal<Vec<ParticipantId>> {
        self.held.still
    }

    /// Changes what is to be seen and sent.
    pub(super) fn choose(self: &Rc<Self>, choice: Choice) {
        self.choice.set(choice);
        self.due.set(Moment::ZERO);
        self.look();
    }

    /// Returns why somebody gets no more of one's camera.
    pub(super) fn why(&self, id: ParticipantId) -> Why {
        self.sender.borrow().why(id, page::now())
    }

    /// Looks at the page, and at what is sent.
    fn look(self: &Rc<Self>) {
        let Some(engine) = self.engine.upgrade() else { return };
        let now = page::now();
        self.meet(&engine);
        if now >= self.due.get() {
            // Once more at the next look: what changes takes effect a little later, and what is told may have to settle first.
            let changed = self.due.get() == Moment::ZERO;
            self.tell_views(&engine);
            let again = changed || self.viewer.borrow().waits();
            self.due.set(now + if again { Duration::from_millis(1) } else { PAGE_LOOK });
        }
        {
            let mut sender = self.sender.borrow_mut();
            sender.captured(sources(&engine));
            sender.chose(self.choice.get_untracked(), self.speaks(&engine));
        }
        self.settle();
        self.held.show(&engine, |id| self.wants_none(&engine, id));
        let others = engine.peers.borrow().values().count();
        self.mirror.look(&engine, others);
        // What is asked of the browser costs it as much as a picture; so of many it is asked less often.
        let seconds = 1 + MANY.into_iter().filter(|many| others > *many).count() as u32;
        if now >= self.counted.get() + LOOK * seconds {
            self.counted.set(now);
            forecast::look(self, &engine);
            self.count(&engine);
        }
    }

    /// Takes note of connections that are new, once there is something to send over them.
    fn meet(&self, engine: &Engine) {
        let others = engine.peers.borrow().values().count();
        for (id, peer) in engine.peers.borrow().iter() {
            let raw = peer.raw();
            // That was agreed once: another offer may be on its way.
            let agreed = loose::get(&raw, "currentRemoteDescription").is_object();
            if agreed && self.known.borrow().get(id) != Some(&peer.epoch()) {
                self.known.borrow_mut().insert(id, peer.epoch());
                self.sender.borrow_mut().opened(id, others, is_twice(peer), page::now());
                self.encodings.begin(id, peer);
                self.due.set(Moment::ZERO);
            }
        }
    }

    /// Returns whether one speaks, or has just spoken.
    fn speaks(&self, engine: &Engine) -> bool {
        let own = engine.state.own.get_untracked().and_then(|id| engine.tile(id));
        if own.is_some_and(|tile| tile.speaking.get_untracked()) {
            self.spoke.set(Some(page::now()));
        }
        self.spoke.get().is_some_and(|spoke| page::now() < spoke + GRACE)
    }

    /// Does what is to be done now.
    fn settle(self: &Rc<Self>) {
        let Some(engine) = self.engine.upgrade() else { return };
        let actions = self.sender.borrow_mut().settle(page::now());
        for action in actions {
            let (Action::Set(id, _) | Action::Hold(id, _)) = action;
            let peers = engine.peers.borrow();
            let Some(peer) = peers.get(id) else { continue };
            match action {
                Action::Set(_, settings) => self.encodings.set(id, peer, settings),
                Action::Hold(_, held) => self.held.hold(id, held),
            }
        }
        let peers = engine.peers.borrow();
        self.held.tell(|id, held| {
            let peer = peers.get(id).filter(|peer| is_open(peer));
            peer.inspect(|peer| say(peer, &PictureMessage::Held(held))).is_some()
        });
    }

    /// Counts what went out, and lets the core judge it.
    fn count(self: &Rc<Self>, engine: &Rc<Engine>) {
        let connections: Vec<_> =
            engine.peers.borrow().iter().map(|(id, peer)| (id, peer.epoch(), peer.raw())).collect();
        let (this, camera) = (Rc::downgrade(self), sources(engine).camera);
        leptos::task::spawn_local(async move {
            let mut entries = Vec::new();
            for (id, epoch, connection) in connections {
                let read = count::read(&connection).await;
                let engine = this.upgrade().and_then(|this: Rc<Self>| this.engine.upgrade());
                let tile = engine.as_ref().and_then(|engine| engine.tile(id));
                if let (Some((entry, vitals)), Some(engine), Some(tile)) = (read, engine, tile) {
                    engine.note_vitals(tile, epoch, vitals);
                    entries.push((id, entry));
                }
            }
            if let Some(this) = this.upgrade() {
                let (reports, load) = this.counters.compare(entries, &this.encodings, camera);
                if let Some(engine) = this.engine.upgrade().filter(|_| this.counters.is_dead()) {
                    this.encodings.give_up_light(engine.peers.borrow().iter());
                }
                this.sender.borrow_mut().counted(&reports, load, page::now());
                this.settle();
            }
        });
    }
}

/// Returns what there is to send.
fn sources(engine: &Engine) -> Sources {
    let MediaState { camera, screen, .. } = engine.state.media();
    let media = engine.media.borrow();
    let captured = |slot, on: bool| on.then(|| count::captured(media.track(slot)?.track())).flatten();
    Sources {
        camera: captured(Slot::Camera, camera),
        screen: captured(Slot::Screen, screen),
        smooth: engine.state.smooth.get_untracked(),
    }
}
