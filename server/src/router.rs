//! Which path is answered by what, and what every answer passes through.
//!
//! Separate from the sockets under it, so that this file is the map of the site.

use super::config::Config;
use super::gate::{Gate, gate};
use super::language::choose_language;
use super::metrics::{METRICS_PATH, metrics};
use super::no_room::no_room;
use super::relay::TurnServer;
use super::same_origin::same_origin;
use super::security_headers::{SecurityHeaders, security_headers};
use super::trace::RequestSpan;
use app::pages::{App, LANGUAGE_PATH, WORDS_PATH, for_later, shell};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use core::convert::Infallible;
use core::time::Duration;
use futures::FutureExt as _;
use http::header::{ACCEPT_RANGES, CACHE_CONTROL, LAST_MODIFIED, VARY};
use http::{HeaderValue, StatusCode};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_app_async_with_context};
use signaling::limits;
use signaling::rooms::Rooms;
use std::env;
use tower::{Layer as _, service_fn};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnRequest, TraceLayer};

/// Where a program asks whether the server answers.
pub(crate) const HEALTH_PATH: &str = "/health";
/// A request that is not answered by then is given up; a socket is answered at once, and lives on.
const ANSWER_DEADLINE: Duration = Duration::from_secs(30);
/// What has a hash in its name never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What has none may.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// How hard a page is compressed as it is made: for 2 ms of work it comes a fifth smaller than at the level that is usual.
const PAGES: CompressionLevel = CompressionLevel::Precise(5);
/// Where `cargo leptos watch` tells pages to reload.
const RELOADER: [&str; 2] = ["ws://127.0.0.1:3001", "ws://localhost:3001"];

/// Puts the whole site together.
pub(crate) fn router(config: &Config, rooms: &Rooms, turn: &TurnServer, counters: Gate) -> Router {
    let options = config.site.options();
    let connect: &[&str] = if env::var_os("LEPTOS_WATCH").is_some() { &RELOADER } else { &[] };
    let headers = SecurityHeaders::new(config.public_url.as_ref(), connect, config.has_trusted_tls());
    let context = context(config, rooms, &headers);
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let files = ServeDir::new(config.site.folder())
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let render = render_app_async_with_context(context.clone(), page.clone());
    let explain = render.clone();
    let missing = service_fn(move |request: Request| render(request).map(Ok::<_, Infallible>));
    Router::new()
        .route(HEALTH_PATH, get(async || "ok"))
        .route(METRICS_PATH, get(metrics).with_state((rooms.clone(), turn.clone())))
        .route(LANGUAGE_PATH, post(choose_language).with_state(config.public_url.clone()))
        .route(&format!("{WORDS_PATH}{{language}}/{{version}}"), get(words_for_later))
        .leptos_routes_with_context(&options, generate_route_list(App), context.clone(), page.clone())
        .fallback_service(from_fn(keep_files).layer(files.fallback(missing)))
        .with_state::<()>(options)
        .layer(DefaultBodyLimit::max(limits::FRAME_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_DEADLINE))
        .layer(from_fn_with_state(counters, gate))
        .layer(from_fn(move |request: Request, next: Next| no_room(explain.clone(), request, next)))
        .layer(from_fn_with_state(config.public_url.clone(), same_origin))
        .layer(CompressionLayer::new().quality(PAGES))
        .layer(from_fn_with_state(headers, security_headers))
        .layer(TraceLayer::new_for_http().make_span_with(RequestSpan).on_request(DefaultOnRequest::new()))
}

/// Sends the words of what the page loads later. Their address changes with them.
async fn words_for_later(Path((language, _)): Path<(String, String)>) -> Response {
    match for_later(&language) {
        Some(words) => ([(CACHE_CONTROL, FOR_EVER)], words).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Tells browsers for how long a file may be kept.
async fn keep_files(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CACHE_CONTROL, if hashed { FOR_EVER } else { AN_HOUR });
        if hashed {
            // What never changes is never asked for again, whole or in parts.
            response.headers_mut().remove(LAST_MODIFIED);
            response.headers_mut().remove(ACCEPT_RANGES);
        }
        // A cache on the way must not give the compressed form to whoever did not ask for it.
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

/// What pages and server functions find in their context.
fn context(
    config: &Config,
    rooms: &Rooms,
    headers: &SecurityHeaders,
) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    let (rooms, headers) = (rooms.clone(), headers.clone());
    let (auto_join, socket, session) = (config.auto_join(), config.socket, config.session);
    move || {
        headers.page();
        provide_context(rooms.clone());
        provide_context(auto_join);
        provide_context(socket);
        provide_context(session);
    }
}
