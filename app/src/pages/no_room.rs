//! What is said to a browser whose form could not make a room.
//!
//! Separate, because it has no address of its own: it is the answer to the form.

use super::missing::RefusalPage;
use crate::room::Reason;
use leptos::prelude::*;

/// Why no room was made; an extension of a request, which is then answered by this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoom {
    /// Too many came from one address.
    TooFast,
    /// The server has as many as it may.
    TooMany,
}

/// Says why.
#[component]
pub(super) fn NoRoomPage(reason: NoRoom) -> impl IntoView {
    let reason = match reason {
        NoRoom::TooFast => Reason::ROOMS_TOO_FAST,
        NoRoom::TooMany => Reason::TOO_MANY_ROOMS,
    };
    view! { <RefusalPage reason /> }
}
