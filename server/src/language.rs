//! Takes note of the language that somebody chose, and sends them back to where they were.
//!
//! Separate, because it is the one door that sets a cookie, and must not send anyone to somebody else's server.

use super::connections::Secure;
use super::same_origin::PublicUrl;
use app::pages::{LANGUAGE_COOKIE, is_language, is_own_path};
use axum::extract::{Extension, Form, State};
use axum::response::{IntoResponse, Response};
use http::header::{LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

/// For how long a choice is remembered: a year, in seconds.
const MAX_AGE: u32 = 31_536_000;

/// The fields of the form.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    language: String,
    /// The path of the page that it was made on.
    to: String,
}

/// Answers the form with the way back. It has no fragment, so browsers keep that of the form's address.
pub(crate) async fn choose_language(
    State(public_url): State<Option<PublicUrl>>,
    secure: Option<Extension<Secure>>,
    headers: HeaderMap,
    Form(Choice { language, to }): Form<Choice>,
) -> Response {
    if !is_language(&language) || !is_own_path(&to) {
        return (StatusCode::BAD_REQUEST, "Not a language of this server, or not a path of its pages.\n")
            .into_response();
    }
    let is_secure = secure.is_some() || public_url.is_some_and(|url| url.is_secure()) || comes_by_tls(&headers);
    (StatusCode::SEE_OTHER, [(LOCATION, to), (SET_COOKIE, cookie(&language, is_secure))]).into_response()
}

/// Returns what the browser says of the page that the form was on. Behind a proxy nobody else knows; and whoever is wrong about
/// it loses nothing but a cookie of their own.
fn comes_by_tls(headers: &HeaderMap) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

fn cookie(language: &str, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{LANGUAGE_COOKIE}={language}; Path=/; Max-Age={MAX_AGE}; SameSite=Lax; HttpOnly{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    async fn answer(public_url: Option<&str>, origin: Option<&'static str>, language: &str, to: &str) -> Response {
        let headers = origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin))).into_iter().collect();
        let choice = Choice { language: language.to_owned(), to: to.to_owned() };
        choose_language(State(public_url.map(|url| url.parse().unwrap())), None, headers, Form(choice)).await
    }

    #[tokio::test]
    async fn a_choice_is_remembered_for_a_year_and_leads_back() {
        let answer = answer(None, None, "ar", "/r/abc").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()[LOCATION], "/r/abc");
        assert_eq!(answer.headers()[SET_COOKIE], "language=ar; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    }

    #[tokio::test]
    async fn what_came_by_tls_stays_with_tls() {
        for (public_url, origin, expected) in [
            (Some("https://example.org"), None, true),
            (Some("http://example.org"), None, false),
            (None, Some("https://example.org"), true),
            (None, Some("http://example.org"), false),
        ] {
            let answer = answer(public_url, origin, "de", "/").await;
            let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
            assert_eq!(cookie.ends_with("; Secure"), expected, "{public_url:?} {origin:?}");
        }
    }

    #[tokio::test]
    async fn nobody_is_sent_elsewhere_and_nothing_else_is_remembered() {
        for (language, to) in [
            ("de", "//evil.example"),
            ("de", "https://evil.example"),
            ("de", "/\\evil.example"),
            ("xx", "/"),
            ("", "/"),
        ] {
            let answer = answer(None, None, language, to).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{language} {to}");
            assert!(answer.headers().get(LOCATION).is_none() && answer.headers().get(SET_COOKIE).is_none());
        }
    }
}
