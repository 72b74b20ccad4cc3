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
    view! {
        <div class="bar controls" role="group" aria-label=words.text("call.controls")>
            <Control call kind=DeviceKind::Microphone />
            <Control call kind=DeviceKind::Camera />
            <Switch
                on=call.state.sharing
                missing=Signal::derive(move || !call.state.can_share_screen.get())
                testid="share-screen"
                label="call.share-screen"
                icon=icons::SCREEN
                act=move || call.toggle_sharing()
            />
            <Switch
                on=call.state.hand
                testid="raise-hand"
                label="call.raise-hand"
                icon=icons::HAND
                act=move || call.toggle_hand()
            />
            <Switch
                on=call.state.speaker_view
                testid="toggle-layout"
                label="call.speaker-view"
                icon=icons::SPEAKER
                act=move || call.toggle_speaker_view()
            />
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
    on: RwSignal<bool>,
    /// Whether there is no such thing here.
    #[prop(optional)]
    missing: Signal<bool>,
    testid: &'static str,
    label: &'static str,
    icon: &'static str,
    act: impl Fn() + 'static,
) -> impl IntoView {
    let act: Box<dyn Fn()> = Box::new(act);
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
