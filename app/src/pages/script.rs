//! A script that stands in a page itself.
//!
//! Separate, because the page carries it to everyone who comes: what is there for its readers only, stays here.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// A script, by its source, followed by whatever is done with it.
#[component]
pub(super) fn Script(source: &'static str, #[prop(default = String::new())] then: String) -> impl IntoView {
    view! { <script nonce=use_nonce() inner_html=[bare(source), then].concat() /> }
}

/// Leaves out indentation, and lines that are comments.
fn bare(source: &str) -> String {
    source.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn comments_stay_here() {
        assert_eq!(bare("one(() => {\n  // Why.\n  two('//');\n})\n"), "one(() => {\ntwo('//');\n})");
    }
}
