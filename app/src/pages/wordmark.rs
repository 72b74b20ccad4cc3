//! Parlour's own drawings: its name, and the scene on the front page.
//!
//! Separate, because they are drawings and nothing else; their colours are the style sheet's.

use leptos::prelude::*;

/// The name, drawn in one line; its round letter is a bench for two who face each other.
const NAME: &str = "<svg viewBox='0 0 264 70'><path d='M5 18v48M82 18v32M98 18v32M98 34a16 16 0 0 1 15-16M129 \
    4v37q0 9 9 9M197 18v16a16 16 0 0 0 32 0M229 18v32M245 18v32M245 34a16 16 0 0 1 15-16'/><circle cx='21' cy='34' \
    r='16'/><circle cx='66' cy='34' r='16'/><circle cx='165' cy='34' r='16'/><path class='bench' d='M165 18a8 8 0 0 1 0 \
    16a8 8 0 0 0 0 16'/></svg>";

/// Two armchairs in two windows, and the line between them.
pub(super) const SCENE: &str = "<svg viewBox='6 18 468 234'><g class='window'><rect x='8' y='20' width='222' height='190' \
    rx='26'/><rect x='250' y='60' width='222' height='190' rx='26'/></g><path class='light' d='M160 \
    84l-34 104h94l-34-104z'/><path class='brass' d='M152 84c0-36 42-36 42 0z'/><path class='green' d='M42 98c0-16 25-16 25 \
    0l4 40h50c14 0 16 20 2 22v20H54c-11 0-15-8-14-18zM306 176c-28 4-34-16-32-26c18-2 32 8 32 26zM306 160c24 2 32-16 \
    28-30c-18 2-30 12-28 30zM306 142c-14-8-14-26-4-36c12 8 14 24 4 36z'/><path class='brass' d='M438 138c0-16-25-16-25 \
    0l-4 40h-50c-14 0-16 20-2 22v20h69c11 0 15-8 14-18z'/><path class='pot' d='M288 196h36l-5 32h-26z'/><path class='line' \
    d='M173 21v38M54 182v7M112 182v7M426 222v7M368 222v7M306 196v-58'/><path class='line thread' d='M230 \
    115h2c18 0-2 40 18 40'/></svg>";

/// The name as a drawing, read aloud as a word.
#[component]
pub(super) fn Wordmark() -> impl IntoView {
    view! { <span class="wordmark" role="img" aria-label="Parlour" inner_html=NAME /> }
}
