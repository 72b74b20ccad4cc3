//! The connection to one person: a sentence first, then which way it goes, how fast, and what flows.
//!
//! Separate, because it is looked at only by whoever asks, and measures only while they do.

use super::health::{Flow, Health, Reading, Verdict, percent};
use super::statistics;
use crate::browser::listener::Interval;
use crate::browser::peer_queue::Peer;
use crate::call::{Call, Link, Route, Tile};
use crate::room::lean::effect;
use crate::words::{Words, words};
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use std::cell::RefCell;
use std::rc::Rc;

/// How often the counters are looked at.
const LOOK_MS: i32 = 2_000;

/// Looks at the connection to someone every other second, for as long as whatever asked is shown.
pub(super) fn watch(call: Call, id: ParticipantId) -> RwSignal<Health> {
    let health = RwSignal::new(Health::default());
    let before = Rc::new(RefCell::new(None::<Reading>));
    let look = move || {
        let connection = call.engine().and_then(|engine| engine.peers.borrow().get(id).map(Peer::raw));
        let Some(connection) = connection else { return };
        let before = before.clone();
        leptos::task::spawn_local(async move {
            if let Some(now) = statistics::read(&connection).await {
                // Nobody may be looking any more.
                health.try_set(Health::between(before.borrow().as_ref(), &now));
                before.replace(Some(now));
            }
        });
    };
    // The clock lives in the effect, and ends with it.
    let mut _clock = None;
    effect(move || {
        look();
        _clock = Some(Interval::new(LOOK_MS, look.clone()));
    });
    health
}

/// How the connection to someone does.
#[component]
pub(super) fn Connection(call: Call, tile: Tile) -> impl IntoView {
    let words = words();
    let health = watch(call, tile.id);
    let verdict =
        move || if tile.link.get() == Link::Connected { health.with(Health::verdict) } else { Verdict::Unknown };
    let sentence = Signal::derive(move || {
        let connected = tile.link.get() == Link::Connected;
        words.text(match verdict() {
            _ if !connected => "connection.broken",
            Verdict::Unknown => "connection.unknown",
            Verdict::Good => "connection.good",
            Verdict::Slow => "connection.slow",
            Verdict::Lossy => "connection.lossy",
        })
    });
    let way = Signal::derive(move || {
        let route = health.with(|health| health.route);
        let text = match route {
            Some(Route::Direct) => words.text("connection.direct"),
            Some(Route::Relay) => words.text("connection.relayed"),
            _ => "",
        };
        text.to_owned()
    });
    let round_trip = Signal::derive(move || {
        let time = health.with(|health| health.round_trip);
        time.map(|time| words.with("connection.milliseconds", &[("number", &time.to_string())])).unwrap_or_default()
    });
    let lost = Signal::derive(move || {
        let lost = health.with(|health| health.is_compared.then(|| percent(health.lost, words.text("more.point"))));
        lost.map(|lost| words.with("connection.percent", &[("number", &lost)])).unwrap_or_default()
    });
    let got = Signal::derive(move || flows(words, &health.get(), |health| &health.received));
    let sent = Signal::derive(move || flows(words, &health.get(), |health| &health.sent));
    view! {
        <div
            class="connection"
            data-testid="connection"
            data-verdict=move || match verdict() {
                Verdict::Unknown => "unknown",
                Verdict::Good => "good",
                Verdict::Slow => "slow",
                Verdict::Lossy => "lossy",
            }
        >
            <p class="verdict">{sentence}</p>
            <dl class="facts">
                <Fact label="connection.way" text=way />
                <Fact label="connection.round-trip" text=round_trip />
                <Fact label="connection.lost" text=lost />
                <Fact label="connection.get" text=got />
                <Fact label="connection.send" text=sent />
            </dl>
        </div>
    }
}

/// One thing that is known, once it is.
#[component]
fn Fact(label: &'static str, text: Signal<String>) -> impl IntoView {
    let unknown = move || text.with(String::is_empty);
    view! {
        <div class:empty=unknown data-fact=label.trim_start_matches("connection.")>
            <dt>{words().text(label)}</dt>
            <dd>{text}</dd>
        </div>
    }
}

/// Says what flows one way: a line each of sound, picture and screen.
fn flows(words: Words, health: &Health, way: fn(&Health) -> &[Flow; 4]) -> String {
    if !health.is_compared {
        return String::new();
    }
    let [sound, picture, screen, screen_sound] = *way(health);
    let speed = |speed: u32| words.with("connection.speed", &[("number", &speed.to_string())]);
    let mut lines = Vec::new();
    if sound.speed > 0 {
        lines.push(words.with("connection.sound", &[("speed", &speed(sound.speed))]));
    }
    for (flow, key, more) in [(picture, "connection.picture", 0), (screen, "connection.screen", screen_sound.speed)] {
        if flow.size != (0, 0) {
            let values =
                [("size", size(flow.size)), ("rate", flow.rate.to_string()), ("speed", speed(flow.speed + more))];
            let [one, two, three] = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            lines.push(words.with(key, &[one, two, three]));
        }
    }
    if lines.is_empty() { words.text("connection.nothing").to_owned() } else { lines.join("\n") }
}

/// Writes the size of a picture.
pub(super) fn size((width, height): (u32, u32)) -> String {
    [&width.to_string(), " × ", &height.to_string()].concat()
}
