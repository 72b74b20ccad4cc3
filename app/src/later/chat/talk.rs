//! The chat of one page: what there is to show of it, and its way over the channels.
//!
//! Separate from the [panel](super::panel), because it goes on while that is closed.

use crate::browser::channels::Lane;
use crate::browser::listener::Interval;
use crate::browser::page;
use crate::call::engine::Engine;
use crate::call::{Notice, Panel};
use crate::later::files::Files;
use leptos::prelude::*;
use signaling::chat::{Action, Body, Chat, Entry, Event, Message};
use signaling::identity::ParticipantId;
use signaling::limits;
use signaling::protocol::{ChatText, DisplayName, TextError};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;
use web_sys::{FileList, RtcDataChannelState};

const TICK_MS: i32 = 500;
/// Whoever has so much to come still, in bytes, gets no history on top of it.
const BACKLOG: u32 = 256 * 1024;
/// So much of a message is shown in passing.
const GLIMPSE: usize = 120;

/// The chat of one page.
pub(crate) struct Talk {
    engine: Weak<Engine>,
    chat: RefCell<Chat>,
    files: Rc<Files>,
    /// What was written, in its order.
    pub(super) entries: RwSignal<Vec<Entry>>,
    /// Whether that is about to change.
    due: Cell<bool>,
    /// What is being written, and not said yet.
    pub(super) draft: RwSignal<String>,
    clock: RefCell<Option<Interval>>,
}

impl Talk {
    /// Begins with whoever is there.
    pub(crate) fn begin(engine: &Rc<Engine>) -> Rc<Self> {
        let talk = engine.owner.with(|| {
            Rc::new(Self {
                engine: Rc::downgrade(engine),
                chat: RefCell::default(),
                files: Files::new(engine),
                entries: RwSignal::new(Vec::new()),
                due: Cell::default(),
                draft: RwSignal::new(String::new()),
                clock: RefCell::default(),
            })
        });
        let ticking = Rc::downgrade(&talk);
        *talk.clock.borrow_mut() = Some(Interval::new(TICK_MS, move || {
            if let Some(talk) = ticking.upgrade() {
                talk.feed(Event::Tick);
            }
        }));
        let open =
            |peer: &crate::browser::peer_queue::Peer| peer.lane(Lane::Chat).ready_state() == RtcDataChannelState::Open;
        let there: Vec<_> = engine.peers.borrow().iter().filter(|(_, peer)| open(peer)).map(|(id, _)| id).collect();
        for id in there {
            talk.feed(Event::Opened(id));
        }
        talk
    }

    /// Returns the files of this page.
    pub(in crate::later) fn files(&self) -> &Rc<Files> {
        &self.files
    }

    /// Says something to everyone. Returns whether it stands in the chat now.
    ///
    /// # Errors
    /// When there is nothing to say, or too much.
    pub(super) fn write(self: &Rc<Self>, text: &str) -> Result<bool, TextError> {
        ChatText::new(text).map(|text| self.say(Body::Text(text)))
    }

    fn say(self: &Rc<Self>, body: Body) -> bool {
        let Some(engine) = self.engine.upgrade() else { return false };
        let (own, name) = (engine.state.own.get_untracked(), DisplayName::new(engine.state.name.get_untracked()));
        match (own, name) {
            (Some(from), Ok(name)) => self.feed(Event::Write { from, name, at: js_sys::Date::now() as u64, body }),
            _ => false,
        }
    }

    /// Returns whether there is something new.
    fn feed(self: &Rc<Self>, event: Event) -> bool {
        let fresh = matches!(event, Event::Received(_, Message::Said(_)));
        let actions = self.chat.borrow_mut().handle(event, page::now());
        let mut added = false;
        for action in actions {
            match action {
                Action::Send(to, message) => self.send(to, &message),
                Action::Added(entry) => {
                    added = true;
                    self.count(&entry, fresh);
                }
            }
        }
        if added && !self.due.replace(true) {
            // What comes at once is shown at once: each time, all of it is copied.
            let talk = Rc::downgrade(self);
            page::soon(move || {
                if let Some(talk) = talk.upgrade() {
                    talk.due.set(false);
                    let _ = talk.entries.try_set(talk.chat.borrow().log().entries().cloned().collect());
                    let stands = |mark| talk.chat.borrow().log().entries().any(|entry| entry.mark() == mark);
                    talk.files.forget(stands);
                }
            });
        }
        added
    }

    fn send(&self, to: ParticipantId, message: &Message) {
        let Some(engine) = self.engine.upgrade() else { return };
        if let (Some(peer), Ok(text)) = (engine.peers.borrow().get(to), serde_json::to_string(message)) {
            // What a closed channel does not take is told by another, or when the pair is whole again.
            let _ = peer.lane(Lane::Chat).send_with_str(&text);
        }
    }

    /// Returns how much waits on the way to someone, in bytes.
    fn backlog(&self, to: ParticipantId) -> u32 {
        let Some(engine) = self.engine.upgrade() else { return 0 };
        let peers = engine.peers.borrow();
        peers.get(to).map_or(0, |peer| peer.lane(Lane::Chat).buffered_amount())
    }

    /// Counts what somebody else wrote while nobody looked, and says so of what was written just now.
    fn count(&self, entry: &Entry, fresh: bool) {
        let Some(engine) = self.engine.upgrade() else { return };
        let state = &engine.state;
        if state.panel.get_untracked() == Some(Panel::Chat) || state.own.get_untracked() == Some(entry.from) {
            return;
        }
        state.unread.update(|unread| *unread += 1);
        if fresh {
            let said = match &entry.body {
                Body::Text(text) => text.as_str(),
                Body::File(offer) => offer.name.as_str(),
            };
            let glimpse = said.chars().take(GLIMPSE).collect();
            engine.notice(Notice::Wrote(entry.name.as_str().to_owned(), glimpse));
        }
    }

    /// Something came over one of its channels, or that is open.
    pub(in crate::later) fn hear(self: &Rc<Self>, from: ParticipantId, lane: Lane, payload: Option<JsValue>) {
        match (lane, payload) {
            (Lane::Chat, None) => {
                self.feed(Event::Opened(from));
            }
            (Lane::Chat, Some(payload)) => {
                let text = payload.as_string().filter(|text| text.len() <= limits::CHAT_READ_BYTES);
                match text.and_then(|text| serde_json::from_str(&text).ok()) {
                    Some(Message::Want(_)) if self.backlog(from) > BACKLOG => {}
                    Some(message) => {
                        self.feed(Event::Received(from, message));
                    }
                    None => {}
                }
            }
            (Lane::Files, payload) => self.files.hear(from, payload),
        }
    }

    /// The channels to someone are no more what they were.
    pub(in crate::later) fn part(self: &Rc<Self>, id: ParticipantId) {
        self.feed(Event::Closed(id));
        self.files.part(id);
    }

    /// Offers files to everyone. Returns whether each of them could be.
    pub(in crate::later) fn offer(self: &Rc<Self>, files: &FileList) -> bool {
        let files = (0..files.length()).filter_map(|index| files.get(index));
        let offers: Vec<_> = files.map(|file| self.files.offer(file)).collect();
        let all = offers.iter().all(Option::is_some);
        offers.into_iter().flatten().fold(all, |all, offer| self.say(Body::File(offer)) && all)
    }
}
