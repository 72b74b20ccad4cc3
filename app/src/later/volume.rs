//! How loud somebody is, for oneself alone.
//!
//! Separate, because it belongs wherever people are listed.

use super::sound::{Sound, digits};
use crate::call::{Call, Tile};
use crate::words::words;
use leptos::prelude::*;

/// A slider from nothing to twice as loud, remembered by the name.
#[component]
pub(super) fn Volume(call: Call, tile: Tile) -> impl IntoView {
    let words = words();
    let name = tile.name;
    let sound = Sound::of(call);
    let percent = RwSignal::new(sound.map_or(100, |sound| sound.voices.volume(&name.get_untracked())));
    let label = Signal::derive(move || words.with("sound.volume", &[("name", &name.get())]));
    let said = Signal::derive(move || words.with("sound.percent", &[("number", &percent.get().to_string())]));
    let slide = move |event| {
        let wanted = digits(&event_target_value(&event));
        percent.set(wanted);
        if let Some(sound) = Sound::of(call) {
            sound.set_volume(&name.get_untracked(), wanted);
        }
    };
    view! {
        <label class="volume">
            <input
                type="range"
                min="0"
                max="200"
                step="5"
                data-testid="volume"
                aria-label=label
                aria-valuetext=said
                value=percent.get_untracked().to_string()
                on:input=slide
            />
            <output aria-hidden="true">{said}</output>
        </label>
    }
}
