//! What browsers are told to deny everyone, ourselves included.
//!
//! Separate, because it is the answer to one question: what could a page of ours do if it were turned against its visitor?

use super::same_origin::PublicUrl;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::sync::Arc;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Files of a page, by the beginning of their kind. What they may do, the page decides; opened by themselves they may do nothing.
const FILES: [&str; 4] = ["text/css", "text/javascript", "application/wasm", "image/"];
/// Their policy: short, because it comes with each of them.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// What a call needs.
const ALLOWED: [&str; 7] =
    ["autoplay", "camera", "display-capture", "fullscreen", "microphone", "picture-in-picture", "screen-wake-lock"];
/// What it does not need, and what would tell something of the visitor.
const DENIED: [&str; 14] = [
    "accelerometer",
    "browsing-topics",
    "clipboard-read",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
];

/// The headers of every answer.
#[derive(Debug, Clone)]
pub(crate) struct SecurityHeaders(Arc<Fixed>);

#[derive(Debug)]
struct Fixed {
    /// Besides our own origin.
    connect: String,
    permissions: HeaderValue,
    /// For answers that are neither pages nor files.
    others: HeaderValue,
    secure: bool,
}

impl SecurityHeaders {
    /// Decides them for a server that is reached there; `connect` are further origins that pages may connect to. Browsers are told
    /// to come by TLS only (RFC 6797) when `has_trusted_tls`.
    pub(crate) fn new(public_url: Option<&PublicUrl>, connect: &[&str], has_trusted_tls: bool) -> Self {
        let ours = public_url.map(PublicUrl::web_socket);
        let connect: String =
            ours.as_deref().into_iter().chain(connect.iter().copied()).map(|o| format!(" {o}")).collect();
        let allowed = ALLOWED.iter().map(|feature| format!("{feature}=(self)"));
        let denied = DENIED.iter().map(|feature| format!("{feature}=()"));
        let permissions = allowed.chain(denied).collect::<Vec<_>>().join(", ");
        Self(Arc::new(Fixed {
            permissions: value(permissions),
            others: value(content_policy("'self'", &connect)),
            connect,
            secure: has_trusted_tls,
        }))
    }

    /// Ties the page that is being rendered to its nonce; called where its context is, and without one it does nothing.
    pub(crate) fn page(&self) {
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
            let policy = content_policy(&format!("'nonce-{nonce}' 'strict-dynamic'"), &self.0.connect);
            response.insert_header(CONTENT_SECURITY_POLICY, value(policy));
        }
    }
}

fn content_policy(scripts: &str, connect: &str) -> String {
    format!(
        "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob: mediastream:; connect-src 'self'{connect}; font-src 'self'; manifest-src 'self'; \
         worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("policies are ASCII")
}

/// Adds the headers to an answer.
pub(crate) async fn security_headers(State(policy): State<SecurityHeaders>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if FILES.iter().any(|file| kind.starts_with(file)) {
        headers.insert(CONTENT_SECURITY_POLICY, NOTHING);
    } else {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| policy.0.others.clone());
        headers.insert(PERMISSIONS_POLICY, policy.0.permissions.clone());
    }
    // What says nothing else is made for this moment and this visitor.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    if policy.0.secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_may_connect_to_the_public_address() {
        let url = "https://example.org".parse().unwrap();
        let headers = SecurityHeaders::new(Some(&url), &[], true);
        let policy = content_policy("'nonce-abc'", &headers.0.connect);
        assert!(policy.contains("connect-src 'self' wss://example.org:443;"), "{policy}");
    }

    #[test]
    fn nothing_inline_is_ever_allowed() {
        let policy = content_policy("'nonce-abc'", "");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}
