//! What is offered and what is fetched on this page, and who said what about it.
//!
//! Separate from [serving](super::serve) and [fetching](super::fetch), because either needs to know of one file alone.

use super::fetch::{Fetch, State};
use crate::browser::channels::Lane;
use crate::browser::page;
use crate::call::engine::Engine;
use js_sys::{ArrayBuffer, Uint8Array};
use signaling::chat::{Mark, Offer};
use signaling::few::Few;
use signaling::identity::ParticipantId;
use signaling::protocol::FileName;
use signaling::transfer::{Message, read_piece};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, RtcDataChannel, RtcDataChannelState};

/// A message that is longer is none of ours.
const LONGEST: usize = 1024;
/// So many files may one person fetch at a time; the next one takes the place of the first.
const SERVED: usize = 4;
/// What has been stopped is still there for a moment, with what was read of it. Of both together one person has no more than this;
/// nobody who means well asks for more.
const SERVED_AND_STOPPED: usize = 4 * SERVED;
/// More than what [serving](super::serve) lets wait in a channel, in bytes: then nothing is added to it, since nobody takes it.
const BACKLOG_BYTES: u32 = 2 * 1024 * 1024;

/// A file being sent to somebody.
pub(super) struct Serving {
    pub(super) to: ParticipantId,
    /// What the other one calls it.
    pub(super) run: u64,
    /// How much is put away there.
    pub(super) took: Cell<u64>,
    pub(super) over: Cell<bool>,
}

/// The files of one page.
pub(crate) struct Files {
    engine: Weak<Engine>,
    offered: RefCell<Vec<(u64, File)>>,
    servings: RefCell<Vec<Rc<Serving>>>,
    fetches: RefCell<Few<Mark, Rc<Fetch>>>,
}

impl Files {
    pub(crate) fn new(engine: &Rc<Engine>) -> Rc<Self> {
        wasm_bindgen_futures::spawn_local(super::disk::tidy());
        Rc::new(Self {
            engine: Rc::downgrade(engine),
            offered: RefCell::default(),
            servings: RefCell::default(),
            fetches: RefCell::default(),
        })
    }

    /// Keeps a file at hand for whoever wants it, and returns what to say of it. `None` for one without a name to show.
    pub(crate) fn offer(&self, file: File) -> Option<Offer> {
        let name = file.name();
        let offer = Offer { key: page::seed(), name: FileName::new(name).ok()?, size: file.size() as u64 };
        self.offered.borrow_mut().push((offer.key, file));
        Some(offer)
    }

    /// Returns a file that is offered here.
    pub(super) fn offered(&self, key: u64) -> Option<File> {
        self.offered.borrow().iter().find(|(known, _)| *known == key).map(|(_, file)| file.clone())
    }

    /// Returns the fetching of a file, which may not have begun.
    pub(crate) fn fetch(self: &Rc<Self>, mark: Mark, from: ParticipantId, offer: Offer) -> Rc<Fetch> {
        let known = self.fetches.borrow().get(mark).cloned();
        known.unwrap_or_else(|| {
            let engine = self.engine.upgrade();
            let owner = engine.map(|engine| engine.owner.clone()).unwrap_or_default();
            let fetch = owner.with(|| Fetch::new(self, from, offer));
            self.fetches.borrow_mut().insert(mark, fetch.clone());
            fetch
        })
    }

    /// Forgets what nobody can ask for any more, but for what is on its way.
    pub(crate) fn forget(&self, is_shown: impl Fn(Mark) -> bool) {
        let mut fetches = self.fetches.borrow_mut();
        let idle = fetches.iter().filter(|(mark, fetch)| !fetch.is_running() && !is_shown(*mark));
        let idle: Vec<_> = idle.map(|(mark, _)| mark).collect();
        idle.into_iter().for_each(|mark| drop(fetches.remove(mark)));
    }

