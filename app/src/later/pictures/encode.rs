//! Tells browsers how to encode: settings of ours as parameters of theirs (W3C WebRTC §5.2.9, and WebRTC Extensions for codecs).
//!
//! Separate, because it knows the names, and what was said before: what has not changed is not said again, since some changes
//! begin a picture anew.

use crate::browser::page;
use crate::browser::peer_queue::{Operation, Peer};
use crate::browser::slot::Slot;
use crate::later::loose;
use signaling::few::Few;
use signaling::identity::ParticipantId;
use signaling::sending::{Encoding, Settings};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};

/// What has each piece of sound in two packets.
const TWICE: &str = "audio/red";
/// The codec of pictures that costs least: where there is no hardware for it, a half of what the usual one takes.
const LIGHT: &str = "video/H264";
const USUAL: &str = "video/VP8";

/// What everyone's encoders were told.
#[derive(Default)]
pub(super) struct Encodings {
    told: RefCell<Few<ParticipantId, Settings>>,
    /// Whether the light codec gives nothing here, although the browser has it: an encoder in hardware may refuse a size, or be in use.
    fails: Cell<bool>,
}

impl Encodings {
    /// Lets sound come first, from now on, in the browser's own division of what a connection carries, and on the network.
    pub(super) fn begin(&self, id: ParticipantId, peer: &Peer) {
        self.forget(id);
        for slot in [Slot::Microphone, Slot::ScreenSound] {
            let first = [("priority", "high".into()), ("networkPriority", "high".into())];
            encode(peer, slot, &first);
        }
    }

    /// Forgets what was told: there is another encoder, or none.
    pub(super) fn forget(&self, id: ParticipantId) {
        self.told.borrow_mut().remove(id);
    }

    /// Returns how a camera is sent to somebody.
    pub(super) fn camera(&self, id: ParticipantId) -> Option<Encoding> {
        self.told.borrow().get(id)?.camera
    }

    /// Returns whether cameras are encoded by the light codec, as far as they were told to.
    pub(super) fn are_light(&self) -> bool {
        !self.fails.get() && self.told.borrow().values().any(|told| told.light)
    }

    /// From now on, and for good, cameras are encoded by the usual codec, if they were by the light one: nothing came of it.
    pub(super) fn give_up_light<'peer>(&self, peers: impl Iterator<Item = (ParticipantId, &'peer Peer)>) {
        if self.fails.replace(true) {
            return;
        }
        for (id, peer) in peers {
            if self.told.borrow().get(id).is_some_and(|told| told.light)
                && let Some(codec) = codec(peer, Slot::Camera, USUAL)
            {
                encode(peer, Slot::Camera, &[("codec", codec)]);
            }
        }
    }

    /// Sends like this from now on.
    pub(super) fn set(&self, id: ParticipantId, peer: &Peer, settings: Settings) {
        let before = self.told.borrow().get(id).copied();
        self.told.borrow_mut().insert(id, settings);
        // It is never taken back, unless it does not work.
        if settings.light
            && !self.fails.get()
            && before.is_none_or(|before| !before.light)
            && let Some(codec) = codec(peer, Slot::Camera, LIGHT)
        {
            encode(peer, Slot::Camera, &[("codec", codec)]);
        }
        let pictures = |settings: Settings| [(Slot::Camera, settings.camera), (Slot::Screen, settings.screen)];
        // What was never asked for is how it begins.
        if before.unwrap_or_default().sound != settings.sound {
            encode(peer, Slot::Microphone, &[("maxBitrate", limit(settings.sound))]);
        }
        for (place, (slot, encoding)) in pictures(settings).into_iter().enumerate() {
            if before.map(|before| pictures(before)[place].1) != Some(encoding) {
                encode(peer, slot, &parameters(encoding));
            }
        }
    }
}

/// Returns whether this machine has a part of its own that encodes the light codec (W3C Media Capabilities).
pub(super) async fn is_light_in_hardware() -> bool {
    let video = [("contentType", LIGHT.into()), ("width", 640.into()), ("height", 360.into())];
    let rates = [("bitrate", 500_000.into()), ("framerate", 30.into())];
    let video = loose::object(&[video.as_slice(), rates.as_slice()].concat());
    let asked = loose::object(&[("type", "webrtc".into()), ("video", video)]);
    let capabilities = loose::get(&page::window().navigator(), "mediaCapabilities");
    let told = loose::wait(&capabilities, "encodingInfo", &[asked]).await;
    told.is_ok_and(|told| loose::is(&told, "powerEfficient"))
}

fn encode(peer: &Peer, slot: Slot, parameters: &[(&str, JsValue)]) {
    peer.perform(Operation::Encode(slot, loose::object(parameters).unchecked_into()));
}

fn parameters(encoding: Option<Encoding>) -> Vec<(&'static str, JsValue)> {
    let Some(Encoding { scale, rate, bits }) = encoding else { return vec![("active", false.into())] };
    vec![
        ("active", true.into()),
        ("scaleResolutionDownBy", (f64::from(scale) / 100.0).into()),
        ("maxFramerate", rate.into()),
        ("maxBitrate", limit(bits)),
    ]
}

/// Returns bits a second as a limit, or that there is none.
fn limit(bits: Option<u32>) -> JsValue {
    bits.map_or(JsValue::UNDEFINED, JsValue::from)
}

/// Returns whether each piece of sound goes there twice: it does by the codec that was agreed upon first.
pub(super) fn is_twice(peer: &Peer) -> bool {
    let first = codecs(peer, Slot::Microphone).map(|codecs| codecs.get(0));
    first.is_some_and(|codec| is_named(&codec, TWICE))
}

/// Returns a codec by its name, where both ends have it and this browser lets one choose.
fn codec(peer: &Peer, slot: Slot, name: &str) -> Option<JsValue> {
    codecs(peer, slot)?.iter().find(|codec| is_named(codec, name))
}

fn codecs(peer: &Peer, slot: Slot) -> Option<js_sys::Array> {
    let transceiver = peer.raw().get_transceivers().get(slot as u32);
    let parameters = loose::call(&loose::get(&transceiver, "sender"), "getParameters", &[]).ok()?;
    loose::get(&parameters, "codecs").dyn_into().ok()
}

fn is_named(codec: &JsValue, name: &str) -> bool {
    loose::text(codec, "mimeType").eq_ignore_ascii_case(name)
}
