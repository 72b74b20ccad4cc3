//! A connection with the queue of what it has to do, and its news.
//!
//! Separate from [`peer_connection`](super::peer_connection): browsers fail in strange ways when operations overlap, so
//! for each peer there is one queue, and whatever is told of a connection names its epoch.

use super::dictionaries::read_candidate;
use super::error::BrowserError;
use super::listener::Listener;
use super::peer_connection::{Lane, PeerConnection, SlotTracks};
use super::slot::{Slot, Source};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{AbortHandle, abortable};
use js_sys::Object;
use signaling::identity::Epoch;
use signaling::negotiation::{Event, Transport};
use signaling::protocol::{Candidate, MediaState, PeerMessage, Sdp};
use signaling::time::Moment;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaStream, MessageEvent, RtcDataChannel, RtcDataChannelState, RtcPeerConnection, RtcPeerConnectionIceEvent,
    RtcPeerConnectionState, RtcTrackEvent,
};

/// More than this waits only where the far end is gone, or somebody has too much carried; signals are said again.
const BACKLOG_BYTES: u32 = 64 * 1024;

/// The tracks to send, as they are when an operation comes to its turn.
pub type Tracks = Rc<dyn Fn() -> SlotTracks>;

/// One thing for a connection to do.
pub enum Operation {
    /// Make an offer.
    Offer {
        /// Its number.
        seq: u32,
        /// Whether ICE starts over.
        restart: bool,
    },
    /// Take an offer and make the answer.
    Answer {
        /// Its number.
        seq: u32,
        /// The offer.
        offer: Sdp,
    },
    /// Take an answer.
    Apply {
        /// Its number.
        seq: u32,
        /// The answer.
        answer: Sdp,
    },
    /// Take a candidate.
    AddCandidate(Option<Candidate>),
    /// Send in a slot what is captured for it now.
    Refresh(Slot),
    /// Let the next picture be a whole one.
    SendWhole,
    /// Send in a slot from now on with this encoding (`RTCRtpEncodingParameters`), as far as it says something of it.
    Encode(Slot, Object),
}

/// What a connection tells.
pub enum News {
    /// For the negotiation.
    Negotiation(Event),
    /// The far end said something, past the server.
    Told(Epoch, PeerMessage),
    /// A channel beside the call is open, or brought this; without a lane, it is a word that the call does not know.
    Aside(Option<Lane>, Option<JsValue>),
}

/// A connection to one peer, and what it shows.
pub struct Peer {
    epoch: Epoch,
    connection: Rc<PeerConnection>,
    /// What the far end sends, by [`Source`].
    streams: [MediaStream; 2],
    operations: UnboundedSender<Operation>,
    work: AbortHandle,
    /// Whether an offer is being made.
    offering: Rc<Cell<bool>>,
    /// What [`PeerConnection::listen`] told last, of microphone and camera.
    stamps: [Cell<f64>; 2],
    /// Whether it was said how its pictures begin.
    pub begun: Cell<bool>,
    /// When they spoke last; for whoever listens.
    pub spoken: Cell<Option<Moment>>,
    _listeners: [Listener; 10],
}

impl Peer {
    /// Makes a connection one to a peer; it tells its news to `told`. `state` is what to say of one's own devices once it
    /// can.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn open(
        epoch: Epoch,
        connection: PeerConnection,
        tracks: Tracks,
        state: impl Fn() -> MediaState + 'static,
        told: &Rc<dyn Fn(News)>,
    ) -> Result<Self, BrowserError> {
        connection.set_up(&tracks());
        let connection = Rc::new(connection);
        let streams = [MediaStream::new()?, MediaStream::new()?];
        let (operations, queue) = unbounded();
        let offering = Rc::<Cell<bool>>::default();
        let offered = {
            let (offering, told) = (offering.clone(), told.clone());
            move |news| {
                offering.set(false);
                told(news);
            }
        };
        let (work, handle) = abortable(work_through(queue, epoch, connection.clone(), tracks, offered));
        wasm_bindgen_futures::spawn_local(async move {
            let _ = work.await;
        });
        let _listeners = listen(epoch, &connection, &streams, state, told);
        Ok(Self {
            epoch,
            connection,
            streams,
            operations,
            work: handle,
            offering,
            stamps: Default::default(),
            begun: Cell::default(),
            spoken: Cell::default(),
            _listeners,
        })
    }

    /// Returns which connection of the pair it is.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Returns what the far end's microphone and camera send. The same stream for the life of the connection.
    pub fn stream(&self, source: Source) -> &MediaStream {
        &self.streams[source as usize]
    }

    /// Returns how loud the far end is, 0 to 1, and whether sound or else a picture came from it since the last time. What is not
    /// sent, by what is said of it, is not asked for.
    pub fn listen(&self, sent: MediaState) -> (f64, bool) {
        let mut heard = (0.0, false);
        for (slot, stamp, is_sent) in [(Slot::Microphone, 0, sent.microphone), (Slot::Camera, 1, sent.camera)] {
            if is_sent && !heard.1 {
                let (loudness, now) = self.connection.listen(slot);
                // It falls when the browser forgets a source.
                heard = (heard.0 + loudness, self.stamps[stamp].replace(now) < now);
            }
        }
        heard
    }

    /// Returns the browser's object.
    pub fn raw(&self) -> RtcPeerConnection {
        self.connection.raw().clone()
    }

    /// Returns the channel for words.
    pub fn words(&self) -> &RtcDataChannel {
        self.connection.state_channel()
    }

    /// Returns a channel beside the call.
    pub fn lane(&self, lane: Lane) -> &RtcDataChannel {
        self.connection.lane(lane)
    }

    /// Returns whether an offer is being made: the one thing that others wait for.
    pub fn is_offering(&self) -> bool {
        self.offering.get()
    }

    /// Adds to the queue.
    pub fn perform(&self, operation: Operation) {
        if matches!(operation, Operation::Offer { .. }) {
            self.offering.set(true);
        }
        let _ = self.operations.unbounded_send(operation);
    }

    /// Tells the far end something, if the channel for it is there.
    pub fn tell(&self, message: &PeerMessage) {
        tell(
            match message {
                PeerMessage::Beat { .. } => self.connection.beat_channel(),
                _ => self.connection.state_channel(),
            },
            message,
        );
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.work.abort();
    }
}

