//! Being turned away: what happened, in a sentence, and a way on.
//!
//! Separate, because pages say it by an HTTP answer and the island says it in the call, in the same words.

use crate::browser::page;
use crate::words::words;
use leptos::prelude::*;
use signaling::protocol::Refusal;

/// Why someone is turned away, and what is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// The stable name, in `data-reason`.
    name: &'static str,
    title: &'static str,
    text: &'static str,
    /// Whether trying again may help.
    again: bool,
    /// Whether a room of one's own may help.
    anew: bool,
}

impl Reason {
    /// Nothing lives at this address.
    pub const NOT_FOUND: Self = Self {
        name: "not-found",
        title: "page.not-found.title",
        text: "page.not-found.text",
        again: false,
        anew: true,
    };
    /// The page came over plain http, so the browser gives no devices.
    pub const INSECURE: Self = Self {
        name: "insecure-context",
        title: "page.insecure-context.title",
        text: "page.insecure-context.text",
        again: false,
        anew: false,
    };
    /// The program of the call did not arrive, or does not run.
    pub const NOT_LOADED: Self = Self {
        name: "not-loaded",
        title: "page.not-loaded.title",
        text: "page.not-loaded.text",
        again: true,
        anew: false,
    };
    /// There is no such room.
    pub const UNKNOWN_ROOM: Self = Self {
        name: "unknown-room",
        title: "refusal.unknown-room.title",
        text: "refusal.unknown-room.text",
        again: false,
        anew: true,
    };
    /// No room was made: too many were, from one address. Loading the answer to a form again would ask to send it again, so
    /// the way on is the form itself.
    pub const ROOMS_TOO_FAST: Self =
        Self { name: "too-fast", title: "page.too-fast.title", text: "page.too-fast.text", again: false, anew: true };
    /// No room was made: the server has as many as it may.
    pub const TOO_MANY_ROOMS: Self = Self {
        name: "too-many-rooms",
        title: "page.too-many-rooms.title",
        text: "page.too-many-rooms.text",
        again: false,
        anew: true,
    };
    /// There is no seat.
    pub const ROOM_FULL: Self = Self {
        name: "room-full",
        title: "refusal.room-full.title",
        text: "refusal.room-full.text",
        again: true,
        anew: true,
    };
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        let (title, text) = match refusal {
            Refusal::UnknownRoom => return Self::UNKNOWN_ROOM,
            Refusal::RoomFull => return Self::ROOM_FULL,
            Refusal::Superseded => ("refusal.superseded.title", "refusal.superseded.text"),
            // Most of these never end a call, which goes on trying.
            Refusal::TooFast
            | Refusal::TooLate
            | Refusal::Stopping
            | Refusal::StaleToken
            | Refusal::Malformed
            | Refusal::OutOfOrder
            | Refusal::TooSlow
            | Refusal::Unknown => ("refusal.misunderstood.title", "refusal.misunderstood.text"),
        };
        Self { name: refusal.name(), title, text, again: true, anew: true }
    }
}

/// Says why someone is turned away, and offers a way on.
#[component]
pub fn RefusalCard(reason: Reason) -> impl IntoView {
    let words = words();
    view! {
        <section class="card" data-testid="refusal" data-reason=reason.name>
            <h1>{words.text(reason.title)}</h1>
            <p>{words.text(reason.text)}</p>
            <div class="ways">
                {reason.again.then(|| view! { <Again text="refusal.again" /> })}
                {reason.anew.then(|| view! { <NewRoom /> })}
            </div>
        </section>
    }
}

/// Loads the same page again, keeping the fragment, which a plain link to it would lose.
#[component]
pub(super) fn Again(text: &'static str) -> impl IntoView {
    let reload = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        page::reload();
    };
    view! {
        <a class="button primary again" href="" on:click=reload>
            {words().text(text)}
        </a>
    }
}

/// The button that opens a room of one's own: a plain form, so it works before any script.
#[component]
pub fn NewRoom() -> impl IntoView {
    view! {
        <form method="post" action="/api/rooms">
            <button class="button primary" data-testid="new-room">
                {words().text("room.new")}
            </button>
        </form>
    }
}
