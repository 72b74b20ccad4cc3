//! What is told others of pictures: how large they are shown here.
//!
//! Separate from what is [shown](super::look), because not all that is shown is wanted, and not every channel takes it.

use super::{Pictures, look};
use crate::browser::page;
use crate::browser::peer_queue::Peer;
use crate::call::Engine;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use signaling::protocol::{PictureMessage, View};
use signaling::sending::Choice;
use web_sys::RtcDataChannelState;

/// So much may wait in a channel, in bytes, before nothing is added: the far end is gone.
const BACKLOG: u32 = 16 * 1024;

impl Pictures {
    /// Tells everyone how large they are shown.
    pub(super) fn tell_views(&self, engine: &Engine) {
        let now = page::now();
        let alone = engine.peers.borrow().values().nth(1).is_none();
        let mut views = look::views(engine);
        for (id, peer) in engine.peers.borrow().iter().filter(|(_, peer)| is_open(peer)) {
            let mut view = views.remove(id).unwrap_or_default();
            view.first |= alone;
            let view = self.limit(engine, id, view);
            if self.viewer.borrow_mut().look(id, view, now) {
                say(peer, &PictureMessage::View(view));
            }
        }
    }

    fn limit(&self, engine: &Engine, id: ParticipantId, view: View) -> View {
        let camera = view.camera.filter(|_| !self.wants_none(engine, id));
        self.choice.get_untracked().limit(View { camera, ..view })
    }

    /// Returns whether one does not want to see somebody's camera.
    pub(super) fn wants_none(&self, engine: &Engine, id: ParticipantId) -> bool {
        match self.choice.get_untracked() {
            Choice::Sound => true,
            Choice::Speakers => engine.state.speaker.get_untracked() != Some(id),
            Choice::All | Choice::Small => false,
        }
    }
}

/// Returns whether a channel takes a word.
pub(super) fn is_open(peer: &Peer) -> bool {
    peer.words().ready_state() == RtcDataChannelState::Open && peer.words().buffered_amount() < BACKLOG
}

/// Says something to somebody.
pub(super) fn say(peer: &Peer, message: &PictureMessage) {
    if let Ok(text) = serde_json::to_string(message) {
        // A channel that takes no more is one whose far end is gone.
        let _ = peer.words().send_with_str(&text);
    }
}
