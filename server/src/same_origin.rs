//! Refuses what another site's page asks for in a visitor's name.
//!
//! Separate, because it is one rule, for every WebSocket and every request that changes something.

use super::connections::Secure;
use app::pages::is_loopback;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use core::fmt;
use core::str::FromStr;
use http::header::{HOST, HeaderName, ORIGIN, UPGRADE};
use http::{HeaderMap, Method, StatusCode, Uri};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where visitors reach the server, as `https://example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Origin);

impl PublicUrl {
    /// Returns the address of a domain, by TLS on the usual port.
    pub(crate) fn of_domain(domain: &str) -> Option<Self> {
        format!("https://{domain}").parse().ok()
    }

    /// Returns the host; an IPv6 address in brackets.
    pub(crate) fn host(&self) -> &str {
        &self.0.host
    }

    /// Returns whether visitors come by TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.0.scheme == "https"
    }

    /// Returns whether no other machine can reach it.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.0.host)
    }

    /// Returns its host, a bare address or a name, and its port.
    pub(crate) fn host_and_port(&self) -> (&str, u16) {
        (self.0.host.trim_matches(['[', ']']), self.0.port)
    }

    /// Returns the origin of its WebSockets.
    pub(crate) fn web_socket(&self) -> String {
        let scheme = if self.is_secure() { "wss" } else { "ws" };
        format!("{scheme}://{}:{}", self.0.host, self.0.port)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let origin = Origin::parse(text.strip_suffix('/').unwrap_or(text));
        origin.map(Self).ok_or_else(|| "not an address like https://example.org, without a path".into())
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme, self.0.host)?;
        if self.0.port == self.0.port_of_scheme() { Ok(()) } else { write!(f, ":{}", self.0.port) }
    }
}

/// A scheme, a host in lower case and a port: what makes two pages of one site (RFC 6454).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    scheme: &'static str,
    host: String,
    port: u16,
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, port, rest) = match text.split_once("://")? {
            ("http", rest) => ("http", 80, rest),
            ("https", rest) => ("https", 443, rest),
            _ => return None,
        };
        let (host, port) = authority(rest, port)?;
        Some(Self { scheme, host, port })
    }
}

/// Reads a host in lower case and its port, and nothing beside them.
pub(crate) fn authority(text: &str, default_port: u16) -> Option<(String, u16)> {
    let uri = text.parse::<Uri>().ok()?;
    let authority = uri.authority().filter(|authority| authority.as_str() == text && !text.contains('@'))?;
    let port = match text.strip_prefix(authority.host())? {
        "" => default_port,
        port => port.strip_prefix(':')?.parse().ok()?,
    };
    Some((authority.host().to_ascii_lowercase(), port))
}

/// Passes requests of our own pages, and of programs that are no browser; answers others with 403.
pub(crate) async fn same_origin(State(public_url): State<Option<PublicUrl>>, request: Request, next: Next) -> Response {
    let is_secure = request.extensions().get::<Secure>().is_some();
    if is_guarded(&request) && !is_ours(request.headers(), public_url.as_ref(), is_secure) {
        return (StatusCode::FORBIDDEN, "This request comes from the page of another site.\n").into_response();
    }
    next.run(request).await
}

fn is_guarded(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !reads || request.headers().contains_key(UPGRADE)
}

/// Decides by what browsers, and only they, say about the page behind a request; nothing said passes.
fn is_ours(headers: &HeaderMap, public_url: Option<&PublicUrl>, is_secure: bool) -> bool {
    let site_is_ours = headers.get_all(SEC_FETCH_SITE).iter().all(|site| site == "same-origin" || site == "none");
    let mut origins = headers.get_all(ORIGIN).iter();
    let origin_is_ours = match (origins.next(), origins.next()) {
        (None, _) => true,
        (Some(origin), None) => origin.to_str().ok().and_then(Origin::parse).is_some_and(|origin| match public_url {
            Some(PublicUrl(ours)) => origin == *ours,
            // Whoever sits on the way could have forged a page that came in the clear.
            None => is_own_host(&origin, headers) && (!is_secure || origin.scheme == "https"),
        }),
        (Some(_), Some(_)) => false,
    };
    site_is_ours && origin_is_ours
}

/// Compares with the host that the request was sent to. Where the request came in the clear the scheme is not known: a proxy may
/// have ended TLS.
fn is_own_host(origin: &Origin, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let own = host.and_then(|host| authority(host, origin.port_of_scheme()));
    own.is_some_and(|(host, port)| host == origin.host && port == origin.port)
}

impl Origin {
    fn port_of_scheme(&self) -> u16 {
        if self.scheme == "https" { 443 } else { 80 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn passes(public_url: Option<&str>, headers: &[(&'static str, &str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
        is_ours(&headers.collect(), public_url.map(|url| url.parse().unwrap()).as_ref(), false)
    }

    #[test]
    fn without_a_public_url_the_request_s_own_host_is_ours() {
        for (host, origin) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("example.org", "https://example.org"),
            ("example.org", "http://example.org"),
            ("example.org:443", "https://example.org"),
            ("Example.ORG", "https://example.org"),
            ("[::1]:3000", "http://[::1]:3000"),
        ] {
            assert!(passes(None, &[("host", host), ("origin", origin)]), "{host} {origin}");
        }
    }

    #[test]
    fn other_origins_are_foreign() {
        for (host, origin) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3001"),
            ("127.0.0.1:3000", "http://localhost:3000"),
            ("example.org", "https://evil.example"),
            ("example.org", "https://example.org.evil.example"),
            ("example.org", "https://example.org:8443"),
            ("example.org", "https://example.org@evil.example"),
            ("example.org", "https://example.org/"),
            ("example.org", "null"),
            ("example.org", ""),
            ("example.org", "example.org"),
            ("example.org:80", "https://example.org"),
        ] {
            assert!(!passes(None, &[("host", host), ("origin", origin)]), "{host} {origin}");
        }
    }

    #[test]
    fn a_page_that_came_in_the_clear_is_foreign_where_the_server_speaks_tls() {
        for (origin, expected) in [("https://example.org", true), ("http://example.org", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static("example.org"));
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
            assert_eq!(is_ours(&headers, None, true), expected, "{origin}");
        }
    }

    #[test]
    fn a_public_url_is_the_only_one() {
        let ours = Some("https://example.org");
        assert!(passes(ours, &[("host", "10.0.0.1:3000"), ("origin", "https://example.org")]));
        assert!(passes(ours, &[("host", "10.0.0.1:3000"), ("origin", "https://example.org:443")]));
        assert!(!passes(ours, &[("host", "10.0.0.1:3000"), ("origin", "http://10.0.0.1:3000")]));
        assert!(!passes(ours, &[("host", "example.org"), ("origin", "http://example.org")]));
    }

    #[test]
    fn a_browser_s_word_about_the_site_counts() {
        for (site, expected) in [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)] {
            assert_eq!(passes(None, &[("host", "a.example"), ("sec-fetch-site", site)]), expected, "{site}");
        }
        let both = [("host", "a.example"), ("origin", "https://a.example"), ("sec-fetch-site", "cross-site")];
        assert!(!passes(None, &both));
    }

    #[test]
    fn programs_that_are_no_browser_pass() {
        assert!(passes(None, &[("host", "example.org")]));
        assert!(passes(Some("https://example.org"), &[("host", "10.0.0.1")]));
    }

    #[test]
    fn a_second_origin_is_foreign() {
        let twice = [("host", "a.example"), ("origin", "https://a.example"), ("origin", "https://a.example")];
        assert!(passes(None, &twice[..2]));
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("a.example"));
        headers.append(ORIGIN, HeaderValue::from_static("https://a.example"));
        headers.append(ORIGIN, HeaderValue::from_static("https://a.example"));
        assert!(!is_ours(&headers, None, false));
    }

    #[test]
    fn a_public_url_has_no_path() {
        assert!("https://example.org/".parse::<PublicUrl>().is_ok());
        for wrong in ["example.org", "ftp://example.org", "https://example.org/parlour", "https://", "https://a b"] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }
}
