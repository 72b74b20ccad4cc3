//! One entry of the chat, as it is read.
//!
//! Separate from the [panel](super::panel), which is about writing.

use super::links::{Piece, pieces};
use crate::call::Call;
use crate::later::files::row::FileRow;
use crate::words::words;
use leptos::either::Either;
use leptos::prelude::*;
use signaling::chat::{Body, Entry};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = js_sys::Date)]
    type Clock;
    // By hand, because js-sys does not know the options.
    #[wasm_bindgen(method, js_name = toLocaleTimeString)]
    fn to_time(this: &Clock, language: &str, options: &JsValue) -> String;
}

/// An entry.
#[component]
pub(super) fn Message(call: Call, entry: Entry) -> impl IntoView {
    let mark = entry.mark();
    let Entry { from, at, name, body, .. } = entry;
    let words = words();
    let is_own = call.state.own.get_untracked() == Some(from);
    let body = match body {
        Body::Text(text) => Either::Left(pieces(text.as_str()).into_iter().map(piece).collect_view()),
        Body::File(offer) => Either::Right(view! { <FileRow call mark from offer /> }),
    };
    let who = if is_own { words.text("chat.you").to_owned() } else { name.as_str().to_owned() };
    view! {
        <li class="message" class:own=is_own data-testid="chat-message" data-from=from.0 data-name=name.as_str().to_owned()>
            <p class="head">
                <bdi class="who">{who}</bdi>
                " "
                <time>{time(at, words.text("language"))}</time>
            </p>
            <div class="body" dir="auto">
                {body}
            </div>
        </li>
    }
}

fn piece(piece: Piece) -> impl IntoView {
    match piece {
        Piece::Words(words) => Either::Left(words),
        Piece::Link(link) => {
            let address = link.clone();
            Either::Right(view! {
                <a href=address target="_blank" rel="noopener noreferrer nofollow">
                    {link}
                </a>
            })
        }
    }
}

/// Writes hours and minutes as people of this language do.
fn time(at: u64, language: &str) -> String {
    let clock: Clock = js_sys::Date::new(&(at as f64).into()).unchecked_into();
    let short = js_sys::JSON::parse(r#"{"hour":"numeric","minute":"2-digit"}"#).unwrap_or_default();
    clock.to_time(language, &short)
}
