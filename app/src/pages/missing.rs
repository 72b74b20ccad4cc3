//! What is said where there is nothing, no such room, or no seat.
//!
//! Separate from the room page, because none of it needs the call.

use super::{answer_with, script::Script, wordmark::Wordmark};
use crate::room::{Reason, RefusalCard};
use crate::words::words;
use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Title;

/// Someone inside a full room who reloads comes back in: the page that was in the call left its mark in the tab.
/// Trying again keeps the fragment, which a plain link would lose.
const FULL: &str = include_str!("full.js");

/// Answers an address that nothing lives at.
#[component]
pub(super) fn Missing() -> impl IntoView {
    answer_with(StatusCode::NOT_FOUND);
    view! { <RefusalPage reason=Reason::NOT_FOUND /> }
}

/// Answers a link whose room id is not one.
#[component]
pub(super) fn Malformed() -> impl IntoView {
    answer_with(StatusCode::BAD_REQUEST);
    view! { <RefusalPage reason=Reason::UNKNOWN_ROOM /> }
}

/// Answers the link of a room that is not there (any more).
#[component]
pub(super) fn Unknown() -> impl IntoView {
    answer_with(StatusCode::NOT_FOUND);
    view! { <RefusalPage reason=Reason::UNKNOWN_ROOM /> }
}

/// Answers the link of a room without a free seat.
#[component]
pub(super) fn Full() -> impl IntoView {
    answer_with(StatusCode::CONFLICT);
    view! {
        <RefusalPage reason=Reason::ROOM_FULL />
        <Script source=FULL />
    }
}

/// Says why one is turned away, as a page.
#[component]
pub(super) fn RefusalPage(reason: Reason) -> impl IntoView {
    let words = words();
    view! {
        <Title text=words.text("page.refusal.title") />
        <main class="page">
            <a class="brand" href="/" aria-label=words.text("brand.home")>
                <Wordmark />
            </a>
            <RefusalCard reason />
        </main>
    }
}
