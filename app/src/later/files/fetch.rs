//! Fetching one file: asking, taking what comes, putting it away, and looking whether it is whole.
//!
//! Separate, because pieces come as they come, and putting them away takes its time.

use super::desk::Files;
use super::disk::Sink;
use crate::browser::page;
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
    /// What is on its way. One that was cancelled may go on putting away for a moment, when the next is here already.
    run: RefCell<Option<(Receiving, UnboundedSender<Part>)>>,
}

impl Fetch {
    pub(super) fn new(files: &Rc<Files>, from: ParticipantId, offer: Offer) -> Rc<Self> {
        let state = RwSignal::new(State::Offered);
        Rc::new(Self { files: Rc::downgrade(files), from, offer, state, run: RefCell::default() })
    }

    /// Returns what the present run is called.
    pub(super) fn run(&self) -> Option<u64> {
        self.run.borrow().as_ref().map(|(receiving, _)| receiving.run())
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
        let run = page::seed();
        *self.run.borrow_mut() = Some((Receiving::new(self.offer.key, run, self.offer.size), parts));
        self.state.set(State::Coming(0));
        let fetch = self.clone();
        wasm_bindgen_futures::spawn_local(async move { fetch.put_away(run, queue).await });
        self.request();
    }

    /// Asks for what is missing.
    pub(super) fn request(&self) {
        let said = self.run.borrow().as_ref().map(|(receiving, _)| (receiving.request(), receiving.took()));
        let (request, took) = said.unzip();
        self.say(request);
        // Else the sender takes all that came to be put away.
        self.say(took);
    }

    /// Its owner does not want it any more.
    pub(super) fn cancel(&self) {
        self.stop(State::Offered);
    }

    /// It ends without a file, and need not be sent any further.
    fn stop(&self, state: State) {
        let run = self.run();
        self.fail(state);
        self.say(run.map(|run| Message::Stop { run }));
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
            self.stop(State::Broken);
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

    async fn put_away(self: Rc<Self>, run: u64, mut queue: UnboundedReceiver<Part>) {
        let Some(mut sink) = Sink::open(self.offer.size).await else {
            if self.run() == Some(run) {
                self.stop(State::NoRoom);
            }
            return;
        };
        let mut took = 0;
        // It ends early when nobody wants it any more: then the sending half is gone.
        while let Some(part) = queue.next().await {
            let put = match part {
                Part::Bytes(bytes) => {
                    took += bytes.len() as u64;
                    sink.write(bytes).await.ok()
                }
                Part::End => match sink.close().await {
                    Some(here) if self.run() == Some(run) => {
                        self.run.take();
                        return self.state.set(State::Here(here));
                    }
                    _ => None,
                },
            };
            // Nothing is said of a run that is over, in the name of the next one.
            if self.run() != Some(run) {
                break;
            }
            let Some(flushed) = put else {
                self.stop(State::NoRoom);
                break;
            };
            if let Some((receiving, _)) = self.run.borrow_mut().as_mut() {
                receiving.put(took);
            }
            if !flushed {
                continue;
            }
            self.say(Some(Message::Took { run, bytes: took }));
            let percent = u8::try_from(took * 100 / self.offer.size.max(1)).unwrap_or(100);
            if self.state.get_untracked() != State::Coming(percent) {
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
