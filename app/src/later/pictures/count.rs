//! What browsers count of what goes out (WebRTC Statistics), as the core wants to know it.
//!
//! Separate from [`statistics`](crate::later::statistics), which somebody looks at: this is read all the time, and
//! reads no more than is used.

use super::encode::Encodings;
use crate::browser::page;
use crate::browser::vitals::{self, Vitals};
use crate::later::loose;
use core::cell::{Cell, RefCell};
use core::time::Duration;
use js_sys::Map;
use signaling::few::Few;
use signaling::identity::ParticipantId;
use signaling::sending::{Captured, Load, Report};
use signaling::time::Moment;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStreamTrack, RtcPeerConnection};

/// What a receiver said longer ago, in milliseconds, is not about now.
const STALE_MS: f64 = 2_500.0;
/// What goes with each picture takes as long as so many pixels of it.
const OVERHEAD: f64 = 30_000.0;
/// Of fewer pictures that were to come, nothing is concluded.
const FEW: f64 = 5.0;
/// An encoder of which nothing comes for so many looks does not work.
const DEAD: u8 = 3;

/// One look at the counters of a connection.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    at: Moment,
    /// Bytes that went out, all in all.
    sent: f64,
    available: Option<f64>,
    /// In seconds.
    round_trip: Option<f64>,
    lost: f64,
    /// Pictures of the camera that were encoded.
    encoded: f64,
    /// What encoding took, in seconds, all in all; and of the camera alone.
    encoding: f64,
    camera: f64,
    /// Pixels in one of its pictures now.
    area: f64,
    /// Whether pictures are held back for want of room on the network.
    is_limited: bool,
}

/// Looks at a connection now. `None` where the browser does not answer, as for one that is closed.
pub(super) async fn read(connection: &RtcPeerConnection) -> Option<(Entry, Vitals)> {
    let camera = loose::text(&connection.get_transceivers().get(1), "mid");
    let report: Map = JsFuture::from(connection.get_stats()).await.ok()?.unchecked_into();
    let mut entry = Entry { at: page::now(), ..Entry::default() };
    let mut pair = JsValue::UNDEFINED;
    let mut streams = 0.0;
    // When this was counted, by the clock of the counters: no other one is sure to go on as it does while a computer sleeps.
    let mut counted = 0.0_f64;
    let mut answers = Vec::new();
    report.for_each(&mut |stats, _| {
        let number = |name: &str| loose::number(&stats, name);
        match loose::text(&stats, "type").as_str() {
            "transport" => {
                entry.sent = number("bytesSent");
                pair = report.get(&loose::get(&stats, "selectedCandidatePairId"));
            }
            "outbound-rtp" => {
                counted = counted.max(number("timestamp"));
                streams += number("bytesSent") + number("headerBytesSent");
                if loose::text(&stats, "kind") != "video" {
                    return;
                }
                entry.encoding += number("totalEncodeTime");
                if loose::text(&stats, "mid") == camera {
                    entry.encoded = number("framesEncoded");
                    entry.camera = number("totalEncodeTime");
                    entry.area = number("frameWidth") * number("frameHeight");
                    entry.is_limited = loose::text(&stats, "qualityLimitationReason") == "bandwidth";
                }
            }
            "remote-inbound-rtp" => answers.push(["timestamp", "fractionLost", "roundTripTime"].map(number)),
            _ => {}
        }
    });
    for [_, lost, round_trip] in answers.into_iter().filter(|[at, ..]| counted - at < STALE_MS) {
        entry.lost = entry.lost.max(lost);
        if round_trip > 0.0 {
            entry.round_trip = Some(entry.round_trip.unwrap_or_default().max(round_trip));
        }
    }
    if entry.sent == 0.0 {
        // Not every browser counts what a transport carries.
        entry.sent = streams;
    }
    if !pair.is_undefined() {
        let available = loose::number(&pair, "availableOutgoingBitrate");
        entry.available = (available > 0.0).then_some(available);
    }
    Some((entry, vitals::read(&report)))
}

