//! The pages, as the server renders them: home, a room, and what is said when there is no such thing.
//!
//! Separate, because all of it runs on the server alone: the router, the choice of a language, the status of an answer. The
//! browser only ever hydrates the room's island, so nothing here weighs on the wasm.
#![allow(unreachable_pub, reason = "the component macro widens what is `pub(super)`")]

mod files;
mod home;
mod host;
mod keys;
mod language;
mod languages;
mod missing;
mod no_room;
mod privacy;
mod rehearsal;
mod room;
mod script;
mod shell;
mod trouble;
mod wordmark;

pub use host::{AutoJoin, FromHere, is_loopback};
pub use language::{LANGUAGE_COOKIE, LANGUAGE_PATH, WORDS_PATH, for_later, is_language, is_own_path};
pub use no_room::NoRoom;
pub use shell::shell;

use axum::http::request::Parts;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

/// The route table.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    if let Some(reason) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<NoRoom>().copied()) {
        return view! { <no_room::NoRoomPage reason /> }.into_any();
    }
    view! {
        <Router>
            <Routes fallback=missing::Missing>
                <Route path=path!("/") view=home::Home ssr=SsrMode::Async />
                <Route path=path!("/r/:room") view=room::RoomPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
    .into_any()
}

/// Sets the status of this answer.
fn answer_with(status: axum::http::StatusCode) {
    // Absent while routes are being listed, when there is no request either.
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
}
