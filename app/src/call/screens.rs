//! The elements that show people: what each shows, whether the browser lets it play, and its shape.
//!
//! Separate from [`mesh`](super::mesh), because an element comes from the page, and a stream from a connection, and either
//! may be first.

use super::engine::Engine;
use super::mesh::set_if_new;
use crate::browser::error::BrowserError;
use crate::browser::listener::Listener;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use std::rc::Rc;
use web_sys::{HtmlVideoElement, MediaStream};

/// An element that shows somebody.
pub(super) struct Screen {
    pub(super) video: HtmlVideoElement,
    _shape: Listener,
}

impl Screen {
    fn new(video: HtmlVideoElement) -> Self {
        let shaped = video.clone();
        // A picture that is taller than wide would lose two thirds in a tile that is wider than tall.
        let _shape = Listener::new(&video, "resize", move |_| {
            shaped.set_class_name(if shaped.video_height() > shaped.video_width() { "tall" } else { "" });
        });
        Self { video, _shape }
    }
}

impl Engine {
    /// Shows a participant (or, before the call, oneself) in this element.
    pub(super) fn attach(self: &Rc<Self>, participant: Option<ParticipantId>, video: HtmlVideoElement) {
        let own = participant.is_none() || participant == self.state.own.get_untracked();
        let screen = Screen::new(video);
        if own {
            self.show_on(&screen, self.media.borrow().preview());
        } else if let Some(peer) =
            participant.and_then(|id| self.peers.borrow().get(id).map(|peer| Clone::clone(peer.media())))
        {
            self.show_on(&screen, &peer);
        }
        if participant.is_some() {
            // The mirror of the green room is gone.
            self.screens.borrow_mut().remove(None);
        }
        self.screens.borrow_mut().insert(participant, screen);
    }

    /// Forgets the element of a participant who is gone.
    pub(super) fn detach(&self, id: ParticipantId) {
        if let Some(screen) = self.screens.borrow_mut().remove(Some(id)) {
            self.hold(&screen.video, false);
        }
    }

    /// Shows a stream.
    pub(super) fn show_on(self: &Rc<Self>, screen: &Screen, stream: &MediaStream) {
        screen.video.set_src_object(Some(stream));
        self.play(&screen.video);
    }

    /// Plays what is shown. Browsers may hold sound back until a click; then that is said.
    fn play(self: &Rc<Self>, video: &HtmlVideoElement) {
        let Ok(promise) = video.play() else { return };
        let (engine, video) = (Rc::downgrade(self), video.clone());
        leptos::task::spawn_local(async move {
            let played = wasm_bindgen_futures::JsFuture::from(promise).await;
            let held = played.is_err_and(|error| BrowserError::from(error).name() == "NotAllowedError");
            if let Some(engine) = engine.upgrade() {
                engine.hold(&video, held);
            }
        });
    }

    fn hold(&self, video: &HtmlVideoElement, held: bool) {
        let mut silent = self.silent.borrow_mut();
        silent.retain(|known| known != video);
        if held {
            silent.push(video.clone());
        }
        set_if_new(self.state.sound_held, !silent.is_empty());
    }

    /// The page was clicked, which lets it play, and hear its own microphone, from now on.
    pub(super) fn clicked(self: &Rc<Self>) {
        for video in self.silent.borrow().iter() {
            self.play(video);
        }
        if let Some(meter) = self.meter.borrow().as_ref() {
            meter.wake();
        }
    }
}