    /// Something came over somebody's channel for files; nothing but that it is open, without a payload.
    pub(crate) fn hear(self: &Rc<Self>, from: ParticipantId, payload: Option<JsValue>) {
        let Some(payload) = payload else {
            let running = self.fetches_from(from).filter(|fetch| fetch.is_running());
            return running.for_each(|fetch| fetch.request());
        };
        if let Some(buffer) = payload.dyn_ref::<ArrayBuffer>() {
            let message = Uint8Array::new(buffer).to_vec();
            if let Some((run, bytes)) = read_piece(&message)
                && let Some(fetch) = self.running(from, run)
            {
                fetch.take(bytes);
            }
            return;
        }
        let text = payload.as_string().filter(|text| text.len() <= LONGEST);
        match text.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(Message::Get { key, run, from: first }) => self.begin(from, key, run, first),
            Some(Message::Took { run, bytes }) => {
                if let Some(serving) = self.serving(from, run) {
                    serving.took.set(bytes);
                }
            }
            Some(Message::Stop { run }) => self.stop_serving(from, Some(run)),
            Some(Message::End { run, sha256 }) => {
                if let Some(fetch) = self.running(from, run) {
                    fetch.end(&sha256);
                }
            }
            Some(Message::Gone { run }) => {
                if let Some(fetch) = self.running(from, run) {
                    fetch.fail(State::Gone);
                }
            }
            None => {}
        }
    }

    /// The channels to someone are no more what they were: what was sent is asked for again by whoever wants it.
    pub(crate) fn part(&self, id: ParticipantId) {
        self.stop_serving(id, None);
    }

    fn begin(self: &Rc<Self>, to: ParticipantId, key: u64, run: u64, first: u64) {
        self.stop_serving(to, Some(run));
        let file = self.offered(key).filter(|file| first <= file.size() as u64);
        let Some(file) = file else { return self.say(to, &Message::Gone { run }) };
        let serving = Rc::new(Serving { to, run, took: Cell::new(first), over: Cell::new(false) });
        let mut servings = self.servings.borrow_mut();
        let theirs: Vec<_> = servings.iter().filter(|serving| serving.to == to).collect();
        if theirs.len() >= SERVED_AND_STOPPED {
            return;
        }
        let running: Vec<_> = theirs.into_iter().filter(|serving| !serving.over.get()).collect();
        if let Some(first) = running.first().filter(|_| running.len() >= SERVED) {
            first.over.set(true);
        }
        servings.push(serving.clone());
        drop(servings);
        let files = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            // A file that can be read no more is gone, as far as the other one is concerned.
            if files.serve(&serving, &file, first).await.is_err() {
                files.say(to, &Message::Gone { run });
            }
            files.servings.borrow_mut().retain(|known| !Rc::ptr_eq(known, &serving));
        });
    }

    fn serving(&self, to: ParticipantId, run: u64) -> Option<Rc<Serving>> {
        let is_it = |serving: &&Rc<Serving>| serving.to == to && serving.run == run && !serving.over.get();
        self.servings.borrow().iter().find(is_it).cloned()
    }

    /// Stops what is sent to somebody; each takes itself out when it has.
    fn stop_serving(&self, to: ParticipantId, run: Option<u64>) {
        let servings = self.servings.borrow();
        let theirs = servings.iter().filter(|serving| serving.to == to && run.is_none_or(|run| run == serving.run));
        theirs.for_each(|serving| serving.over.set(true));
    }

    fn fetches_from(&self, from: ParticipantId) -> impl Iterator<Item = Rc<Fetch>> {
        let fetches: Vec<_> = self.fetches.borrow().values().filter(|fetch| fetch.from() == from).cloned().collect();
        fetches.into_iter()
    }

    fn running(&self, from: ParticipantId, run: u64) -> Option<Rc<Fetch>> {
        self.fetches_from(from).find(|fetch| fetch.run() == Some(run))
    }

    /// Returns the channel to somebody, while it is open.
    pub(super) fn channel(&self, to: ParticipantId) -> Option<RtcDataChannel> {
        let engine = self.engine.upgrade()?;
        let peers = engine.peers.borrow();
        let channel = peers.get(to)?.lane(Lane::Files);
        (channel.ready_state() == RtcDataChannelState::Open).then(|| channel.clone())
    }

    /// Says something to somebody; whom the channel does not reach asks again when it does.
    pub(super) fn say(&self, to: ParticipantId, message: &Message) {
        let channel = self.channel(to).filter(|channel| channel.buffered_amount() < BACKLOG_BYTES);
        if let (Some(channel), Ok(text)) = (channel, serde_json::to_string(message)) {
            let _ = channel.send_with_str(&text);
        }
    }
}
