//! Does what the [core](signaling::call) decides: the one place where its actions meet the browser and the page.
//!
//! Separate from [`Call`](super::Call), the handle for components, because it owns everything that exists in a browser
//! only. It decides nothing about a call; see `signaling::call` for that.

use super::capture::{Turns, Vanished};
use super::later::{Aside, Beside};
use super::memory::{self, Seat};
use super::screens::Screen;
use super::socket::Socket;
use super::speaker::Floor;
use super::state::CallState;
use crate::browser::level::LevelMeter;
use crate::browser::listener::{Interval, Listener};
use crate::browser::local_media::LocalMedia;
use crate::browser::network::SharedNetwork;
use crate::browser::peer_connection::PeerConnection;
use crate::browser::peer_queue::Peer;
use crate::browser::wake::WakeLock;
use crate::browser::{lock, page};
use core::any::Any;
use leptos::reactive::owner::Owner;
use signaling::call::{self, Action, Event, SocketNumber};
use signaling::few::Few;
use signaling::identity::{ParticipantId, ResumeToken, RoomId};
use signaling::negotiation::Role;
use signaling::protocol::ServerMessage;
use signaling::recorder::Recorder;
use signaling::time::{Jitter, Moment, Patience};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use web_sys::{FileList, HtmlVideoElement};

/// Everything behind a call in a browser.
pub(crate) struct Engine {
    pub(crate) state: CallState,
    /// Owns the signals that are made while the call runs.
    pub(crate) owner: Owner,
    pub(crate) room: RoomId,
    core: RefCell<call::Call>,
    pub(super) recorder: RefCell<Recorder>,
    events: RefCell<VecDeque<Event>>,
    draining: Cell<bool>,
    /// Whether a welcome is being acted on.
    pub(super) arriving: Cell<bool>,
    /// Since when one is in the call and does not see it yet.
    pub(super) entering: Cell<Option<Moment>>,
    socket: RefCell<Option<Socket>>,
    pub(super) network: SharedNetwork,
    pub(crate) media: RefCell<LocalMedia>,
    pub(crate) meter: RefCell<Option<LevelMeter>>,
    pub(crate) peers: RefCell<Few<ParticipantId, Peer>>,
    /// A connection to nobody yet, and for which role.
    pub(super) spare: RefCell<Option<(Role, PeerConnection)>>,
    /// Which opening of each kind of device is the present one.
    pub(crate) turns: Cell<Turns>,
    /// The device of each kind that went away while it was used.
    pub(super) vanished: RefCell<[Option<Vanished>; 2]>,
    /// The last device of each kind that worked.
    pub(super) working: RefCell<[Option<String>; 2]>,
    pub(crate) screens: RefCell<Vec<Screen>>,
    /// Who said something without a word in the last second, and when.
    pub(crate) reactions: RefCell<Vec<(ParticipantId, Moment)>>,
    /// The row of what can be said without a word, and the call in a window of its own, while they are there. Without their
    /// types, which the first half of the program does not know.
    pub(crate) offered: RefCell<Option<Box<dyn Any>>>,
    pub(crate) floating: RefCell<Option<Box<dyn Any>>>,
    /// Whether a muted microphone is heard as long as a key is held.
    pub(super) talking: Cell<bool>,
    /// Who of the others is listened to next, by their place.
    pub(super) listened: Cell<usize>,
    /// When one spoke last.
    pub(super) spoken: Cell<Option<Moment>>,
    /// How much was said into a muted microphone.
    pub(super) unheard: Cell<i16>,
    /// Keeps the screen from going dark.
    pub(super) awake: RefCell<Option<WakeLock>>,
    /// Who of the others speaks.
    pub(super) floor: RefCell<Floor>,
    /// Whether the browser is asking which screen to share.
    pub(super) picking: Cell<bool>,
    /// The elements that the browser does not let play.
    pub(super) silent: RefCell<Vec<HtmlVideoElement>>,
    /// What people write to each other, once that is loaded; and what came before.
    pub(super) beside: RefCell<Option<Rc<dyn Beside>>>,
    pub(super) aside: RefCell<Vec<Aside>>,
    /// Files that were dropped before.
    pub(super) dropped: RefCell<Option<FileList>>,
    /// How often it was looked around in the call.
    pub(super) looks: Cell<u8>,
    /// What is done to the sound of the others and looked at in one's own, once that is loaded. Without its type, which the
    /// first half of the program does not know.
    pub(crate) sound: RefCell<Option<Rc<dyn Any>>>,
    /// The clock of the core.
    pub(super) patience: RefCell<Patience>,
    pub(super) watches: RefCell<Vec<Listener>>,
    pub(super) clocks: RefCell<Vec<Interval>>,
}

