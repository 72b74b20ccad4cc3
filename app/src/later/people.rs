//! Everyone in the call, oneself first: who they are, what they do, and for how long one is here.
//!
//! Separate, because a list is what eight faces are not: it can be searched, and read aloud.

use super::health::clock;
use super::mine::Mine;
use super::person::Person;
use crate::browser::listener::Interval;
use crate::browser::page;
use crate::call::memory::recall_entry;
use crate::call::{Call, Tile};
use crate::room::lean::effect;
use crate::words::words;
use js_sys::JsString;
use leptos::prelude::*;
use signaling::identity::ParticipantId;

/// The list.
#[component]
pub(super) fn People(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let sought = RwSignal::new(String::new());
    let open = RwSignal::new(None::<ParticipantId>);
    let misses = move |tile: &Tile| sought.with(|sought| !tile.name.with(|name| contains(&fold(name), sought)));
    let found = Signal::derive(move || state.tiles.with(|tiles| !tiles.iter().all(misses)));
    let nobody = Signal::derive(move || words.text(if found.get() { "" } else { "people.nobody" }));
    let row = move |tile: Tile| {
        let hidden = Signal::derive(move || misses(&tile));
        Mine(view! { <Person call tile open hidden /> })
    };
    view! {
        <div class="people">
            <p class="lasts">
                {words.text("people.lasts")} " " <Timer call />
            </p>
            <input
                type="search"
                class="search"
                data-testid="people-search"
                placeholder=words.text("people.search")
                aria-label=words.text("people.search")
                autocomplete="off"
                on:input=move |event| sought.set(fold(&event_target_value(&event)))
            />
            <ul aria-label=words.text("call.people")>
                <For each=move || state.tiles.get() key=|tile| (tile.id, 0_u8) children=row />
            </ul>
            <p class="nobody" class:empty=found role="status">
                {nobody}
            </p>
        </div>
    }
}

/// For how long one is in the call. It is not read out every second: a timer is quiet by its role.
#[component]
fn Timer(call: Call) -> impl IntoView {
    let lasts = move || {
        let since = call.engine().and_then(|engine| recall_entry(&engine.room)?.parse().ok());
        clock(since.map_or(0, |since: u32| page::seconds().saturating_sub(since)))
    };
    let now = RwSignal::new(lasts());
    // The clock lives in the effect, and ends with it.
    let mut _clock = None;
    effect(move || {
        _clock = Some(Interval::new(1_000, move || {
            now.try_set(lasts());
        }));
    });
    view! {
        <span role="timer" data-testid="call-timer">
            {move || now.get()}
        </span>
    }
}

/// Returns a name as it is sought: without regard to case, accents and how they were typed.
fn fold(name: &str) -> String {
    let letters = String::from(JsString::from(name.trim()).normalize("NFKD").to_lower_case());
    letters.chars().filter(|letter| !is_mark(*letter)).collect()
}

/// Whether a name holds what is sought. (A search that is quick in long texts would weigh more than all of this.)
fn contains(name: &str, sought: &str) -> bool {
    sought.is_empty() || name.as_bytes().windows(sought.len()).any(|part| part == sought.as_bytes())
}

/// Accents of Latin, Greek and Cyrillic letters, and vowel signs of Hebrew and Arabic.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}
