//! A connection with the queue of what it has to do.
//!
//! Separate from [`peer_connection`](super::peer_connection): browsers fail in strange ways when operations overlap, so
//! for each peer there is one queue, and whatever is told of a connection names its epoch.

use super::channels::Lane;
use super::error::BrowserError;
use super::peer_connection::{PeerConnection, SlotTracks};
use super::peer_news::{Listeners, News, listen};
use super::slot::{Slot, Source};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{AbortHandle, abortable};
use js_sys::Object;
use signaling::identity::Epoch;
use signaling::negotiation::Event;
use signaling::protocol::{Candidate, MediaState, PeerMessage, Sdp};
use signaling::time::Moment;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{MediaStream, RtcDataChannel, RtcPeerConnection};

/// The tracks to send, as they are when an operation comes to its turn.
pub type Tracks = Rc<dyn Fn() -> SlotTracks>;

/// How often whoever is in doubt is listened to: ten times a second, as long as an answer is waited for. Not longer, since each look
/// makes the page wait for the browser's other threads.
const DOUBTFUL_LOOKS: u8 = 8;

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
    /// How many times it is still to be listened to out of turn.
    doubt: Cell<u8>,
    /// Whether it was said how its pictures begin.
    pub begun: Cell<bool>,
    /// When they spoke last; for whoever listens.
    pub spoken: Cell<Option<Moment>>,
    _listeners: Listeners,
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
            doubt: Cell::default(),
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
        self.doubt.set(if heard.1 { 0 } else { self.doubt.get().saturating_sub(1) });
        heard
    }

    /// Lets it be listened to out of turn for a while. What came until now is no sign of life.
    pub fn doubt(&self, sent: MediaState) {
        for (slot, stamp, is_sent) in [(Slot::Microphone, 0, sent.microphone), (Slot::Camera, 1, sent.camera)] {
            if is_sent {
                self.stamps[stamp].set(self.connection.listen(slot).1);
            }
        }
        self.doubt.set(DOUBTFUL_LOOKS);
    }

    /// Returns whether it is to be listened to out of turn.
    pub fn is_in_doubt(&self) -> bool {
        self.doubt.get() > 0
    }

    /// Returns the browser's object.
    pub fn raw(&self) -> RtcPeerConnection {
        self.connection.raw().clone()
    }

    /// Returns the channel for words.
    pub fn words(&self) -> &RtcDataChannel {
        &self.connection.channels().state
    }

    /// Returns a channel beside the call.
    pub fn lane(&self, lane: Lane) -> &RtcDataChannel {
        self.connection.channels().lane(lane)
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
        self.connection.channels().tell(message);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.work.abort();
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
