//! What a person wants to see and to send of cameras: all, small ones, only of who speaks, or none.
//!
//! Separate, because it is offered in two places: among the settings, and where it would help.

use crate::call::Call;
use crate::later::everything;
use crate::words::words;
use leptos::prelude::*;
use signaling::sending::Choice;

/// All there is to choose, each with its words and its test id.
pub(super) const CHOICES: [(Choice, &str, &str); 4] = [
    (Choice::All, "choice.all", "pictures-all"),
    (Choice::Small, "choice.small", "pictures-small"),
    (Choice::Speakers, "choice.speakers", "pictures-speakers"),
    (Choice::Sound, "choice.sound", "pictures-none"),
];

/// One of them at a time.
#[component]
pub(in crate::later) fn Chooser(call: Call) -> impl IntoView {
    let words = words();
    let pictures = everything(call)?.pictures.clone();
    let chosen = pictures.choice;
    let option = |(choice, label, testid)| {
        let pictures = pictures.clone();
        let on = Signal::derive(move || chosen.get() == choice);
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="pictures"
                    data-testid=testid
                    prop:checked=on
                    on:change=move |_| pictures.choose(choice)
                />
                <span>{words.text(label)}</span>
            </label>
        }
    };
    let options = CHOICES.into_iter().map(option).collect_view();
    Some(view! {
        <fieldset class="choices">
            <legend>{words.text("choice.title")}</legend>
            {options}
        </fieldset>
    })
}
