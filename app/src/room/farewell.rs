//! The goodbye, and the way back.
//!
//! Separate, because nothing of the call is left on it.

use super::refusal::Again;
use crate::words::words;
use leptos::prelude::*;

/// Says that one has left, and offers to come back.
#[component]
pub(super) fn Farewell() -> impl IntoView {
    let words = words();
    view! {
        <section class="card" data-testid="left">
            <h1>{words.text("left.title")}</h1>
            <p>{words.text("left.text")}</p>
            <div class="ways">
                <Again text="left.back" />
                <a class="button" href="/">
                    {words.text("left.home")}
                </a>
            </div>
        </section>
    }
}
