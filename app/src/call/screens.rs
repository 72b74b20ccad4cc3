//! The elements that show people: what each shows, whether the browser lets it play, and its shape.
//!
//! Separate from [`mesh`](super::mesh), because an element comes from the page, and a stream from a connection, and either
//! may be first.

use super::engine::Engine;
use super::mesh::set_if_new;
use super::state::Shown;
use crate::browser::error::BrowserError;
use crate::browser::listener::Listener;
use crate::browser::slot::Source;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlVideoElement, MediaStream};

/// An element that shows something of somebody: of oneself before the call, when there is no participant.
#[derive(Clone)]
pub(crate) struct Screen {
    pub(crate) participant: Option<ParticipantId>,
    pub(crate) source: Source,
    pub(crate) video: HtmlVideoElement,
    _shape: Rc<Listener>,
}

impl Screen {
    fn new(participant: Option<ParticipantId>, source: Source, video: HtmlVideoElement) -> Self {
        let shaped = video.clone();
        // A picture that is taller than wide would lose two thirds in a tile that is wider than tall.
        let _shape = Rc::new(Listener::new(&video, "resize", move |_| {
            shaped.set_class_name(if shaped.video_height() > shaped.video_width() { "tall" } else { "" });
        }));
        Self { participant, source, video, _shape }
    }
}

impl Engine {
    /// Shows something of a participant (or, before the call, of oneself) in this element.
    pub(super) fn attach(self: &Rc<Self>, participant: Option<ParticipantId>, source: Source, video: HtmlVideoElement) {
        let own = participant.is_none() || participant == self.state.own.get_untracked();
        let screen = Screen::new(participant, source, video);
        if own {
            self.show_on(&screen, self.media.borrow().preview(source));
        } else if let Some(peer) =
            participant.and_then(|id| self.peers.borrow().get(id).map(|peer| Clone::clone(peer.stream(source))))
        {
            self.show_on(&screen, &peer);
        }
        // Of the same there is one; and in the call, the mirror of the green room is gone.
        self.screens
            .borrow_mut()
            .retain(|known| known.participant.is_some() && (known.participant, known.source) != (participant, source));
        self.screens.borrow_mut().push(screen);
        self.state.attached.update(|attached| *attached = attached.wrapping_add(1));
    }

    /// Puts the tile around an element where it belongs; without a size, nowhere.
    pub(super) fn place(&self, shown: Shown, at: (u32, u32), size: (u32, u32), is_large: bool) {
        for screen in self.screens_of(shown.0).filter(|screen| screen.source == shown.1) {
            let Some(tile) = screen.video.parent_element() else { continue };
            let style = tile.unchecked_ref::<HtmlElement>().style();
            for (name, value) in [("--start", at.0), ("--top", at.1), ("--width", size.0), ("--height", size.1)] {
                // Setting a property through the object model fails only for a read-only style, which an element's is not.
                let _ = style.set_property(name, &value.to_string());
            }
            // And this for a name that is none.
            for (mark, on) in [("data-large", is_large), ("data-away", size == (0, 0))] {
                let _ = tile.toggle_attribute_with_force(mark, on);
            }
        }
    }

    /// Forgets the elements of a participant, or the one that shows their `source`, for they are gone.
    pub(super) fn detach(&self, id: ParticipantId, source: Option<Source>) {
        for screen in self.screens_of(id).filter(|screen| source.is_none_or(|source| source == screen.source)) {
            self.hold(&screen.video, false);
            self.screens.borrow_mut().retain(|known| known.video != screen.video);
        }
    }

    /// Returns the elements that show a participant.
    pub(crate) fn screens_of(&self, id: ParticipantId) -> impl Iterator<Item = Screen> + use<> {
        let screens = self.screens.borrow().clone();
        screens.into_iter().filter(move |screen| screen.participant == Some(id))
    }

    /// Shows a stream.
    pub(super) fn show_on(self: &Rc<Self>, screen: &Screen, stream: &MediaStream) {
        screen.video.set_src_object(Some(stream));
        self.play(&screen.video);
    }

    /// Plays what is shown. Browsers may hold sound back until a click; then that is said.
    pub(crate) fn play(self: &Rc<Self>, video: &HtmlVideoElement) {
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
