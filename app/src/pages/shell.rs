//! The document around every page.
//!
//! Separate, because it chooses what all pages share: the language, the stylesheet, what the browser is told of colours.

use super::{App, files::Files, language};
use axum::http::{header::ACCEPT_LANGUAGE, request::Parts};
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Returns the whole document; the server's routes render this.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let accepted =
        use_context::<Parts>().and_then(|parts| Some(parts.headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?.to_owned()));
    let words = language::choose(accepted.as_deref());
    let files = Files::of(&options);
    provide_context(words);
    provide_context(files.clone());
    view! {
        <!DOCTYPE html>
        <html lang=words.text("language") dir=words.text("direction")>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#f7f1e8" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#191512" media="(prefers-color-scheme: dark)" />
                <link rel="stylesheet" href=files.css />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
