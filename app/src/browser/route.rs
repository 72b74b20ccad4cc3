//! Which way the packets of a connection take (WebRTC Statistics, `RTCIceCandidatePairStats`).
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

/// Returns the route in use.
pub async fn route(connection: &RtcPeerConnection) -> Route {
    let Ok(report) = JsFuture::from(connection.get_stats()).await else { return Route::Unknown };
    let report: Map = report.unchecked_into();
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
        }
    });
    // Not every browser tells which pair is selected; then the one nominated last is.
    let pair = if selected.is_undefined() { nominated } else { selected };
    if pair.is_undefined() {
        return Route::Unknown;
    }
    let relayed = ["localCandidateId", "remoteCandidateId"].iter().any(|end| {
        let candidate = Reflect::get(&pair, &(*end).into()).unwrap_or_default();
        text(&report.get(&candidate), "candidateType") == "relay"
    });
    if relayed { Route::Relay } else { Route::Direct }
}

fn text(entry: &JsValue, key: &str) -> JsString {
    Reflect::get(entry, &key.into()).unwrap_or_default().dyn_into().unwrap_or_else(|_| JsString::from(""))
}
