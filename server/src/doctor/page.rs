//! What a visitor's browser is given: the page, and the way to it from a name typed without `https://`.
//!
//! Separate from the call, because a page that comes well says nothing yet about one.

use super::http::{Answer, ask};
use super::report::Check;
use super::target::{Line, Target, connect};
use axum::body::Body;
use http::header::{HOST, LOCATION};
use http::{Request, StatusCode};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

/// What the home page of every Parlour has, in every language.
const BUTTON: &str = "data-testid=\"new-room\"";
/// The headers that a proxy on the way might have taken out.
const HEADERS: [&str; 3] = ["content-security-policy", "permissions-policy", "x-content-type-options"];

/// Fetches the home page.
pub(crate) async fn page(line: &Line) -> Check {
    const NAME: &str = "Page";
    let began = Instant::now();
    let answer = match get(line).await {
        Ok(answer) => answer,
        Err(error) => {
            let fix = if line.target.is_secure {
                "See whether the server speaks TLS on this port: --domain, --tls-cert or a proxy in front of it."
            } else {
                "See in the server's log what it says of this request; a server that speaks TLS is asked by https://."
            };
            return Check::failed(NAME, format!("does not come: {error}"), fix);
        }
    };
    let took = began.elapsed().as_millis();
    if answer.status.is_redirection() {
        let words = format!("sends visitors on to {}", answer.header("location"));
        return Check::failed(NAME, words, "Examine that address instead.");
    }
    if answer.status != StatusCode::OK || !answer.body.contains(BUTTON) {
        let words = format!("is not a Parlour's: status {}", answer.status);
        let fix = "Another program answers here, or a proxy does not reach Parlour: look at its log, and at --listen.";
        return Check::failed(NAME, words, fix);
    }
    let missing: Vec<_> = HEADERS.into_iter().filter(|name| answer.header(name).is_empty()).collect();
    if !missing.is_empty() {
        let words = format!("comes without {}", missing.join(", "));
        return Check::failed(
            NAME,
            words,
            "A proxy in front takes these headers out: let it pass them on as they are.",
        );
    }
    Check::passed(NAME, format!("comes whole, with its security headers ({took} ms)"))
}

async fn get(line: &Line) -> io::Result<Answer> {
    ask(line.open().await?, request(&line.target)?).await
}

fn request(target: &Target) -> io::Result<Request<Body>> {
    let request = Request::get("/").header(HOST, target.authority()).header("user-agent", "parlour-doctor");
    request.body(Body::empty()).map_err(io::Error::other)
}

/// Looks whether plain http leads to https: on port 80, or on the same port where the server has another.
pub(crate) async fn redirect(line: &Line) -> Check {
    const NAME: &str = "Plain http";
    let port = if line.target.port == 443 { 80 } else { line.target.port };
    let plain = Target { is_secure: false, port, ..line.target.clone() };
    let asked = async {
        let stream = connect(SocketAddr::new(line.address.ip(), port)).await?;
        ask(Box::new(stream), request(&plain)?).await
    };
    let fix = "Let plain http be answered by a redirect (Parlour does with --domain; behind a proxy it is the proxy's \
               task): whoever types the name alone may come that way.";
    match asked.await {
        Ok(answer) if answer.status.is_redirection() => {
            let to = answer.headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
            if to.starts_with(&line.target.to_string()) {
                Check::passed(NAME, format!("{plain} leads to {}", line.target))
            } else {
                Check::failed(NAME, format!("{plain} leads to {to:?}"), fix)
            }
        }
        Ok(answer) if answer.status == StatusCode::OK => {
            let words = format!("{plain} shows the page itself, where browsers give no camera");
            Check::failed(NAME, words, fix)
        }
        Ok(answer) => Check::skipped(NAME, format!("{plain} is answered by {}", answer.status)).with_fix(fix),
        Err(error) => Check::skipped(NAME, format!("{plain} is not answered: {error}")).with_fix(fix),
    }
}
