//! A file in the chat: what it is called, how large it is, and the one thing that can be done with it now.
//!
//! Separate from the chat's other entries, because it changes while it stands there.

use super::fetch::{Fetch, State};
use crate::call::Call;
use crate::later::talk;
use crate::room::lean::effect;
use crate::words::words;
use leptos::html;
use leptos::prelude::*;
use signaling::chat::{Mark, Offer};
use signaling::identity::ParticipantId;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// A file, offered by somebody.
#[component]
pub(crate) fn FileRow(call: Call, mark: Mark, from: ParticipantId, offer: Offer) -> impl IntoView {
    let (name, size) = (offer.name.as_str().to_owned(), size(offer.size));
    let own = call.state.own.get_untracked() == Some(from);
    let fetch = talk(call).map(|talk| talk.files().fetch(mark, from, offer));
    fetch.map(|fetch| view! { <Row call fetch own name size /> })
}

#[component]
fn Row(call: Call, fetch: Rc<Fetch>, own: bool, name: String, size: String) -> impl IntoView {
    let words = words();
    let (state, state_of) = (fetch.state, call.state);
    let (begun, cancelled) = (fetch.clone(), fetch.clone());
    let from = fetch.from();
    let there = Signal::derive(move || own || state_of.tiles.with(|tiles| tiles.iter().any(|tile| tile.id == from)));
    let said = Signal::derive(move || match (state.get(), there.get()) {
        _ if own => words.text("file.yours").to_owned(),
        (State::Here(_), _) => words.text("file.here").to_owned(),
        (State::Broken, _) => words.text("file.broken").to_owned(),
        (State::NoRoom, _) => words.text("file.no-room").to_owned(),
        (State::Gone, _) | (State::Offered, false) => words.text("file.gone").to_owned(),
        (State::Coming(_), false) => words.text("file.waiting").to_owned(),
        // Without how much of it: this is read out whenever it changes, and the bar tells whoever asks.
        (State::Coming(_), true) => words.text("file.coming").to_owned(),
        (State::Offered, true) => String::new(),
    });
    let idle = Signal::derive(move || !matches!(state.get(), State::Coming(_)));
    let taken = Signal::derive(move || {
        own || !there.get() || matches!(state.get(), State::Coming(_) | State::Here(_) | State::Gone)
    });
    let address = Signal::derive(move || match state.get() {
        State::Here(address) => address,
        _ => String::new(),
    });
    let not_here = Signal::derive(move || address.with(String::is_empty));
    let link = NodeRef::<html::A>::new();
    // Whoever asked for it wants to have it: into the folder for downloads, as soon as it is whole.
    let mut saved = !not_here.get_untracked();
    effect(move || {
        let here = !not_here.get();
        if here
            && !core::mem::replace(&mut saved, true)
            && let Some(link) = link.get()
        {
            crate::browser::page::soon(move || link.unchecked_ref::<web_sys::HtmlElement>().click());
        }
    });
    let percent = Signal::derive(move || match state.get() {
        State::Coming(percent) => percent.to_string(),
        _ => String::new(),
    });
    view! {
        <div class="file" data-testid="file" data-state=Signal::derive(move || state_name(&state.get()))>
            <p>
                <bdi>{name.clone()}</bdi>
                " "
                <span class="size">{size}</span>
            </p>
            <progress class:empty=idle max="100" value=percent aria-label=name.clone() />
            <p class="said" role="status">
                {said}
            </p>
            <div class="ways">
                <button type="button" class="button" class:empty=taken data-testid="file-get" on:click=move |_| begun.begin()>
                    {words.text("file.get")}
                </button>
                <button type="button" class="button" class:empty=idle data-testid="file-cancel" on:click=move |_| cancelled.cancel()>
                    {words.text("file.cancel")}
                </button>
                <a class="button" class:empty=not_here data-testid="file-save" node_ref=link href=address download=name>
                    {words.text("file.save")}
                </a>
            </div>
        </div>
    }
}

fn state_name(state: &State) -> &'static str {
    match state {
        State::Offered => "offered",
        State::Coming(_) => "coming",
        State::Here(_) => "here",
        State::Gone => "gone",
        State::Broken => "broken",
        State::NoRoom => "no-room",
    }
}

/// Writes a size with three digits at the most, in units of a thousand (ISO 80000).
fn size(bytes: u64) -> String {
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
    while tenths >= 10_000 && unit < 4 {
        tenths /= 1_000;
        unit += 1;
    }
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let unit = ["B", "kB", "MB", "GB", "TB"][unit];
    let digits =
        if whole >= 10 || tenth == 0 { whole.to_string() } else { [whole.to_string(), tenth.to_string()].join(".") };
    [digits, unit.to_owned()].join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 999, 1_000, 1_550, 20_400, 200_000_000, 1_000_000_000].map(size);
        assert_eq!(
            sizes,
            ["0 B", "999 B", "1 kB", "1.5 kB", "20 kB", "200 MB", "1 GB"].map(|size| size.replace(' ', "\u{a0}"))
        );
    }
}
