//! One participant, or the screen that they share: the picture, the name, and what stands in the way of seeing and hearing.
//!
//! Separate, because a tile re-renders by itself, one part at a time, and its video never restarts.

use super::bar::Switch;
use super::{icons, lean::effect};
use crate::call::{Call, Capture, Link, Route, Shown, Source, Tile, Trouble};
use crate::words::words;
use leptos::html;
use leptos::prelude::*;

/// The quiet colours of tiles without a picture; the style sheet has as many.
const HUES: [&str; 6] = ["face hue-0", "face hue-1", "face hue-2", "face hue-3", "face hue-4", "face hue-5"];

/// A tile of the grid, while there is such a participant.
#[component]
pub(super) fn Face(call: Call, shown: Shown) -> impl IntoView {
    let tile = call.state.tiles.with_untracked(|tiles| tiles.iter().find(|tile| tile.id == shown.0).copied());
    tile.map(|tile| view! { <Picture call tile source=shown.1 /> })
}

#[component]
pub(super) fn Picture(call: Call, tile: Tile, source: Source) -> impl IntoView {
    let Tile { id, own, name, media, link, trouble, route, speaking, .. } = tile;
    let words = words();
    let video = NodeRef::<html::Video>::new();
    effect(move || {
        if let Some(video) = video.get() {
            call.attach(Some(id), source, video);
        }
    });
    let title = Signal::derive(move || {
        let name = name.get();
        match source {
            Source::Camera if own => words.with("call.you", &[("name", &name)]),
            Source::Camera => name,
            Source::Screen if own => words.text("call.you-share").to_owned(),
            Source::Screen => words.with("call.screen-of", &[("name", &name)]),
        }
    });
    // A microphone that cannot be had is off, and nobody muted it.
    let muted = Signal::derive(move || {
        let by_oneself = own && call.state.microphone.get() == Capture::Off;
        words.text(if by_oneself { "call.you-are-muted" } else { "call.microphone-off" })
    });
    let state = Signal::derive(move || match (link.get(), trouble.get()) {
        (Link::Connected, _) => String::new(),
        _ if call.state.no_relay.get() => words.text("call.no-relay").to_owned(),
        (_, Some(trouble)) => words.with(reason(trouble), &[("name", &name.get())]),
        (other, None) => words.with(sentence(other), &[("name", &name.get())]),
    });
    let way = Signal::derive(move || match route.get() {
        Route::Unknown => "",
        Route::Direct => words.text("call.direct"),
        Route::Relay => words.text("call.relayed"),
    });
    let pinned = Signal::derive(move || call.state.pinned.get() == Some((id, source)));
    let pin = Box::new(move || call.toggle_pin((id, source)));
    let smooth = Signal::derive(move || call.state.smooth.get());
    let film = Box::new(move || call.toggle_smooth());
    let (never, sharp) = (Signal::derive(|| false), Signal::derive(move || !own || source == Source::Camera));
    let unexplained = Signal::derive(move || trouble.get().is_none());
    view! {
        <li
            class=HUES[id.0 as usize % HUES.len()]
            class:speaking=speaking
            data-testid="tile"
            data-participant=id.0
            data-kind=match source {
                Source::Camera => "camera",
                Source::Screen => "screen",
            }
            data-self=if own { "true" } else { "false" }
            data-trust="unverified"
            data-name=name
            data-link=Signal::derive(move || link_name(link.get()))
            data-route=Signal::derive(move || route_name(route.get()))
            data-mic=Signal::derive(move || on_off(media.get().microphone))
            data-camera=Signal::derive(move || on_off(media.get().camera))
            data-hand=Signal::derive(move || on_off(media.get().hand))
        >
            <span class="initials" aria-hidden="true">
                {Signal::derive(move || initials(&name.get()))}
            </span>
            <video data-testid="tile-video" node_ref=video autoplay playsinline muted=own prop:muted=own />
            <div class="trouble">
                <p>{state}</p>
                <button type="button" class="button" class:empty=unexplained on:click=move |_| call.hurry(id)>
                    {words.text("call.try-now")}
                </button>
            </div>
            <p class="name">
                <span class="muted">
                    <span class="icon" aria-hidden="true" inner_html=icons::MIC_OFF />
                    <span class="hint">{muted}</span>
                </span>
                <span class="raised">
                    <span class="icon" aria-hidden="true" inner_html=icons::HAND />
                    <span class="unseen">{words.text("call.hand-is-up")}</span>
                </span>
                <span class="text">{title}</span>
                <span class="way">{way}</span>
            </p>
            <div class="tools">
                <Switch on=pinned missing=never testid="pin" label="call.pin" icon=icons::PIN act=pin />
                <Switch on=smooth missing=sharp testid="smooth" label="call.smooth" icon=icons::FILM act=film />
            </div>
        </li>
    }
}

fn sentence(link: Link) -> &'static str {
    match link {
        Link::Connecting | Link::Connected => "call.connecting",
        Link::Repairing => "call.repairing",
        Link::Failed => "call.failed",
    }
}

fn reason(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::OwnNetwork => "call.own-network",
        Trouble::TheirNetwork => "call.their-network",
        Trouble::NoPath => "call.no-path",
    }
}

fn link_name(link: Link) -> &'static str {
    match link {
        Link::Connecting => "connecting",
        Link::Connected => "connected",
        Link::Repairing => "repairing",
        Link::Failed => "failed",
    }
}

fn route_name(route: Route) -> &'static str {
    match route {
        Route::Unknown => "unknown",
        Route::Direct => "direct",
        Route::Relay => "relay",
    }
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The first letters of the first and the last word; the style sheet makes them capitals, without tables in the wasm.
fn initials(name: &str) -> String {
    let mut words = name.split(' ').filter_map(|word| word.chars().next());
    words.next().into_iter().chain(words.next_back()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ana"), "A");
        assert_eq!(initials("ana maria  lópez"), "al");
        assert_eq!(initials(""), "");
    }
}