fn listen(
    epoch: Epoch,
    connection: &Rc<PeerConnection>,
    streams: &[MediaStream; 2],
    state: impl Fn() -> MediaState + 'static,
    told: &Rc<dyn Fn(News)>,
) -> [Listener; 10] {
    let raw = connection.raw();
    let channel = connection.state_channel();
    let on_candidate = {
        let (told, connection) = (told.clone(), Rc::downgrade(connection));
        Listener::new(raw, "icecandidate", move |event| {
            let event: RtcPeerConnectionIceEvent = event.unchecked_into();
            let hidden = connection.upgrade().is_none_or(|connection| connection.is_hidden());
            if let Some(candidate) = read_candidate(event.candidate(), hidden) {
                told(News::Negotiation(Event::Gathered { epoch, candidate }));
            }
        })
    };
    let on_state = {
        let (told, raw) = (told.clone(), raw.clone());
        Listener::new(&connection.raw().clone(), "connectionstatechange", move |_| {
            let state = transport(raw.connection_state());
            told(News::Negotiation(Event::Transport { epoch, state }));
        })
    };
    let on_track = {
        // Weak, because the listener belongs to the connection's owner.
        let (connection, streams) = (Rc::downgrade(connection), streams.clone());
        Listener::new(raw, "track", move |event| {
            let event: RtcTrackEvent = event.unchecked_into();
            let slot = connection.upgrade().and_then(|connection| connection.slot_of(&event.transceiver()));
            if let Some(slot) = slot {
                streams[slot.source() as usize].add_track(&event.track());
            }
        })
    };
    let on_open = {
        let open = channel.clone();
        Listener::new(channel, "open", move |_| {
            tell(&open, &PeerMessage::Media(state()));
        })
    };
    let on_message = |channel: &RtcDataChannel| {
        let told = told.clone();
        Listener::new(channel, "message", move |event: JsValue| {
            let word = event.unchecked_into::<MessageEvent>().data();
            let message = word.as_string().and_then(|text| serde_json::from_str(&text).ok());
            told(message.map_or_else(|| News::Aside(None, Some(word)), |message| News::Told(epoch, message)));
        })
    };
    let (on_word, on_beat) = (on_message(channel), on_message(connection.beat_channel()));
    let beside = |lane, event, payload: fn(MessageEvent) -> Option<JsValue>| {
        let told = told.clone();
        Listener::new(connection.lane(lane), event, move |event| {
            told(News::Aside(Some(lane), payload(event.unchecked_into())));
        })
    };
    let [chat_opens, files_open] = Lane::ALL.map(|lane| beside(lane, "open", |_| None));
    let [on_chat, on_file] = Lane::ALL.map(|lane| beside(lane, "message", |event| Some(event.data())));
    [on_candidate, on_state, on_track, on_open, on_word, on_beat, chat_opens, on_chat, files_open, on_file]
}

fn tell(channel: &RtcDataChannel, message: &PeerMessage) {
    if channel.ready_state() == RtcDataChannelState::Open
        && channel.buffered_amount() < BACKLOG_BYTES
        && let Ok(text) = serde_json::to_string(message)
    {
        // A channel that takes no more is one whose far end is gone.
        let _ = channel.send_with_str(&text);
    }
}

fn transport(state: RtcPeerConnectionState) -> Transport {
    match state {
        RtcPeerConnectionState::Connected => Transport::Connected,
        RtcPeerConnectionState::Disconnected => Transport::Disconnected,
        RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed => Transport::Failed,
        _ => Transport::New,
    }
}

async fn work_through(
    mut queue: UnboundedReceiver<Operation>,
    epoch: Epoch,
    connection: Rc<PeerConnection>,
    tracks: Tracks,
    told: impl Fn(News),
) {
    while let Some(operation) = queue.next().await {
        let (seq, done) = match operation {
            Operation::Offer { seq, restart } => (seq, connection.offer(restart).await.map(Some)),
            Operation::Answer { seq, offer } => (seq, connection.answer(&offer, &tracks()).await.map(Some)),
            Operation::Apply { seq, answer } => (seq, connection.apply(&answer).await.map(|()| None)),
            Operation::AddCandidate(candidate) => {
                // One that does not fit, by its name or its age, is one way less to try.
                let _ = connection.add_candidate(candidate.as_ref()).await;
                continue;
            }
            Operation::SendWhole => {
                // Where the browser cannot, the far end asks for one in its own time.
                let _ = connection.send_whole().await;
                continue;
            }
            Operation::Encode(slot, encoding) => {
                // Where the browser cannot, everyone gets what they got.
                let _ = connection.encode(slot, &encoding).await;
                continue;
            }
            Operation::Refresh(slot) => {
                let track = tracks().into_iter().nth(slot as usize).flatten();
                let _ = connection.replace(slot, track.as_ref()).await;
                continue;
            }
        };
        told(News::Negotiation(match done {
            Ok(Some(sdp)) => Event::Described { epoch, seq, sdp },
            Ok(None) => Event::Applied { epoch, seq },
            Err(_) => Event::Broke { epoch, seq },
        }));
    }
}
