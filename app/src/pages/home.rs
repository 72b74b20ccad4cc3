//! The front page: what Parlour is, why it is private, and one button.
//!
//! Separate, because it is plain HTML: no script, no wasm.

use super::wordmark::{SCENE, Wordmark};
use crate::words::words;
use leptos::prelude::*;
use leptos_meta::Title;

/// Makes a room: one button, and for whoever looks for it, what can be decided about a room at no other time.
#[component]
fn NewRoom() -> impl IntoView {
    let words = words();
    view! {
        <form method="post" action="/api/rooms">
            <button class="button primary" data-testid="new-room">
                {words.text("room.new")}
            </button>
            <details>
                <summary data-testid="more-options">{words.text("page.home.options")}</summary>
                <label class="choice">
                    <input type="checkbox" name="relay_only" value="true" autocomplete="off" data-testid="relay-only" />
                    <span>{words.text("page.home.relay-only")}</span>
                </label>
            </details>
        </form>
    }
}

/// The front page.
#[component]
pub(super) fn Home() -> impl IntoView {
    let words = words();
    view! {
        <Title text=words.text("page.home.title") />
        <main class="home">
            <header>
                <h1>
                    <Wordmark />
                </h1>
            </header>
            <div class="scene" aria-hidden="true" inner_html=SCENE />
            <section>
                <p class="lead">{words.text("page.home.lead")}</p>
                <NewRoom />
                <p class="private">{words.text("page.home.private")}</p>
            </section>
        </main>
    }
}
