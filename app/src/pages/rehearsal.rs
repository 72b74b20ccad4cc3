//! A place for testing one's sound, before the call.
//!
//! Separate, because the server renders it, and only whoever opens it needs more: what it does is loaded then.

use crate::words::words;
use leptos::prelude::*;

/// A line at the foot of the green room, and what opens under it.
#[component]
pub(super) fn Rehearsal() -> impl IntoView {
    view! {
        <details class="rehearsal" id="sound-test">
            <summary data-testid="test-sound">{words().text("page.test-sound")}</summary>
            <div id="rehearsal" />
        </details>
    }
}
