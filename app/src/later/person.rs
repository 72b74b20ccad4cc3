//! One person in the list: what they do, in signs and in words, and more about them for whoever asks.
//!
//! Separate, because a row changes by itself, one part at a time.

use super::connection::Connection;
use super::seen::Seen;
use super::volume::Volume;
use crate::call::{Call, Link, Source, Tile};
use crate::room::bar::Switch;
use crate::room::icons;
use crate::words::words;
use leptos::either::Either;
use leptos::prelude::*;
use signaling::identity::ParticipantId;

/// A row of the list; `open` is whose is open.
#[component]
pub(super) fn Person(
    call: Call,
    tile: Tile,
    open: RwSignal<Option<ParticipantId>>,
    hidden: Signal<bool>,
) -> impl IntoView {
    let words = words();
    let Tile { id, own, name, media, link, speaking, hand, .. } = tile;
    let title = Signal::derive(move || {
        let name = name.get();
        if own { words.with("call.you", &[("name", &name)]) } else { name }
    });
    let is_open = Signal::derive(move || open.get() == Some(id));
    let text = move |key| Signal::derive(move || words.text(key).to_owned());
    let says = Signal::derive(move || !speaking.get());
    let (mic, no_mic) = sides(move || media.with(|media| media.microphone));
    let (camera, no_camera) = sides(move || media.with(|media| media.camera));
    let no_screen = Signal::derive(move || !media.with(|media| media.screen));
    let place = Signal::derive(move || place(call, hand.get()));
    let no_hand = Signal::derive(move || place.with(String::is_empty));
    let raised = Signal::derive(move || words.with("people.hand", &[("number", &place.get())]));
    let whole = Signal::derive(move || link.get() == Link::Connected);
    let state = Signal::derive(move || {
        let key = match link.get() {
            Link::Connected => return "",
            Link::Connecting => "people.connecting",
            Link::Repairing => "people.repairing",
            Link::Failed => "people.failed",
        };
        words.text(key)
    });
    view! {
        <li
            class="person"
            class:empty=hidden
            class:speaking=speaking
            data-testid="person"
            data-participant=id.0
            data-name=name
        >
            <button
                type="button"
                class="row"
                data-testid="person-more"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = if *open == Some(id) { None } else { Some(id) })
            >
                <span class="text">{title}</span>
                <span class="state" class:empty=whole>
                    {state}
                </span>
                <Sign missing=says name="speaking" icon="" text=text("people.speaking") />
                <Sign missing=no_hand name="hand" icon=icons::HAND text=raised number=place />
                <Sign missing=no_screen name="screen" icon=icons::SCREEN text=text("people.screen") />
                <Sign missing=no_mic name="mic" icon=icons::MIC text=text("people.microphone-on") />
                <Sign missing=mic name="mic-off" icon=icons::MIC_OFF text=text("people.microphone-off") />
                <Sign missing=no_camera name="camera" icon=icons::CAMERA text=text("people.camera-on") />
                <Sign missing=camera name="camera-off" icon=icons::CAMERA_OFF text=text("people.camera-off") />
                <span class="icon chevron" aria-hidden="true" inner_html=icons::CHEVRON />
            </button>
            {move || is_open.get().then(|| view! { <More call tile /> })}
        </li>
    }
}

/// What there is to know and to do about someone.
#[component]
fn More(call: Call, tile: Tile) -> impl IntoView {
    let id = tile.id;
    let pinned = Signal::derive(move || call.state.pinned.get() == Some((id, Source::Camera)));
    let never = Signal::derive(|| false);
    let pin = Box::new(move || call.toggle_pin((id, Source::Camera)));
    let about = if tile.own {
        Either::Left(view! { <Seen call /> })
    } else {
        Either::Right(view! {
            <Volume call tile />
            <Connection call tile />
        })
    };
    view! {
        <div class="more-of">
            <Switch on=pinned missing=never testid="person-pin" label="call.pin" icon=icons::PIN act=pin />
            {about}
        </div>
    }
}

/// A sign, its words for whoever does not see it, and a number beside it.
#[component]
fn Sign(
    missing: Signal<bool>,
    name: &'static str,
    icon: &'static str,
    text: Signal<String>,
    #[prop(default = Signal::derive(String::new))] number: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="sign" class:empty=move || missing.get() data-sign=name>
            <span class="icon" aria-hidden="true" inner_html=icon />
            <span aria-hidden="true">{number}</span>
            <span class="unseen">", " {text}</span>
        </span>
    }
}

/// Whether something is so, and whether it is not.
fn sides(is: impl Fn() -> bool + Copy + Send + Sync + 'static) -> (Signal<bool>, Signal<bool>) {
    (Signal::derive(is), Signal::derive(move || !is()))
}

/// Returns the place of a hand among those that are up; nothing for one that is down.
fn place(call: Call, hand: u8) -> String {
    if hand == 0 {
        return String::new();
    }
    let before = |tile: &&Tile| (1..hand).contains(&tile.hand.get());
    (call.state.tiles.with(|tiles| tiles.iter().filter(before).count()) + 1).to_string()
}
