//! The switch that hides one's network address: in sight in the green room, and in the call on a card that the help opens.
//!
//! Separate, because the program does not build it: the server renders it once, and the program looks at the switch.

use crate::words::words;
use leptos::prelude::*;
use signaling::rooms::Rules;

/// The switch; in a room that hides all addresses it is on, and fixed.
#[component]
pub(super) fn Privacy(rules: Rules) -> impl IntoView {
    let words = words();
    let fixed = rules.relay_only;
    let why = if fixed { "page.privacy.fixed" } else { "page.privacy.why" };
    view! {
        <section class="card trouble-card privacy" id="privacy" popover="auto" aria-label=words.text("page.privacy.open")>
            <label class="choice">
                <input
                    type="checkbox"
                    role="switch"
                    id="hide"
                    data-testid="hide-address"
                    autocomplete="off"
                    aria-describedby="hide-why"
                    checked=fixed
                    disabled=fixed
                />
                <span>{words.text("page.privacy.hide")}</span>
            </label>
            <p id="hide-why">{words.text(why)}</p>
            <button type="button" class="button" popovertarget="privacy" popovertargetaction="hide">
                {words.text("notice.dismiss")}
            </button>
        </section>
    }
}
