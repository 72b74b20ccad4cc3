//! Making a room: a plain form's target, and an API.
//!
//! Separate from the conversation, because it is one request and one answer, and works without any script.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use signaling::identity::RoomId;

pub use super::wish::{FormOrJson, Wish};

/// The path that makes rooms.
pub const ROOMS_PATH: &str = "/api/rooms";

/// A room that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRoom {
    /// Its name.
    pub room: RoomId,
    /// The path of its page.
    pub path: String,
}

/// Why no room was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum CreateRoomError {
    /// The server has as many rooms as it may.
    #[error("this server has as many rooms as it may have; try again later")]
    TooManyRooms,
    /// What was asked for is not understood.
    #[error(
        "not a room that this server knows how to make: relay_only is true or false, and there is nothing else to say"
    )]
    Malformed,
    /// The server was not reached, or did not understand.
    #[error("the request did not come through")]
    Transport,
}

impl FromServerFnError for CreateRoomError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Transport
    }
}

/// Makes a room, as it is wished, as a form's fields or as JSON. A browser's form is sent on to the new room's page, whose address ends in `#new`; who asks for JSON gets
/// it.
///
/// # Errors
/// [`CreateRoomError::TooManyRooms`], with status 503; [`CreateRoomError::Malformed`], with status 400.
#[server(input = FormOrJson, prefix = "/api", endpoint = "rooms")]
pub async fn create_room(
    /// What was asked for; `None` where that is not understood.
    wish: Option<Wish>,
) -> Result<NewRoom, CreateRoomError> {
    use http::header::{ACCEPT, HeaderValue, LOCATION};
    use http::{StatusCode, request::Parts};
    use leptos_axum::ResponseOptions;
    use signaling::rooms::{Rooms, Rules};

    let response = expect_context::<ResponseOptions>();
    let rooms = expect_context::<Rooms>();
    let Some(Wish { relay_only }) = wish else {
        response.set_status(StatusCode::BAD_REQUEST);
        return Err(CreateRoomError::Malformed);
    };
    let room = rooms.create(Rules { relay_only }).map_err(|_| {
        response.set_status(StatusCode::SERVICE_UNAVAILABLE);
        CreateRoomError::TooManyRooms
    })?;
    // Nobody is given a link that the end of the process could make worthless.
    let (kept, is_kept) = futures::channel::oneshot::channel();
    rooms.settle(move || {
        let _ = kept.send(());
    });
    let _ = is_kept.await;
    let path = format!("/r/{}", room.as_str());
    let accept = use_context::<Parts>().and_then(|parts| parts.headers.get(ACCEPT)?.to_str().ok().map(str::to_owned));
    if !accept.is_some_and(|accept| accept.contains("application/json")) {
        response.set_status(StatusCode::SEE_OTHER);
        let link = HeaderValue::try_from(format!("{path}#new")).expect("a room's id is URL-safe");
        response.insert_header(LOCATION, link);
    }
    Ok(NewRoom { room, path })
}