/// Returns what a captured track gives: nothing while the system holds it back, as during a phone call.
pub(super) fn captured(track: &MediaStreamTrack) -> Option<Captured> {
    if track.muted() {
        return None;
    }
    let settings = loose::call(track, "getSettings", &[]).ok()?;
    let side = |name| loose::number(&settings, name) as u16;
    let rate = loose::number(&settings, "frameRate");
    let size = (side("width"), side("height"));
    let rate = if rate > 0.0 { (rate + 0.5) as u8 } else { 30 };
    (size != (0, 0)).then_some(Captured { size, rate })
}

/// What was counted before, and how late the page's clock is.
pub(super) struct Counters {
    before: RefCell<Few<ParticipantId, Entry>>,
    ticked: Cell<Moment>,
    late: Cell<u32>,
    /// For how many looks pictures were to be encoded, and none was, for anybody.
    nothing: Cell<u8>,
    cores: u8,
}

impl Counters {
    pub(super) fn new() -> Self {
        let cores = loose::number(&page::window().navigator(), "hardwareConcurrency") as u8;
        Self {
            before: RefCell::default(),
            ticked: Cell::new(page::now()),
            late: Cell::default(),
            nothing: Cell::default(),
            cores,
        }
    }

    /// Sets the clock: the time until now tells nothing.
    pub(super) fn start_clock(&self) {
        self.ticked.set(page::now());
    }

    /// Takes note of the clock, which ticks every so many milliseconds. That of a hidden page is slowed on purpose.
    pub(super) fn tick(&self, milliseconds: i32) {
        let now = page::now();
        let late =
            (now - self.ticked.replace(now)).saturating_sub(Duration::from_millis(milliseconds.unsigned_abs().into()));
        if !page::is_hidden() {
            self.late.set(self.late.get().max(u32::try_from(late.as_millis()).unwrap_or(u32::MAX)));
        }
    }

    /// Returns whether cameras are on and wanted, and the encoder gives nothing.
    pub(super) fn is_dead(&self) -> bool {
        self.nothing.get() >= DEAD
    }

    pub(super) fn forget(&self, id: ParticipantId) {
        self.before.borrow_mut().remove(id);
    }

    /// Compares what is counted now with what was before.
    pub(super) fn compare(
        &self,
        now: Vec<(ParticipantId, Entry)>,
        encodings: &Encodings,
        captured: Option<Captured>,
    ) -> (Vec<(ParticipantId, Report)>, Load) {
        let mut reports = Vec::new();
        let (mut encoded, mut expected, mut encoding, mut camera, mut work) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let most = captured.map_or(0.0, |captured| f64::from(captured.rate));
        for (id, entry) in now {
            let before = self.before.borrow().get(id).copied();
            self.before.borrow_mut().insert(id, entry);
            let Some(before) = before.filter(|before| before.at < entry.at && before.sent <= entry.sent) else {
                continue;
            };
            let seconds = (entry.at - before.at).as_secs_f64();
            encoding += (entry.encoding - before.encoding).max(0.0) / seconds;
            if let Some(setting) = encodings.camera(id).filter(|_| !entry.is_limited) {
                let frames = (entry.encoded - before.encoded).max(0.0);
                expected += most.min(setting.rate.into()) * seconds;
                encoded += frames;
                camera += (entry.camera - before.camera).max(0.0);
                work += frames * (entry.area + OVERHEAD);
            }
            let report = Report {
                available: entry.available.map(|bits| bits as u32),
                sent: ((entry.sent - before.sent) * 8.0 / seconds) as u32,
                lost: (entry.lost * 1_000.0) as u32,
                round_trip: entry.round_trip.map(Duration::from_secs_f64),
                limited: entry.is_limited,
            };
            reports.push((id, report));
        }
        let nothing = expected >= FEW && encoded == 0.0 && encodings.are_light();
        self.nothing.set(if nothing { self.nothing.get().saturating_add(1) } else { 0 });
        let kept_up = if expected < FEW { 1.0 } else { encoded / expected };
        let load = Load {
            kept_up: (kept_up * 1_000.0) as u32,
            slowness: if work > 0.0 { (camera * 1e12 / work) as u32 } else { 0 },
            late: self.late.take(),
            encoding: (encoding * 1_000.0) as u32,
            cores: self.cores,
        };
        (reports, load)
    }
}
