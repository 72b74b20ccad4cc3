//! What is done seldom in a call: how faces stand, handing the link on, help.
//!
//! Separate, because the bar has no room for it, and should have none.

use super::{flip, floating};
use crate::call::{Call, Panel};
use crate::room::bar::Switch;
use crate::room::icons;
use crate::words::words;
use leptos::prelude::*;

/// The list.
#[component]
pub(super) fn More(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let never = Signal::derive(|| false);
    let deafen = Box::new(move || call.toggle_deafened());
    let float = Box::new(move || floating::toggle(call));
    let cannot_float = Signal::derive(|| !floating::can_float());
    let look = Box::new(move || call.toggle_speaker_view());
    view! {
        <div class="list">
            <Switch on=state.speaker_view.into() missing=never testid="toggle-layout" label="call.speaker-view" icon=icons::SPEAKER act=look />
            <Switch on=state.deafened.into() missing=never testid="deafen" label="sound.deafen" icon=icons::VOLUME_OFF act=deafen />
            <flip::Flip call />
            <button
                type="button"
                class="control"
                data-testid="open-devices"
                on:click=move |_| call.toggle_panel(Panel::Devices)
            >
                <span class="icon" aria-hidden="true" inner_html=icons::SLIDERS />
                <span class="label">{words.text("sound.title")}</span>
            </button>
            <Switch on=state.floating.into() missing=cannot_float testid="float" label="floating.open" icon=icons::FLOAT act=float />
            <button
                type="button"
                class="control"
                class:empty=Signal::derive(move || !state.can_share.get())
                on:click=move |_| call.share_link()
            >
                <span class="icon" aria-hidden="true" inner_html=icons::SHARE />
                <span class="label">{words.text("call.share")}</span>
            </button>
            <button type="button" class="control" data-testid="open-trouble" on:click=move |_| call.open_trouble()>
                <span class="icon" aria-hidden="true" inner_html=icons::HELP />
                <span class="label">{words.text("more.help")}</span>
            </button>
        </div>
    }
}
