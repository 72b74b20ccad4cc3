//! The slim bar that is always there: one's devices, the link, the way out.
//!
//! Separate, because it is the part of the call that one acts on.

use super::{device::Control, icons};
use crate::call::{Call, DeviceKind};
use crate::words::words;
use leptos::prelude::*;

/// The controls of the call.
#[component]
pub(super) fn Bar(call: Call) -> impl IntoView {
    let words = words();
    view! {
        <div class="bar controls" role="group" aria-label=words.text("call.controls")>
            <Control call kind=DeviceKind::Microphone />
            <Control call kind=DeviceKind::Camera />
            <button type="button" class="control" data-testid="copy-link" on:click=move |_| call.copy_link()>
                <span class="icon" aria-hidden="true" inner_html=icons::LINK />
                <span class="label">{words.text("call.copy")}</span>
            </button>
            <button
                type="button"
                class="control"
                class:empty=Signal::derive(move || !call.state.can_share.get())
                on:click=move |_| call.share_link()
            >
                <span class="icon" aria-hidden="true" inner_html=icons::SHARE />
                <span class="label">{words.text("call.share")}</span>
            </button>
            <button type="button" class="control" data-testid="open-trouble" on:click=move |_| call.open_trouble()>
                <span class="icon" aria-hidden="true" inner_html=icons::HELP />
                <span class="label">{words.text("call.help")}</span>
            </button>
            <button type="button" class="control leave" data-testid="leave" on:click=move |_| call.leave()>
                <span class="icon" aria-hidden="true" inner_html=icons::LEAVE />
                <span class="label">{words.text("call.leave")}</span>
            </button>
        </div>
    }
}
