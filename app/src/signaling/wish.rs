//! What is asked for when a room is made: a form's fields, or JSON.
//!
//! Separate from [making](super::create) it, because it is about texts. Read strictly: whoever asks for a rule and misspells it
//! must not get a room without one.

use super::create::{CreateRoom, CreateRoomError};
use http::Method;
use serde::{Deserialize, Serialize};
use server_fn::codec::{Encoding, FromReq, IntoReq};
use server_fn::request::{ClientReq, Req};
use server_fn::{ContentType, error::FromServerFnError as _, error::ServerFnErrorErr};

/// What a room is to be like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wish {
    /// Whether nobody in it may show a network address to the others.
    pub relay_only: bool,
}

impl Wish {
    /// Reads a form's fields or a JSON object; nothing is no wish in particular.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with('{') {
            return serde_json::from_str(text).ok();
        }
        let fields = text.split('&').filter(|field| !field.is_empty());
        fields.into_iter().try_fold(Self::default(), |_, field| match field {
            "relay_only=true" => Some(Self { relay_only: true }),
            "relay_only=false" => Some(Self { relay_only: false }),
            _ => None,
        })
    }
}

/// How a wish is sent.
#[derive(Debug)]
pub struct FormOrJson;

impl ContentType for FormOrJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl Encoding for FormOrJson {
    const METHOD: Method = Method::POST;
}

impl<Request: ClientReq<CreateRoomError>> IntoReq<FormOrJson, Request, CreateRoomError> for CreateRoom {
    fn into_req(self, path: &str, accepts: &str) -> Result<Request, CreateRoomError> {
        let unwritable = |error: serde_json::Error| ServerFnErrorErr::Serialization(error.to_string());
        let text = serde_json::to_string(&self.wish.unwrap_or_default());
        let text = text.map_err(|error| CreateRoomError::from_server_fn_error(unwritable(error)))?;
        Request::try_new_post(path, accepts, FormOrJson::CONTENT_TYPE, text)
    }
}

impl<Request: Req<CreateRoomError> + Send + 'static> FromReq<FormOrJson, Request, CreateRoomError> for CreateRoom {
    async fn from_req(request: Request) -> Result<Self, CreateRoomError> {
        let body = request.try_into_bytes().await?;
        Ok(Self { wish: str::from_utf8(&body).ok().and_then(Wish::read) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_json_say_the_same() {
        for (text, relay_only) in [
            ("", false),
            ("relay_only=true", true),
            ("relay_only=false", false),
            ("{}", false),
            (r#" {"relay_only":true} "#, true),
            (r#"{"relay_only":false}"#, false),
        ] {
            assert_eq!(Wish::read(text), Some(Wish { relay_only }), "{text}");
        }
    }

    #[test]
    fn a_rule_that_is_misspelt_is_no_room_without_it() {
        for text in
            ["relay_only", "relay_only=maybe", "relayonly=true", "relay_only=true&more=1", "{", r#"{"relay":true}"#]
        {
            assert_eq!(Wish::read(text), None, "{text}");
        }
    }
}
