//! Answers what came in the clear where the server speaks TLS: come again by https.
//!
//! Separate, because it decides where to, and must not send anyone to somebody else's server.

use super::metrics::METRICS_PATH;
use super::router::HEALTH_PATH;
use super::same_origin::{PublicUrl, authority};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, HOST, LOCATION};
use http::{HeaderMap, StatusCode};

/// Passes what programs on the way ask for, and sends all others on.
pub(crate) async fn to_https(State(public_url): State<Option<PublicUrl>>, request: Request, next: Next) -> Response {
    let (path, host) = (request.uri().path(), host(request.headers()));
    if path == HEALTH_PATH || path == METRICS_PATH {
        return next.run(request).await;
    }
    let Some(site) = public_url.as_ref().filter(|url| url.is_secure()).map(ToString::to_string).or(host) else {
        return (StatusCode::BAD_REQUEST, "This server speaks https, and the request names no host.\n").into_response();
    };
    let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
    // Not for ever: the owner may go back.
    let headers = [(LOCATION, format!("{site}{rest}")), (CACHE_CONTROL, "no-cache".to_owned())];
    (StatusCode::PERMANENT_REDIRECT, headers, "This server speaks https.\n").into_response()
}

/// Returns the host that the request was sent to, as the beginning of an address: the port is the same for both, unless it was
/// the usual one.
fn host(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let (host, port) = authority(hosts.next()?.to_str().ok()?, 80)?;
    let is_only = hosts.next().is_none() && !host.is_empty();
    is_only.then(|| if port == 80 { format!("https://{host}") } else { format!("https://{host}:{port}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_host_keeps_its_port_unless_it_is_the_usual_one() {
        for (named, expected) in [
            ("example.org", Some("https://example.org")),
            ("Example.org:80", Some("https://example.org")),
            ("192.168.1.5:3000", Some("https://192.168.1.5:3000")),
            ("[::1]:3000", Some("https://[::1]:3000")),
            ("evil.example/x", None),
            ("a@evil.example", None),
            ("", None),
            ("a b", None),
        ] {
            let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static(named))]);
            assert_eq!(host(&headers).as_deref(), expected, "{named}");
        }
    }
}
