//! What goes on beside the call, put together: what people write, and how large each other's pictures are.
//!
//! Separate, because the call hands everything of it over in one place, and none of its parts knows the others.

use super::chat::Talk;
use super::pictures::Pictures;
use crate::call::engine::Engine;
use crate::call::later::{Aside, Beside};
use signaling::identity::ParticipantId;
use std::any::Any;
use std::rc::Rc;
use web_sys::FileList;

/// All of it.
pub(super) struct Everything {
    pub(super) talk: Rc<Talk>,
    pub(super) pictures: Rc<Pictures>,
}

impl Everything {
    /// Begins with whoever is there.
    pub(super) fn begin(engine: &Rc<Engine>) -> Rc<Self> {
        Rc::new(Self { talk: Talk::begin(engine), pictures: Pictures::begin(engine) })
    }
}

impl Beside for Everything {
    fn hear(self: Rc<Self>, Aside { from, lane, payload }: Aside) {
        match (lane, payload) {
            (Some(lane), payload) => self.talk.hear(from, lane, payload),
            (None, Some(word)) => self.pictures.hear(from, &word),
            (None, None) => {}
        }
    }

    fn part(self: Rc<Self>, id: ParticipantId) {
        self.talk.part(id);
        self.pictures.part(id);
    }

    fn offer(self: Rc<Self>, files: &FileList) -> bool {
        self.talk.offer(files)
    }

    fn whole(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
