//! The call: faces, the invitation while one is alone, and the bar.
//!
//! Separate, because this is where the parts of the call are put together.

use super::{bar::Bar, grid::Faces, notices::Notices, side::Side};
use crate::call::{Call, Signaling};
use crate::later;
use crate::words::words;
use leptos::prelude::*;

/// What one sees while in the call.
#[component]
pub(super) fn CallStage(call: Call, room: String) -> impl IntoView {
    let state = call.state;
    let signaling = Signal::derive(move || match state.signaling.get() {
        Signaling::Connecting => "connecting",
        Signaling::Online => "online",
        Signaling::Away => "away",
    });
    let alone = Signal::derive(move || state.tiles.with(|tiles| tiles.len() < 2));
    let own = Signal::derive(move || state.own.get().map(|id| id.0));
    view! {
        <section
            class="call"
            class:alone=alone
            data-testid="call"
            data-room=room
            data-participant=own
            data-signaling=signaling
        >
            <h1 class="unseen">{words().text("call.title")}</h1>
            <div class="stage">
                <Faces call />
                <Invitation call alone />
                <Side call />
            </div>
            <Notices call />
            <Bar call />
        </section>
    }
}

/// The link, large, until someone comes.
#[component]
fn Invitation(call: Call, alone: Signal<bool>) -> impl IntoView {
    let words = words();
    let state = call.state;
    let drawn = move || alone.get() && state.later.get();
    let code = Signal::derive(move || if drawn() { later::code(&state.address.get()) } else { String::new() });
    view! {
        <aside class="invitation">
            <h2>{words.text("invite.title")}</h2>
            <p>{words.text("invite.text")}</p>
            <output class="link" aria-label=words.text("invite.link")>
                {state.address}
            </output>
            <div class="ways">
                <button type="button" class="button primary" on:click=move |_| call.copy_link()>
                    {words.text("call.copy")}
                </button>
                <button type="button" class="button" class:empty=Signal::derive(move || !state.can_share.get()) on:click=move |_| call.share_link()>
                    {words.text("call.share")}
                </button>
            </div>
            <div class="code" aria-hidden="true" inner_html=code />
        </aside>
    }
}
