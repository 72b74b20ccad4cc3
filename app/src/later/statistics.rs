//! Reads the counters of a connection (WebRTC Statistics) into numbers of ours.
//!
//! Separate, because what it reads is untyped and differs from browser to browser; nobody else sees that. It reads more than
//! [`vitals`](crate::browser::vitals), which every call looks at all the time.

use super::health::{Counted, Limit, Reading};
use crate::browser::page;
use crate::browser::slot::Slot;
use crate::browser::vitals::{count, text};
use crate::call::Route;
use js_sys::{JsString, Map, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RtcPeerConnection;

/// Looks at a connection now. `None` where the browser does not answer, as for one that is closed.
pub(super) async fn read(connection: &RtcPeerConnection) -> Option<Reading> {
    // Of each slot its name in the descriptions, since nothing else in a report tells the slots apart.
    let slots: Vec<JsString> = connection.get_transceivers().iter().map(|slot| text(&slot, "mid")).collect();
    let report: Map = JsFuture::from(connection.get_stats()).await.ok()?.unchecked_into();
    let at = u32::try_from(page::now().as_millis()).unwrap_or(u32::MAX);
    let mut reading = Reading { at, ..Reading::default() };
    let (mut selected, mut nominated, mut camera) = (JsValue::UNDEFINED, JsValue::UNDEFINED, JsValue::UNDEFINED);
    report.for_each(&mut |entry, _| {
        let kind = String::from(text(&entry, "type"));
        let slot = || {
            let mid = text(&entry, "mid");
            slots.iter().take(4).position(|known| *known == mid)
        };
        match kind.as_str() {
            "transport" => selected = report.get(&text(&entry, "selectedCandidatePairId")),
            "candidate-pair" if text(&entry, "state") == "succeeded" && is_true(&entry, "nominated") => {
                nominated = entry;
            }
            "inbound-rtp" => {
                let (came, missing) = &mut reading.packets;
                *came += count(&entry, "packetsReceived");
                *missing += count(&entry, "packetsLost");
                if let Some(slot) = slot() {
                    reading.received[slot] = counted(&entry, "bytesReceived");
                }
            }
            "outbound-rtp" => {
                if let Some(slot) = slot() {
                    reading.sent[slot] = counted(&entry, "bytesSent");
                    if slot == Slot::Camera as usize {
                        camera = report.get(&text(&entry, "mediaSourceId"));
                    }
                }
            }
            "remote-inbound-rtp" => {
                let tenths = (number(&entry, "fractionLost") * 1_000.0) as u32;
                reading.missed_there = reading.missed_there.max(tenths);
            }
            _ => {}
        }
    });
    if !camera.is_undefined() {
        reading.captured = (size(&camera, "width", "height"), count(&camera, "framesPerSecond"));
    }
    let pair = if selected.is_undefined() { nominated } else { selected };
    if !pair.is_undefined() {
        let end = |key: &str| report.get(&text(&pair, key));
        let relayed = [end("localCandidateId"), end("remoteCandidateId")]
            .iter()
            .any(|candidate| text(candidate, "candidateType") == "relay");
        reading.route = Some(if relayed { Route::Relay } else { Route::Direct });
        let round_trip = (number(&pair, "currentRoundTripTime") * 1_000.0) as u32;
        reading.round_trip = (number(&pair, "responsesReceived") > 0.0).then_some(round_trip);
    }
    Some(reading)
}

fn counted(entry: &JsValue, bytes: &str) -> Counted {
    let reason = text(entry, "qualityLimitationReason");
    let limit = if reason == "bandwidth" {
        Limit::Network
    } else if reason == "cpu" {
        Limit::Computer
    } else {
        Limit::None
    };
    let size = size(entry, "frameWidth", "frameHeight");
    Counted { bytes: number(entry, bytes) as u64, size, rate: count(entry, "framesPerSecond"), limit }
}

fn size(entry: &JsValue, width: &str, height: &str) -> (u32, u32) {
    (count(entry, width), count(entry, height))
}

fn number(entry: &JsValue, key: &str) -> f64 {
    Reflect::get(entry, &key.into()).ok().and_then(|number| number.as_f64()).unwrap_or_default()
}

fn is_true(entry: &JsValue, key: &str) -> bool {
    Reflect::get(entry, &key.into()).is_ok_and(|flag| flag == JsValue::TRUE)
}
