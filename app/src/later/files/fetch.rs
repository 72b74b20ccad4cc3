//! Fetching one file: asking, taking what comes, putting it away, and looking whether it is whole.
//!
//! Separate, because pieces come as they come, and putting them away takes its time.

use super::desk::Files;
use super::disk::Sink;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use leptos::prelude::*;
use signaling::chat::Offer;
use signaling::identity::ParticipantId;
use signaling::transfer::{Message, Progress, Receiving};
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// How a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody asked for it.
    Offered,
    /// On its way: so many of a hundred parts are here.
    Coming(u8),
    /// Here, at this address of the page's own.
    Here(String),
    /// Its owner does not have it any more.
    Gone,
    /// What came is not what was sent.
    Broken,
    /// There is no room for it.
    NoRoom,
}

/// What is to be put away.
enum Part {
    Bytes(Vec<u8>),
    End,
}

/// The fetching of one file.
pub(crate) struct Fetch {
    files: Weak<Files>,
    from: ParticipantId,
    offer: Offer,
    pub(super) state: RwSignal<State>,
    run: RefCell<Option<(Receiving, UnboundedSender<Part>)>>,
}

impl Fetch {
    pub(super) fn new(files: &Rc<Files>, from: ParticipantId, offer: Offer) -> Rc<Self> {
        let state = RwSignal::new(State::Offered);
        Rc::new(Self { files: Rc::downgrade(files), from, offer, state, run: RefCell::default() })
    }

    pub(super) fn key(&self) -> u64 {
        self.offer.key
    }

    pub(super) fn from(&self) -> ParticipantId {
        self.from
    }

    pub(super) fn is_running(&self) -> bool {
        self.run.borrow().is_some()
    }

    /// Begins, unless it is on its way.
    pub(super) fn begin(self: &Rc<Self>) {
        if self.is_running() {
            return;
        }
        let (parts, queue) = unbounded();
        *self.run.borrow_mut() = Some((Receiving::new(self.offer.key, self.offer.size), parts));
        self.state.set(State::Coming(0));
        let fetch = self.clone();
        wasm_bindgen_futures::spawn_local(async move { fetch.put_away(queue).await });
        self.request();
    }

    /// Asks for what is missing.
    pub(super) fn request(&self) {
        let request = self.run.borrow().as_ref().map(|(receiving, _)| receiving.request());
        self.say(request);
    }

    /// Its owner does not want it any more.
    pub(super) fn cancel(&self) {
        self.fail(State::Offered);
        self.say(Some(Message::Stop { key: self.offer.key }));
    }

    /// It ends without a file.
    pub(super) fn fail(&self, state: State) {
        if self.run.take().is_some() {
            self.state.set(state);
        }
    }

    /// A piece came.
    pub(super) fn take(&self, bytes: &[u8]) {
        let mut broken = false;
        if let Some((receiving, parts)) = self.run.borrow_mut().as_mut() {
            broken = receiving.take(bytes) == Progress::Broken;
            let _ = parts.unbounded_send(Part::Bytes(bytes.to_vec()));
        }
        if broken {
            self.fail(State::Broken);
            self.say(Some(Message::Stop { key: self.offer.key }));
        }
    }

    /// Everything was sent.
    pub(super) fn end(&self, sha256: &str) {
        let ended = self.run.borrow().as_ref().map(|(receiving, parts)| (receiving.end(sha256), parts.clone()));
        match ended {
            Some((Progress::Whole, parts)) => {
                let _ = parts.unbounded_send(Part::End);
            }
            Some(_) => self.fail(State::Broken),
            None => {}
        }
    }

    async fn put_away(self: Rc<Self>, mut queue: UnboundedReceiver<Part>) {
        let mut sink = Sink::open(self.offer.size).await;
        let mut took = 0;
        // It ends early when nobody wants it any more: then the sending half is gone.
        while let Some(part) = queue.next().await {
            let bytes = match part {
                Part::Bytes(bytes) => bytes,
                Part::End => {
                    let here = sink.close().await;
                    self.run.take();
                    return self.state.set(here.map_or(State::NoRoom, State::Here));
                }
            };
            took += bytes.len() as u64;
            match sink.write(bytes).await {
                Ok(false) => continue,
                Ok(true) => self.say(Some(Message::Took { key: self.offer.key, bytes: took })),
                Err(_) => {
                    self.fail(State::NoRoom);
                    self.say(Some(Message::Stop { key: self.offer.key }));
                    break;
                }
            }
            let percent = u8::try_from(took * 100 / self.offer.size.max(1)).unwrap_or(100);
            if self.is_running() && self.state.get_untracked() != State::Coming(percent) {
                self.state.set(State::Coming(percent));
            }
        }
        sink.discard().await;
    }

    fn say(&self, message: Option<Message>) {
        if let (Some(files), Some(message)) = (self.files.upgrade(), message) {
            files.say(self.from, &message);
        }
    }
}
