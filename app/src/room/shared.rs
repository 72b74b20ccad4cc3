//! A shared screen, and what is done with any picture: making it large, or the whole screen.
//!
//! Separate from a [face](super::face), because nobody's name, sound or troubles are on it.

use super::grid::{Focus, Places, put};
use super::{icons, lean::effect};
use crate::call::{Call, Shown, Source, Tile};
use crate::words::words;
use leptos::html;
use leptos::prelude::*;

/// What somebody shares.
#[component]
pub(super) fn SharedScreen(call: Call, tile: Tile, places: Places, focus: Focus) -> impl IntoView {
    let Tile { id, own, name, .. } = tile;
    let words = words();
    let shown = (id, Source::Screen);
    let element = NodeRef::<html::Li>::new();
    let video = NodeRef::<html::Video>::new();
    put(element, shown, places);
    effect(move || {
        if let Some(video) = video.get() {
            call.attach(Some(id), Source::Screen, video);
        }
    });
    let title = Signal::derive(move || {
        if own {
            words.text("call.you-share").to_owned()
        } else {
            words.with("call.screen-of", &[("name", &name.get())])
        }
    });
    let smooth = Signal::derive(move || if call.state.smooth.get() { "true" } else { "false" });
    view! {
        <li
            class="face screen"
            node_ref=element
            data-testid="tile"
            data-participant=id.0
            data-kind="screen"
            data-self=if own { "true" } else { "false" }
            data-name=name
            data-link="connected"
        >
            <video data-testid="tile-video" node_ref=video autoplay playsinline muted=own prop:muted=own />
            <p class="name">
                <span class="text">{title}</span>
            </p>
            <Tools call shown element focus />
            <button
                type="button"
                class="button smooth"
                class:empty=!own
                data-testid="smooth"
                aria-pressed=smooth
                on:click=move |_| call.toggle_smooth()
            >
                {words.text("call.smooth")}
            </button>
        </li>
    }
}

/// The two things to do with a picture.
#[component]
pub(super) fn Tools(call: Call, shown: Shown, element: NodeRef<html::Li>, focus: Focus) -> impl IntoView {
    let words = words();
    let pinned = Signal::derive(move || if call.state.pinned.get() == Some(shown) { "true" } else { "false" });
    effect(move || {
        let large = focus.get() == Some(shown);
        if let Some(element) = element.get() {
            // An attribute's name is a name.
            let _ = element.toggle_attribute_with_force("data-large", large);
        }
    });
    let fill = move |_| {
        if let Some(element) = element.get_untracked() {
            // Some browsers fill the screen with nothing but a video, and some with nothing at all.
            let _ = element.request_fullscreen();
        }
    };
    view! {
        <div class="tools">
            <button
                type="button"
                class="tool"
                data-testid="pin"
                aria-pressed=pinned
                aria-label=words.text("call.pin")
                title=words.text("call.pin")
                on:click=move |_| call.toggle_pin(shown)
            >
                <span class="icon" aria-hidden="true" inner_html=icons::PIN />
            </button>
            <button
                type="button"
                class="tool"
                data-testid="full-screen"
                aria-label=words.text("call.full-screen")
                title=words.text("call.full-screen")
                on:click=fill
            >
                <span class="icon" aria-hidden="true" inner_html=icons::FULL_SCREEN />
            </button>
        </div>
    }
}
