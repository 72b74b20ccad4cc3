//! The slim bar that is always there: one's devices, what one shares and says without words, the link, the way out.
//!
//! Separate, because it is the part of the call that one acts on.

use super::{device::Control, icons};
use crate::call::{Call, DeviceKind, Panel};
use crate::words::words;
use leptos::prelude::*;

/// The controls of the call.
#[component]
pub(super) fn Bar(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let never = Signal::derive(|| false);
    let no_screen = Signal::derive(move || !state.can_share_screen.get());
    let (sharing, hand) = (state.sharing.into(), state.hand.into());
    let (chat, more) = (is_open(call, Panel::Chat), is_open(call, Panel::More));
    let open_chat = Box::new(move || call.toggle_panel(Panel::Chat));
    let reacting = state.reacting.into();
    let react = Box::new(move || call.toggle_reactions());
    let people = is_open(call, Panel::People);
    let inside = Signal::derive(move || u32::try_from(state.tiles.with(Vec::len)).unwrap_or_default());
    let open_people = Box::new(move || call.toggle_panel(Panel::People));
    let share = Box::new(move || call.toggle_sharing());
    let raise = Box::new(move || call.toggle_hand());
    let open_more = Box::new(move || call.toggle_panel(Panel::More));
    view! {
        <div class="bar controls" role="group" aria-label=words.text("call.controls")>
            <Control call kind=DeviceKind::Microphone />
            <Control call kind=DeviceKind::Camera />
            <Switch on=sharing missing=no_screen testid="share-screen" label="call.share-screen" icon=icons::SCREEN act=share />
            <Switch on=hand missing=never testid="raise-hand" label="call.raise-hand" icon=icons::HAND act=raise />
            <Switch on=reacting missing=never testid="open-reactions" label="call.react" icon=icons::REACTION act=react />
            <button type="button" class="control" data-testid="copy-link" on:click=move |_| call.copy_link()>
                <span class="icon" aria-hidden="true" inner_html=icons::LINK />
                <span class="label">{words.text("call.copy")}</span>
            </button>
            <Switch on=chat missing=never testid="open-chat" label="call.chat" icon=icons::CHAT count=state.unread.into() act=open_chat />
            <Switch on=people missing=never testid="open-people" label="call.everyone" icon=icons::PEOPLE count=inside act=open_people />
            <Switch on=more missing=never testid="open-more" label="call.more" icon=icons::MORE act=open_more />
            <button type="button" class="control leave" data-testid="leave" on:click=move |_| call.leave()>
                <span class="icon" aria-hidden="true" inner_html=icons::LEAVE />
                <span class="label">{words.text("call.leave")}</span>
            </button>
        </div>
    }
}

fn is_open(call: Call, panel: Panel) -> Signal<bool> {
    Signal::derive(move || call.state.panel.get() == Some(panel))
}

/// Something that is on or off.
#[component]
pub(crate) fn Switch(
    on: Signal<bool>,
    /// Whether there is no such thing here.
    missing: Signal<bool>,
    testid: &'static str,
    label: &'static str,
    icon: &'static str,
    /// How much waits behind it.
    #[prop(optional)]
    count: Signal<u32>,
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
            <span class="count">{Signal::derive(move || number(count.get()))}</span>
        </button>
    }
}

fn number(count: u32) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}
