//! The languages, each in its own name, at the foot of every page.
//!
//! Separate, because it is a plain form of its own: a choice is a request, and needs no script. Once in the call it is out of
//! sight, since the answer is a page, and a call is not to be left by mistake.

use super::language::{self, LANGUAGE_PATH, is_own_path};
use super::script::Script;
use crate::words::words;
use axum::http::request::Parts;
use leptos::prelude::*;

/// Carries over what a room's page holds and the server does not know: the fragment, the name, what is turned off.
const CARRY: &str = include_str!("languages.js");

/// The foot of the page.
#[component]
pub(super) fn Languages() -> impl IntoView {
    let words = words();
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).filter(|path| is_own_path(path));
    let of_a_room = path.as_ref().is_some_and(|path| path.starts_with("/r/"));
    let choices = language::all().iter().map(|other| {
        let tag = other.text("language");
        let is_this = tag == words.text("language");
        view! {
            <button name="language" value=tag lang=tag aria-current=is_this.then_some("true")>
                {other.text("page.language.name")}
            </button>
        }
    });
    view! {
        <footer class="languages">
            <form method="post" action=LANGUAGE_PATH aria-label=words.text("page.language.choose") data-testid="languages">
                <input type="hidden" name="to" value=path.unwrap_or_else(|| "/".to_owned()) />
                {choices.collect_view()}
            </form>
        </footer>
        {of_a_room.then(|| view! { <Script source=CARRY /> })}
    }
}
