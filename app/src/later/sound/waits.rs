//! Lets the sound of somebody wait a little longer where it has gaps (W3C WebRTC Extensions, `jitterBufferTarget`).
//!
//! Separate from what is [counted](crate::later::pictures), because [the core](signaling::jitter_buffer) decides it; a browser that
//! cannot do it goes on as it would.

use crate::browser::page;
use crate::browser::slot::Slot;
use crate::later::loose;
use signaling::identity::ParticipantId;
use signaling::jitter_buffer::{Heard, JitterBuffers};
use std::cell::RefCell;
use web_sys::RtcPeerConnection;

/// How long everyone's sound waits.
#[derive(Default)]
pub(in crate::later) struct Waits(RefCell<JitterBuffers>);

impl Waits {
    /// Takes what was heard over a connection by now.
    pub(in crate::later) fn look(&self, id: ParticipantId, connection: &RtcPeerConnection, heard: Heard) {
        if let Some(target) = self.0.borrow_mut().look(id, heard, page::now()) {
            let microphone = connection.get_transceivers().get(Slot::Microphone as u32);
            let milliseconds = (!target.is_zero()).then_some(target.as_millis() as u32);
            loose::set(&loose::get(&microphone, "receiver"), "jitterBufferTarget", milliseconds);
        }
    }

    /// Forgets somebody: their connection is gone, or another one.
    pub(in crate::later) fn forget(&self, id: ParticipantId) {
        self.0.borrow_mut().forget(id);
    }
}