impl Engine {
    /// Makes an engine for a room.
    pub(super) fn new(state: CallState, room: RoomId, media: LocalMedia) -> Rc<Self> {
        let core = call::Call::new(room.clone(), None, Jitter::new(page::seed()));
        Rc::new(Self {
            state,
            owner: Owner::current().unwrap_or_default(),
            room,
            core: RefCell::new(core),
            recorder: RefCell::default(),
            events: RefCell::default(),
            // Until it is known whose seat this is, nothing is told to the core.
            draining: Cell::new(true),
            arriving: Cell::new(false),
            entering: Cell::default(),
            socket: RefCell::default(),
            network: SharedNetwork::default(),
            media: RefCell::new(media),
            meter: RefCell::default(),
            peers: RefCell::default(),
            spare: RefCell::default(),
            turns: Cell::default(),
            vanished: RefCell::default(),
            working: RefCell::default(),
            screens: RefCell::default(),
            reactions: RefCell::default(),
            offered: RefCell::default(),
            floating: RefCell::default(),
            talking: Cell::default(),
            listened: Cell::default(),
            spoken: Cell::default(),
            unheard: Cell::default(),
            awake: RefCell::default(),
            floor: RefCell::default(),
            picking: Cell::default(),
            silent: RefCell::default(),
            beside: RefCell::default(),
            aside: RefCell::default(),
            dropped: RefCell::default(),
            looks: Cell::default(),
            sound: RefCell::default(),
            patience: RefCell::default(),
            watches: RefCell::default(),
            clocks: RefCell::default(),
        })
    }

    /// Opens the socket, as the one who had this seat if there was one. Whatever happened before waits for this.
    pub(super) fn begin(self: &Rc<Self>, seat: Option<&Seat>) {
        let token = seat.map(|seat| seat.token.clone());
        *self.core.borrow_mut() = call::Call::new(self.room.clone(), token, Jitter::new(page::seed()));
        self.draining.set(false);
        self.events.borrow_mut().push_front(Event::Prepare);
        self.drain();
    }

    /// Tells the core what happened and does what it says. What happens meanwhile waits for its turn.
    pub(super) fn tell(self: &Rc<Self>, event: Event) {
        self.events.borrow_mut().push_back(event);
        self.drain();
    }

    fn drain(self: &Rc<Self>) {
        if self.draining.replace(true) {
            return;
        }
        while let Some(event) = self.next_event() {
            // Who is there when one comes in did not join just now.
            self.arriving.set(matches!(event, Event::Received(_, ServerMessage::Welcome(_))));
            let now = page::now();
            self.recorder.borrow_mut().event(&event, now);
            let waited = self.patience.borrow_mut().look(now, matches!(event, Event::Tick));
            let actions = self.core.borrow_mut().handle(event, waited);
            for action in actions {
                self.recorder.borrow_mut().action(&action, now);
                self.act(action);
            }
        }
        self.draining.set(false);
        self.step_in();
    }

    fn next_event(&self) -> Option<Event> {
        self.events.borrow_mut().pop_front()
    }

    fn act(self: &Rc<Self>, action: Action) {
        match action {
            Action::Dial(number) => self.dial(number),
            Action::HangUp => self.hang_up(),
            Action::Send(message) => {
                if let Some(socket) = self.socket.borrow().as_ref() {
                    socket.send(message);
                }
            }
            Action::HideAddresses => self.hide_always(),
            Action::UseIceServers(servers) => self.use_servers(servers),
            Action::Remember(token) => self.remember(token),
            Action::Forget => Seat::forget(&self.room),
            Action::Show(status) => self.show(status),
            Action::Mesh(action) => self.act_on_mesh(action),
        }
    }

    fn remember(&self, token: ResumeToken) {
        let known = Seat::recall(&self.room).is_some_and(|seat| seat.token == token);
        let lock = memory::lock_name(&token);
        Seat { token, media: self.state.wanted() }.remember(&self.room);
        if !known {
            // Held from now on: whoever copies this tab finds the seat taken.
            leptos::task::spawn_local(async move {
                lock::hold(&lock, memory::LOCK_PATIENCE_MS).await;
            });
        }
    }

    fn dial(self: &Rc<Self>, number: SocketNumber) {
        let (received, closed) = (Rc::downgrade(self), Rc::downgrade(self));
        let socket = Socket::dial(
            move |message| {
                if let Some(engine) = received.upgrade() {
                    engine.tell(Event::Received(number, message));
                }
            },
            move || {
                if let Some(engine) = closed.upgrade() {
                    engine.tell(Event::Closed(number));
                }
            },
        );
        *self.socket.borrow_mut() = Some(socket);
    }

    fn hang_up(&self) {
        // Not at once: what was said last is still on its way through the socket's queue.
        if let Some(socket) = self.socket.borrow_mut().take() {
            leptos::task::spawn_local(async move {
                lock::sleep(200).await;
                drop(socket);
            });
        }
    }
}
