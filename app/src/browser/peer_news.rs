//! What a connection tells: each event of the browser's, as the core or the page understands it.
//!
//! Separate from the [queue](super::peer_queue), because nothing of this waits for its turn.

use super::channels::{Lane, tell};
use super::dictionaries::read_candidate;
use super::listener::Listener;
use super::peer_connection::PeerConnection;
use signaling::identity::Epoch;
use signaling::negotiation::{Event, Transport};
use signaling::protocol::{MediaState, PeerMessage};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaStream, MessageEvent, RtcDataChannel, RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcTrackEvent,
};

/// What a connection tells.
pub enum News {
    /// For the negotiation.
    Negotiation(Event),
    /// The far end said something, past the server.
    Told(Epoch, PeerMessage),
    /// A channel beside the call is open, or brought this; without a lane, it is a word that the call does not know.
    Aside(Option<Lane>, Option<JsValue>),
}

/// What listens as long as the connection is wanted.
pub(super) type Listeners = [Listener; 10];

/// Listens to everything that it tells.
pub(super) fn listen(
    epoch: Epoch,
    connection: &Rc<PeerConnection>,
    streams: &[MediaStream; 2],
    state: impl Fn() -> MediaState + 'static,
    told: &Rc<dyn Fn(News)>,
) -> Listeners {
    let raw = connection.raw();
    let channels = connection.channels();
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
        let open = channels.state.clone();
        Listener::new(&channels.state, "open", move |_| {
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
    let (on_word, on_beat) = (on_message(&channels.state), on_message(&channels.beat));
    let beside = |lane, event, payload: fn(MessageEvent) -> Option<JsValue>| {
        let told = told.clone();
        Listener::new(channels.lane(lane), event, move |event| {
            told(News::Aside(Some(lane), payload(event.unchecked_into())));
        })
    };
    let [chat_opens, files_open] = Lane::ALL.map(|lane| beside(lane, "open", |_| None));
    let [on_chat, on_file] = Lane::ALL.map(|lane| beside(lane, "message", |event| Some(event.data())));
    [on_candidate, on_state, on_track, on_open, on_word, on_beat, chat_opens, on_chat, files_open, on_file]
}

fn transport(state: RtcPeerConnectionState) -> Transport {
    match state {
        RtcPeerConnectionState::Connected => Transport::Connected,
        RtcPeerConnectionState::Disconnected => Transport::Disconnected,
        RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed => Transport::Failed,
        _ => Transport::New,
    }
}
