//! One `RTCPeerConnection` (W3C WebRTC) with its four fixed slots, doing what it is told, one thing after the other.
//!
//! Separate from the [queue](super::peer_queue) that feeds it, because this is what the browser can do, and that is in
//! which order.

use super::channels::Channels;
use super::dictionaries::{Packing, candidate_init, configuration, description};
use super::error::BrowserError;
use super::network::{SharedNetwork, hide_candidates};
use super::slot::{Slot, Source};
use crate::ADAPTS;
use js_sys::{Array, Object, Promise, Reflect};
use signaling::negotiation::Role;
use signaling::protocol::{Candidate, Sdp};
use signaling::sending::CROWD;
use std::cell::OnceCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, MediaStreamTrack, RtcConfiguration, RtcPeerConnection, RtcRtpSender, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = RtcRtpSender)]
    type StreamSender;
    // Not in web-sys: W3C WebRTC §5.2, `setStreams`.
    #[wasm_bindgen(method, catch, js_name = setStreams)]
    fn set_streams(this: &StreamSender, stream: &MediaStream) -> Result<(), JsValue>;
    // WebRTC Extensions §5.3: with options, of which one asks for a key frame.
    #[wasm_bindgen(method, catch, js_name = setParameters)]
    fn set_parameters_with(this: &StreamSender, parameters: &JsValue, options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, js_name = getParameters)]
    fn parameters(this: &StreamSender) -> JsValue;

    // Nor are these: W3C WebRTC §4.4.2, and `setLocalDescription` without a description makes it and sets it in one step.
    #[wasm_bindgen(extends = RtcPeerConnection)]
    type CompletePeerConnection;
    #[wasm_bindgen(method, catch, js_name = setConfiguration)]
    fn set_configuration_to(this: &CompletePeerConnection, to: &RtcConfiguration) -> Result<(), JsValue>;
    #[wasm_bindgen(method, js_name = restartIce)]
    fn restart_ice(this: &CompletePeerConnection);
    #[wasm_bindgen(method, js_name = setLocalDescription)]
    fn describe(this: &CompletePeerConnection) -> Promise;
}

/// What to send, in the order of the slots.
pub type SlotTracks = [Option<MediaStreamTrack>; 4];

/// A connection to one peer. Closes when dropped.
pub struct PeerConnection {
    connection: RtcPeerConnection,
    channels: Channels,
    stream: MediaStream,
    network: SharedNetwork,
    packing: OnceCell<Packing>,
}

