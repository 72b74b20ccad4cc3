//! What the log says about a request.
//!
//! Separate, because of what it must *not* say: a room's path opens the room.

use http::Request;
use tower_http::trace::MakeSpan;
use tracing::Span;

/// How much of a room's id is shown.
const SHOWN: usize = 4;

/// Names a request by its method and its path, without query, and without what would open a room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestSpan;

impl<B> MakeSpan<B> for RequestSpan {
    fn make_span(&mut self, request: &Request<B>) -> Span {
        tracing::info_span!("request", method = %request.method(), path = redacted(request.uri().path()))
    }
}

fn redacted(path: &str) -> String {
    // Several slashes are one to a router, and to whoever types.
    match path.trim_start_matches('/').strip_prefix("r/") {
        Some(room) => format!("/r/{}…", room.chars().take(SHOWN).collect::<String>()),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn a_room_s_id_is_not_logged() {
        assert_eq!(redacted("/r/3kF9mQzT1xUe0aBcDeFgHi"), "/r/3kF9…");
        assert_eq!(redacted("//r/3kF9mQzT1xUe0aBcDeFgHi"), "/r/3kF9…");
        assert_eq!(redacted("/api/rooms"), "/api/rooms");
    }
}
