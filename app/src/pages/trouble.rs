//! "Something wrong?": what to try, and the flight recorder as a file for whoever is asked for help.
//!
//! Separate, because it is the one part of the call that the program does not build: the server renders it, the browser opens
//! and closes it, and the program fills in the file.

use crate::words::words;
use leptos::prelude::*;

/// The card, closed.
#[component]
pub(super) fn Trouble() -> impl IntoView {
    let words = words();
    view! {
        <section
            class="card trouble-card"
            id="trouble"
            popover="auto"
            aria-labelledby="trouble-title"
            data-testid="trouble"
        >
            <h2 id="trouble-title">{words.text("page.trouble.title")}</h2>
            <p>{words.text("page.trouble.try")}</p>
            <p>{words.text("page.trouble.record")}</p>
            <div class="ways">
                <a class="button primary" id="record" data-testid="save-record" download="parlour-record.txt">
                    {words.text("page.trouble.save")}
                </a>
                <button type="button" class="button" popovertarget="privacy" data-testid="open-privacy">
                    {words.text("page.privacy.open")}
                </button>
                <button type="button" class="button" popovertarget="keys" data-testid="open-keys">
                    {words.text("page.keys.title")}
                </button>
                <button type="button" class="button" popovertarget="trouble" popovertargetaction="hide">
                    {words.text("notice.dismiss")}
                </button>
            </div>
        </section>
    }
}
