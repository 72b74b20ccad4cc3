//! The slim bar that is always there: one's devices, what one shares and says without words, the link, the way out.
//!
//! Separate, because it is the part of the call that one acts on.

use super::{device::Control, icons};
use crate::call::{Call, DeviceKind};
use crate::words::words;
use leptos::prelude::*;

/// The controls of the call.
#[component]
pub(super) fn Bar(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let never = Signal::derive(|| false);
    let no_screen = Signal::derive(move || !state.can_share_screen.get());
    let (sharing, hand, large) = (state.sharing.into(), state.hand.into(), state.speaker_view.into());
    let share = Box::new(move || call.toggle_sharing());
    let raise = Box::new(move || call.toggle_hand());
    let look = Box::new(move || call.toggle_speaker_view());
    view! {
        <div class="bar controls" role="group" aria-label=words.text("call.controls")>
            <Control call kind=DeviceKind::Microphone />
            <Control call kind=DeviceKind::Camera />
            <Switch on=sharing missing=no_screen testid="share-screen" label="call.share-screen" icon=icons::SCREEN act=share />
            <Switch on=hand missing=never testid="raise-hand" label="call.raise-hand" icon=icons::HAND act=raise />
            <Switch on=large missing=never testid="toggle-layout" label="call.speaker-view" icon=icons::SPEAKER act=look />
            <button type="button" class="control" data-testid="copy-link" on:click=move |_| call.copy_link()>
                <span class="icon" aria-hidden="true" inner_html=icons::LINK />
                <span class="label">{words.text("call.copy")}</span>
            </button>
            <button
                type="button"
                class="control"
                class:empty=Signal::derive(move || !call.state.can_share.get())
                on:click=move |_| call.share_link()
            >
                <span class="icon" aria-hidden="true" inner_html=icons::SHARE />
                <span class="label">{words.text("call.share")}</span>
            </button>
            <button type="button" class="control" data-testid="open-trouble" on:click=move |_| call.open_trouble()>
                <span class="icon" aria-hidden="true" inner_html=icons::HELP />
                <span class="label">{words.text("call.help")}</span>
            </button>
            <button type="button" class="control leave" data-testid="leave" on:click=move |_| call.leave()>
                <span class="icon" aria-hidden="true" inner_html=icons::LEAVE />
                <span class="label">{words.text("call.leave")}</span>
            </button>
        </div>
    }
}

/// Something that is on or off.
#[component]
pub(super) fn Switch(
    on: Signal<bool>,
    /// Whether there is no such thing here.
    missing: Signal<bool>,
    testid: &'static str,
    label: &'static str,
    icon: &'static str,
    act: Box<dyn Fn()>,
) -> impl IntoView {
    let label = words().text(label);
    view! {
        <button
            type="button"
            class="control switch"
            class:empty=missing
            data-testid=testid
            aria-pressed=Signal::derive(move || if on.get() { "true" } else { "false" })
            title=label
            on:click=move |_| act()
        >
            <span class="icon" aria-hidden="true" inner_html=icon />
            <span class="label">{label}</span>
        </button>
    }
}