impl PeerConnection {
    /// Makes a connection to nobody yet: it costs time, and its certificate more, so it may be made beforehand. The offerer's
    /// has its slots at once, the answerer's adopts them from the offer. `stream` names the stream of microphone and camera.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn new(role: Role, stream: &MediaStream, network: &SharedNetwork) -> Result<Self, BrowserError> {
        let connection = RtcPeerConnection::new_with_configuration(&configuration(&network.borrow()))?;
        let channels = Channels::new(&connection);
        let this = Self {
            connection,
            channels,
            stream: Clone::clone(stream),
            network: network.clone(),
            packing: OnceCell::new(),
        };
        if role == Role::Offerer {
            this.create_slots();
        }
        Ok(this)
    }

    /// Readies it for its peer, before any description: what to send in the slots.
    pub fn set_up(&self, tracks: &SlotTracks) {
        for (transceiver, track) in self.transceivers().zip(tracks) {
            // It cannot fail before there is a description, and what follows waits for it by itself.
            let _ = transceiver.sender().replace_track(track.as_ref());
        }
    }

    /// Tells it the network as it is now. What ICE begins, or begins anew, is asked of these servers, and with credentials that
    /// are not over.
    fn configure(&self) -> Result<(), BrowserError> {
        Ok(self.complete().set_configuration_to(&configuration(&self.network.borrow()))?)
    }

    /// Returns the browser's object, to listen to.
    pub fn raw(&self) -> &RtcPeerConnection {
        &self.connection
    }

    /// Returns whether candidates are hidden now.
    pub fn is_hidden(&self) -> bool {
        self.network.borrow().relay_only
    }

    /// Returns the channels beside its slots.
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    fn create_slots(&self) {
        for slot in Slot::ALL {
            let init = RtcRtpTransceiverInit::new();
            init.set_direction(RtcRtpTransceiverDirection::Sendrecv);
            if slot.source() == Source::Camera {
                init.set_streams(&Array::of1(&self.stream));
            }
            self.connection.add_transceiver_with_str_and_init(slot.kind(), &init);
        }
    }

    /// Makes an offer and sets it locally.
    ///
    /// # Errors
    /// When the browser refuses, or the description is beyond the limit.
    pub async fn offer(&self, restart: bool) -> Result<Sdp, BrowserError> {
        self.configure()?;
        if restart {
            self.complete().restart_ice();
        }
        self.describe().await
    }

    /// Takes an offer, adopts its slots with these tracks, makes the answer and sets it locally.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn answer(&self, offer: &Sdp, tracks: &SlotTracks) -> Result<Sdp, BrowserError> {
        self.configure()?;
        self.set_remote(RtcSdpType::Offer, offer).await?;
        let mut replaced = Vec::new();
        for ((transceiver, slot), track) in self.transceivers().zip(Slot::ALL).zip(tracks) {
            transceiver.set_direction(RtcRtpTransceiverDirection::Sendrecv);
            let sender: StreamSender = transceiver.sender().unchecked_into();
            if slot.source() == Source::Camera {
                sender.set_streams(&self.stream)?;
            }
            replaced.push(sender.replace_track(track.as_ref()));
        }
        // The browser does these one after the other by itself.
        let answer = self.describe().await?;
        for track in replaced {
            JsFuture::from(track).await?;
        }
        Ok(answer)
    }

    /// Takes an answer.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn apply(&self, answer: &Sdp) -> Result<(), BrowserError> {
        self.set_remote(RtcSdpType::Answer, answer).await
    }

    /// Adds the far end's candidate, or the end of its candidates.
    ///
    /// # Errors
    /// When the browser refuses; a candidate that cannot be used is one way less, and no more.
    pub async fn add_candidate(&self, candidate: Option<&Candidate>) -> Result<(), BrowserError> {
        let init = candidate.map(candidate_init);
        let added = self.connection.add_ice_candidate_with_opt_rtc_ice_candidate_init(init.as_ref());
        JsFuture::from(added).await?;
        Ok(())
    }

    /// Sends another track, or nothing, in a slot. Nothing is renegotiated.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn replace(&self, slot: Slot, track: Option<&MediaStreamTrack>) -> Result<(), BrowserError> {
        // The answerer has no slots before the offer came; it then takes the track of that time.
        if let Some(transceiver) = self.transceivers().nth(slot as usize) {
            JsFuture::from(transceiver.sender().replace_track(track)).await?;
        }
        Ok(())
    }

    /// Lets the next picture of camera and screen be a whole one, which needs none before it (a key frame). A screen on which
    /// nothing moves would give none for long.
    ///
    /// # Errors
    /// When the browser cannot.
    pub async fn send_whole(&self) -> Result<(), BrowserError> {
        let (encoding, options) = (Object::new(), Object::new());
        Reflect::set(&encoding, &"keyFrame".into(), &JsValue::TRUE)?;
        Reflect::set(&options, &"encodingOptions".into(), &Array::of1(&encoding))?;
        for transceiver in self.transceivers().filter(|transceiver| transceiver.receiver().track().kind() == "video") {
            let sender: StreamSender = transceiver.sender().unchecked_into();
            JsFuture::from(sender.set_parameters_with(&sender.parameters(), &options)?).await?;
        }
        Ok(())
    }

    /// Changes how something is sent: what `encoding` says (`RTCRtpEncodingParameters`, W3C WebRTC §5.2.9).
    ///
    /// # Errors
    /// When the browser cannot.
    pub async fn encode(&self, slot: Slot, encoding: &Object) -> Result<(), BrowserError> {
        let Some(transceiver) = self.transceivers().nth(slot as usize) else { return Ok(()) };
        let sender: StreamSender = transceiver.sender().unchecked_into();
        let parameters = sender.parameters();
        let first = Reflect::get(&Reflect::get(&parameters, &"encodings".into())?, &"0".into())?;
        // A connection that is closed has none.
        if !first.is_object() {
            return Ok(());
        }
        Object::assign(first.unchecked_ref(), encoding);
        JsFuture::from(sender.set_parameters_with(&parameters, &JsValue::UNDEFINED)?).await?;
        Ok(())
    }

    /// Returns how loud what comes in a slot is, 0 to 1, and a number that changes whenever something came in it (WebRTC §5.3,
    /// `getSynchronizationSources`). The browser waits for its other threads to know it, and the page with it.
    pub fn listen(&self, slot: Slot) -> (f64, f64) {
        let number = |source: &JsValue, key: &str| {
            Reflect::get(source, &key.into()).ok().and_then(|number| number.as_f64()).unwrap_or_default()
        };
        let transceiver = self.transceivers().nth(slot as usize);
        let sources = transceiver.map(|transceiver| transceiver.receiver().get_synchronization_sources());
        let source = sources.map(|sources| sources.get(0)).filter(|source| !source.is_undefined());
        source.map_or((0.0, 0.0), |source| (number(&source, "audioLevel"), number(&source, "timestamp")))
    }

    /// Returns which slot a transceiver of this connection is.
    pub fn slot_of(&self, transceiver: &RtcRtpTransceiver) -> Option<Slot> {
        let index = self.transceivers().position(|known| &known == transceiver)?;
        Slot::ALL.get(index).copied()
    }

    fn transceivers(&self) -> impl Iterator<Item = RtcRtpTransceiver> {
        self.connection.get_transceivers().into_iter().map(JsCast::unchecked_into)
    }

    /// Makes the description that is due, an offer or an answer, and sets it locally.
    async fn describe(&self) -> Result<Sdp, BrowserError> {
        JsFuture::from(self.complete().describe()).await?;
        let mut sdp = self.connection.local_description().map(|description| description.sdp()).unwrap_or_default();
        if self.is_hidden() {
            sdp = hide_candidates(&sdp);
        }
        Sdp::new(sdp).map_err(|_| BrowserError::from(JsValue::NULL))
    }

    fn complete(&self) -> &CompletePeerConnection {
        self.connection.unchecked_ref()
    }

    /// Among few, each piece of sound is sent twice, and among many in long packets, which come 40 ms later. That is agreed for a connection
    /// when it is made, and stays: a room that grows keeps the former among those who were there first.
    fn packing_of_the_time(&self) -> Packing {
        let others = self.network.borrow().people.saturating_sub(1);
        match () {
            () if !ADAPTS => Packing::Usual,
            () if others < CROWD => Packing::Twice,
            () => Packing::Long,
        }
    }

    async fn set_remote(&self, kind: RtcSdpType, sdp: &Sdp) -> Result<(), BrowserError> {
        // Not borrowed while the browser works: somebody may come meanwhile.
        let description = description(kind, sdp, *self.packing.get_or_init(|| self.packing_of_the_time()));
        JsFuture::from(self.connection.set_remote_description(&description)).await?;
        Ok(())
    }
}

impl Drop for PeerConnection {
    fn drop(&mut self) {
        self.connection.close();
    }
}
