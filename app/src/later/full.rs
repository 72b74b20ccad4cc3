//! A tile that fills the screen (Fullscreen §4): a button for it in each tile.
//!
//! Separate from the tile, because nobody needs it in the first minute. So the tiles know nothing of it: whenever there is a
//! new one, the button is put among its tools.

use super::mine::Standing;
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::call::{Engine, Source};
use crate::room::bar::Switch;
use crate::room::icons;
use crate::room::lean::effect;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use std::rc::Rc;
use web_sys::{Document, Element, HtmlVideoElement};

/// What tells whether the screen is filled, and that it could not be.
type Listeners = [Listener; 2];

/// Begins to give each tile its button, where the browser lets a tile fill the screen.
pub(super) fn begin(engine: &Rc<Engine>) {
    let Some(document) = page::window().document().filter(Document::fullscreen_enabled) else { return };
    let (owner, state, engine) = (engine.owner.clone(), engine.state, Rc::downgrade(engine));
    let mut buttons: Vec<(HtmlVideoElement, Standing, Listeners)> = Vec::new();
    owner.clone().with(|| {
        effect(move || {
            state.attached.track();
            let screens = engine.upgrade().map(|engine| engine.screens.borrow().clone()).unwrap_or_default();
            buttons.retain(|(video, ..)| screens.iter().any(|screen| screen.video == *video));
            for screen in screens {
                let known = buttons.iter().any(|(video, ..)| *video == screen.video);
                let tools = screen.participant.filter(|_| !known).and_then(|id| tools(&document, id, screen.source));
                if let (Some(tools), Some(tile)) = (tools, screen.video.parent_element()) {
                    // Not this effect's: it would go when the next tile comes.
                    let (button, heard) = owner.with(|| fill(&document, &tools, tile));
                    buttons.push((screen.video, button, heard));
                }
            }
        });
    });
}

fn tools(document: &Document, id: ParticipantId, source: Source) -> Option<Element> {
    let kind = if source == Source::Camera { "camera" } else { "screen" };
    let tools = ["[data-participant=\"", &id.0.to_string(), "\"][data-kind=", kind, "] .tools"].concat();
    document.query_selector(&tools).ok()?
}

/// Puts the button among a tile's tools.
fn fill(document: &Document, tools: &Element, tile: Element) -> (Standing, Listeners) {
    let on = RwSignal::new(false);
    let heard = ["fullscreenchange", "fullscreenerror"].map(|event| {
        let (page, tile) = (document.clone(), tile.clone());
        Listener::new(document, event, move |_| {
            on.try_set(page.fullscreen_element().as_ref() == Some(&tile));
        })
    });
    let act = Box::new(move || {
        if on.get_untracked() {
            page::fill_screen();
        } else {
            // Whether it does, an event tells.
            let _ = tile.request_fullscreen();
        }
    });
    (Standing::build(tools, || view! { <Fill on act /> }), heard)
}

#[component]
fn Fill(on: RwSignal<bool>, act: Box<dyn Fn()>) -> impl IntoView {
    let never = Signal::derive(|| false);
    view! { <Switch on=on.into() missing=never testid="full-tile" label="floating.full" icon=icons::FULL act /> }
}
