//! The keys of the call, on a card.
//!
//! Separate, because the server renders it, and the program only opens it: it weighs nothing in the download.

use crate::words::words;
use leptos::prelude::*;

/// Each key with the text of what it does; the space bar has a name of its own.
const KEYS: [(Option<&str>, &str); 12] = [
    (Some("M"), "page.keys.microphone"),
    (None, "page.keys.talk"),
    (Some("V"), "page.keys.camera"),
    (Some("S"), "page.keys.screen"),
    (Some("H"), "page.keys.hand"),
    (Some("D"), "page.keys.deafen"),
    (Some("R"), "page.keys.reactions"),
    (Some("P"), "page.keys.people"),
    (Some("L"), "page.keys.speaker"),
    (Some("C"), "page.keys.chat"),
    (Some("F"), "page.keys.full"),
    (Some("?"), "page.keys.this"),
];

/// The card, closed.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let words = words();
    let rows = KEYS.map(|(key, text)| {
        view! {
            <dt>
                <kbd>{key.unwrap_or(words.text("page.keys.space"))}</kbd>
            </dt>
            <dd>{words.text(text)}</dd>
        }
    });
    view! {
        <section class="card trouble-card" id="keys" popover="auto" aria-labelledby="keys-title" data-testid="keys">
            <h2 id="keys-title">{words.text("page.keys.title")}</h2>
            <dl class="keys">{rows.collect_view()}</dl>
            <label class="choice">
                <input type="checkbox" id="use-keys" data-testid="use-keys" checked />
                <span>{words.text("page.keys.use")}</span>
            </label>
            <div class="ways">
                <button type="button" class="button" popovertarget="keys" popovertargetaction="hide">
                    {words.text("notice.dismiss")}
                </button>
            </div>
        </section>
    }
}
