//! The panel of the chat: what was written, and a field to write in.
//!
//! Separate from the [talk](super::talk) itself, which goes on while this is closed.

use super::message::Message;
use crate::browser::page;
use crate::call::Call;
use crate::later::talk;
use crate::room::icons;
use crate::room::lean::effect;
use crate::words::words;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use signaling::protocol::TextError;

/// Nearer to the end than this, in CSS pixels, one reads along.
const NEAR: i32 = 80;

/// The chat.
#[component]
pub(crate) fn ChatPanel(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let (entries, draft) = talk(call).map(|talk| (talk.entries, talk.draft)).unzip();
    let (entries, draft) = (entries.unwrap_or_default(), draft.unwrap_or_default());
    let too_long = RwSignal::new(false);
    let list = NodeRef::<html::Div>::new();
    let field = NodeRef::<html::Textarea>::new();
    let mut read_to_the_end = true;
    effect(move || {
        let _ = entries.with(Vec::len);
        state.unread.set(0);
        if let Some(list) = list.get() {
            let below = list.scroll_height() - list.client_height() - list.scroll_top();
            if read_to_the_end || below < NEAR {
                page::soon(move || list.set_scroll_top(list.scroll_height()));
            }
            read_to_the_end = false;
        }
    });
    effect(move || {
        if let Some(field) = field.get() {
            // The heading had the focus; who opens a chat means to write.
            let _ = field.focus();
        }
    });
    let send = move || {
        let written = draft.get_untracked();
        match talk(call).map_or(Ok(false), |talk| talk.write(&written)) {
            Ok(true) => draft.set(String::new()),
            // Nothing is lost: it stays where it is.
            Ok(false) => {}
            Err(error) => too_long.set(error == TextError::TooLong),
        }
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            send();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    let nothing = Signal::derive(move || !entries.with(Vec::is_empty));
    let fits = Signal::derive(move || !too_long.get());
    view! {
        <p class="nothing" class:empty=nothing>
            {words.text("chat.nothing")}
        </p>
        <div class="messages" role="log" aria-label=words.text("chat.title") tabindex="0" node_ref=list>
            <ol>
            <For each=move || entries.get() key=|entry| entry.mark().0 let:entry>
                <Message call entry />
            </For>
            </ol>
        </div>
        <form class="write" on:submit=submit>
            <p class="danger" role="alert" class:empty=fits>
                {words.text("chat.too-long")}
            </p>
            <textarea
                rows="2"
                dir="auto"
                data-testid="chat-input"
                aria-label=words.text("chat.write")
                placeholder=words.text("chat.write")
                node_ref=field
                prop:value=draft
                on:input=move |event| {
                    too_long.set(false);
                    draft.set(event_target_value(&event));
                }
                on:keydown=press
                on:paste=move |event| {
                    let files = event.clipboard_data().and_then(|data| data.files()).filter(|files| files.length() > 0);
                    if let Some(files) = files {
                        event.prevent_default();
                        call.offer(&files);
                    }
                }
            />
            <label class="control" title=words.text("file.offer")>
                <span class="icon" aria-hidden="true" inner_html=icons::ATTACH />
                <span class="unseen">{words.text("file.offer")}</span>
                <input
                    type="file"
                    multiple
                    data-testid="chat-file"
                    on:change=move |event| {
                        let field: web_sys::HtmlInputElement = event_target(&event);
                        if let Some(files) = field.files() {
                            call.offer(&files);
                        }
                        field.set_value("");
                    }
                />
            </label>
            <button class="control primary" data-testid="chat-send" title=words.text("chat.send")>
                <span class="icon" aria-hidden="true" inner_html=icons::SEND />
                <span class="unseen">{words.text("chat.send")}</span>
            </button>
        </form>
    }
}
