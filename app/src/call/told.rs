//! What the others are told of oneself: what the devices do, and whether the hand is up.
//!
//! Separate, because devices, screen and keys all end here.

use super::engine::Engine;
use super::memory::Seat;
use leptos::prelude::*;
use signaling::call::Event;
use signaling::protocol::{MediaState, PeerMessage};
use std::rc::{Rc, Weak};

impl Engine {
    /// Tells everyone what the devices do now: by the server, and straight, should the server be away.
    pub(super) fn announce_media(self: &Rc<Self>) {
        let media = self.state.media();
        if let Some(seat) = Seat::recall(&self.room) {
            Seat { media: self.state.wanted(), ..seat }.remember(&self.room);
        }
        self.show_own_media(media);
        for peer in self.peers.borrow().values() {
            peer.tell(&PeerMessage::Media(media));
        }
        self.tell(Event::SetMedia(media));
    }

    /// Raises the hand, or lowers it.
    pub(super) fn toggle_hand(self: &Rc<Self>) {
        self.state.hand.update(|hand| *hand = !*hand);
        self.announce_media();
    }

    /// Returns what the devices do, for a channel that opens later.
    pub(super) fn media_of(engine: &Weak<Self>) -> MediaState {
        engine.upgrade().map(|engine| engine.state.media()).unwrap_or_default()
    }
}
