//! How a connection is, by its own statistics (WebRTC Statistics): which way its packets take, and how many pictures went and
//! came.
//!
//! Separate, because it reads a report and changes nothing.

use js_sys::{JsString, Map, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RtcPeerConnection;

/// The way packets take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Not known yet.
    Unknown,
    /// Straight between the browsers.
    Direct,
    /// Through a relay, at either end.
    Relay,
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vitals {
    /// The route in use.
    pub route: Route,
    /// Pictures sent so far.
    pub sent: u32,
    /// Pictures decoded so far.
    pub decoded: u32,
}

/// Reads how a connection is; what the browser does not tell is unknown, and none.
pub async fn vitals(connection: &RtcPeerConnection) -> Vitals {
    let report = JsFuture::from(connection.get_stats()).await;
    report.map_or(NONE, |report| read(report.unchecked_ref()))
}

/// Nothing known, and nothing counted.
const NONE: Vitals = Vitals { route: Route::Unknown, sent: 0, decoded: 0 };

/// Reads it in a report.
pub fn read(report: &Map) -> Vitals {
    let mut vitals = NONE;
    let (mut selected, mut nominated) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
    report.for_each(&mut |entry, _| {
        let kind = text(&entry, "type");
        if kind == "transport" {
            // All slots are bundled, so there is one transport.
            selected = report.get(&text(&entry, "selectedCandidatePairId"));
        } else if kind == "candidate-pair"
            && text(&entry, "state") == "succeeded"
            && Reflect::get(&entry, &"nominated".into()).is_ok_and(|flag| flag == JsValue::TRUE)
        {
            nominated = entry;
        } else if kind == "outbound-rtp" {
            vitals.sent += count(&entry, "framesSent");
        } else if kind == "inbound-rtp" {
            vitals.decoded += count(&entry, "framesDecoded");
        }
    });
    // Not every browser tells which pair is selected; then the one nominated last is.
    let pair = if selected.is_undefined() { nominated } else { selected };
    if !pair.is_undefined() {
        let relayed = ["localCandidateId", "remoteCandidateId"].iter().any(|end| {
            let candidate = Reflect::get(&pair, &(*end).into()).unwrap_or_default();
            text(&report.get(&candidate), "candidateType") == "relay"
        });
        vitals.route = if relayed { Route::Relay } else { Route::Direct };
    }
    vitals
}

/// Returns a text of an entry of a report; an empty one where there is none.
pub(crate) fn text(entry: &JsValue, key: &str) -> JsString {
    Reflect::get(entry, &key.into()).unwrap_or_default().dyn_into().unwrap_or_else(|_| JsString::from(""))
}

/// Returns a number of an entry of a report, without its fraction; 0 where there is none.
pub(crate) fn count(entry: &JsValue, key: &str) -> u32 {
    Reflect::get(entry, &key.into()).ok().and_then(|count| count.as_f64()).unwrap_or_default() as u32
}
