//! The front page: what Parlour is, why it is private, and one button.
//!
//! Separate, because it is plain HTML: no script, no wasm.

use super::wordmark::{SCENE, Wordmark};
use crate::room::NewRoom;
use crate::words::words;
use leptos::prelude::*;
use leptos_meta::Title;

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
