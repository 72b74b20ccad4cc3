//! The page behind a room's link: decides whether there is a room with a seat, and starts the call's island.
//!
//! Separate, because it is the border between the pages, which the server renders, and the room, which the browser runs.

use super::host::{AutoJoin, FromHere, is_loopback};
use super::missing::{Full, Malformed, Unknown};
use super::script::Script;
use super::{
    files::Files, keys::Keys, language, privacy::Privacy, rehearsal::Rehearsal, trouble::Trouble, wordmark::Wordmark,
};
use crate::room::{Reason, RefusalCard, Room};
use crate::words::words;
use axum::http::{header::HOST, request::Parts};
use leptos::prelude::*;
use leptos_meta::{Link, Title};
use leptos_router::hooks::{use_params_map, use_query_map};
use signaling::identity::RoomId;
use signaling::limits;
use signaling::protocol::MediaState;
use signaling::rooms::{Rooms, Rules};

/// Loads the wasm and hydrates the island at once; the stock script waits for an idle moment.
const START: &str = include_str!("start.js");

/// A room, or the reason why not.
#[component]
pub(super) fn RoomPage() -> impl IntoView {
    let Ok(room) = RoomId::parse(&use_params_map().get_untracked().get("room").unwrap_or_default()) else {
        return view! { <Malformed /> }.into_any();
    };
    // No rooms while routes are being listed.
    let Some(glance) = use_context::<Rooms>().and_then(|rooms| rooms.look(&room)) else {
        return view! { <Unknown /> }.into_any();
    };
    // Whoever comes back already has a seat; the server judges that when the page joins.
    let comes_back = use_query_map().get_untracked().get("resume").is_some();
    if glance.full && !comes_back {
        return view! { <Full /> }.into_any();
    }
    view! { <Seat room inside=u32::try_from(glance.inside).unwrap_or(u32::MAX) rules=glance.rules /> }.into_any()
}

#[component]
fn Seat(room: RoomId, inside: u32, rules: Rules) -> impl IntoView {
    let words = words();
    let query = use_query_map().get_untracked();
    // The server takes no longer one when the page joins.
    let name = query.get("name").unwrap_or_default().chars().take(limits::NAME_CHARS).collect::<String>();
    let auto_join = query.get("join").as_deref() == Some("1") && may_join_unasked();
    view! {
        <Title text=words.text("page.room.title") />
        <main class="room">
            <a class="brand" href="/" aria-label=words.text("brand.home")>
                <Wordmark />
            </a>
            <noscript>
                <p class="card">{words.text("page.needs-script")}</p>
            </noscript>
            <Room
                room=room.as_str().to_owned()
                name
                auto_join
                wanted=MediaState { microphone: true, camera: true, ..MediaState::default() }
                inside
                words=language::for_the_island(words)
            />
            <Rehearsal />
            <Privacy rules />
        </main>
        <Trouble />
        <Keys />
        <Start />
    }
}

/// What makes the page a call; or says so, where the browser would give no camera, and when the program does not come.
#[component]
fn Start() -> impl IntoView {
    let Files { js, wasm, later, .. } = expect_context();
    let start = format!("({js:?},{wasm:?},{later:?},{:?})", language::later_path(words()));
    view! {
        <Link rel="modulepreload" href=js />
        <Link rel="preload" as_="fetch" type_="application/wasm" crossorigin="" href=wasm />
        <template id="insecure">
            <RefusalCard reason=Reason::INSECURE />
        </template>
        <template id="not-loaded">
            <RefusalCard reason=Reason::NOT_LOADED />
        </template>
        <Script source=START then=start />
    }
    .into_any()
}

/// Joining without a click would show whoever follows a link to whoever wrote it, so it is for tests on one's own machine,
/// and for hosts who say so.
fn may_join_unasked() -> bool {
    let parts = use_context::<Parts>();
    let from_here = parts.as_ref().is_some_and(|parts| {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        parts.extensions.get::<FromHere>().is_some() && host.or_else(|| parts.uri.host()).is_some_and(is_loopback)
    });
    use_context::<AutoJoin>().unwrap_or_default().allows(from_here)
}
