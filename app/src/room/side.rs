//! What stands beside the faces, one thing at a time: a heading, a way to close it, and whatever it is.
//!
//! Separate, because it is the door between what the call begins with and what is loaded later.

use super::{icons, lean::effect};
use crate::browser::page;
use crate::call::{Call, Panel};
use crate::later;
use crate::words::words;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// The place beside the faces; empty while nothing is open.
#[component]
pub(super) fn Side(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let closed = Signal::derive(move || state.panel.get().is_none());
    let heading = Signal::derive(move || state.panel.get().map(|panel| words.text(title(panel))).unwrap_or_default());
    // Whoever opens something goes on there, and comes back to where they were, which is nothing that is gone by then.
    let mut before = None;
    effect(move || {
        if state.panel.get().is_some() {
            let was = page::focus("side-title").filter(|was| was.closest("aside").is_ok_and(|side| side.is_none()));
            before = was.or(before.take());
        } else if let Some(before) = before.take() {
            page::give_focus(&before);
        }
    });
    let place = NodeRef::<html::Div>::new();
    let mut standing = None;
    effect(move || {
        drop(standing.take());
        let panel = state.panel.get().filter(|_| state.later.get());
        standing = panel.zip(place.get()).map(|(panel, place)| later::stand(call, panel, &place));
    });
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            call.close_panel();
        }
    };
    view! {
        <aside class="side" class:empty=closed aria-labelledby="side-title" data-testid="panel" on:keydown=escape>
            <header>
                <h2 id="side-title" tabindex="-1">
                    {heading}
                </h2>
                <button
                    type="button"
                    class="control"
                    data-testid="close-panel"
                    title=words.text("notice.dismiss")
                    on:click=move |_| call.close_panel()
                >
                    <span class="icon" aria-hidden="true" inner_html=icons::CLOSE />
                    <span class="unseen">{words.text("notice.dismiss")}</span>
                </button>
            </header>
            <div class="inside" node_ref=place />
        </aside>
    }
}

fn title(panel: Panel) -> &'static str {
    match panel {
        Panel::Chat => "call.chat",
        Panel::People => "call.everyone",
        Panel::More => "call.more",
        Panel::Devices => "sound.title",
    }
}
