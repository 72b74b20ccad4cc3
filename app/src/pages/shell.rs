//! The document around every page.
//!
//! Separate, because it chooses what all pages share: the language, the stylesheet, what the browser is told of colours.

use super::{App, files::Files, language, languages::Languages};
use axum::http::header::{CONTENT_LANGUAGE, VARY};
use axum::http::{HeaderValue, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

/// Returns the whole document; the server's routes render this.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let words = language::choose(&use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default());
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CONTENT_LANGUAGE, HeaderValue::from_static(words.text("language")));
        // A cache on the way must not give one visitor's language to the next.
        response.insert_header(VARY, HeaderValue::from_static("accept-language, cookie"));
    }
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
                <link rel="apple-touch-icon" href="/icons/apple-touch.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                <App />
                <Languages />
            </body>
        </html>
    }
}
