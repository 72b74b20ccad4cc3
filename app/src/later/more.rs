//! What is done seldom in a call: how faces stand, handing the link on, help.
//!
//! Separate, because the bar has no room for it, and should have none.

use super::floating;
use crate::call::Call;
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
    let float = Box::new(move || floating::toggle(call));
    let cannot_float = Signal::derive(|| !floating::can_float());
    let look = Box::new(move || call.toggle_speaker_view());
    view! {
        <div class="list">
            <Switch on=state.speaker_view.into() missing=never testid="toggle-layout" label="call.speaker-view" icon=icons::SPEAKER act=look />
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
