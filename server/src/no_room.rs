//! Answers a browser in words when its form made no room.
//!
//! Separate, because programs get the same answers as a status and a line, from the gate and from the rooms alike.

use app::pages::NoRoom;
use app::signaling::ROOMS_PATH;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use core::future::Future;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};

/// Passes a request; a refusal that a person will see is put into a page, under the same status.
pub(crate) async fn no_room<Rendering: Future<Output = Response>>(
    render: impl Fn(Request) -> Rendering,
    request: Request,
    next: Next,
) -> Response {
    let of_a_form = *request.method() == Method::POST && request.uri().path() == ROOMS_PATH;
    if !of_a_form || !shows_pages(request.headers()) {
        return next.run(request).await;
    }
    let mut page = Request::default();
    // What decides about its language.
    for name in [ACCEPT_LANGUAGE, COOKIE] {
        page.headers_mut().extend(request.headers().get_all(&name).iter().map(|value| (name.clone(), value.clone())));
    }
    let answer = next.run(request).await;
    let reason = match answer.status() {
        StatusCode::TOO_MANY_REQUESTS => NoRoom::TooFast,
        StatusCode::SERVICE_UNAVAILABLE => NoRoom::TooMany,
        _ => return answer,
    };
    page.extensions_mut().insert(reason);
    let mut shown = render(page).await;
    *shown.status_mut() = answer.status();
    if let Some(wait) = answer.headers().get(RETRY_AFTER) {
        shown.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    shown
}

fn shows_pages(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
