//! A tile that fills the screen (Fullscreen §4): a button for it in each tile.
//!
//! Separate from the tile, because nobody needs it in the first minute. So the tiles know nothing of it: whenever there is a
//! new one, the button is put among its tools.

use super::mine::Standing;
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::call::{Engine, Shown, Source};
use crate::room::bar::Switch;
use crate::room::icons;
use crate::room::lean::effect;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use std::rc::Rc;
use web_sys::{Document, Element, HtmlVideoElement};

/// Begins to give each tile its button, where the browser lets a tile fill the screen.
pub(super) fn begin(engine: &Rc<Engine>) {
    let Some(document) = page::window().document().filter(Document::fullscreen_enabled) else { return };
    let (owner, state, engine) = (engine.owner.clone(), engine.state, Rc::downgrade(engine));
    owner.clone().with(|| {
        let full = RwSignal::new(None::<Shown>);
        let looked_at = document.clone();
        let tell = ["fullscreenchange", "fullscreenerror"].map(|event| {
            let document = document.clone();
            Listener::new(&looked_at, event, move |_| {
                if document.fullscreen_element().is_none() {
                    full.try_set(None);
                }
            })
        });
        let mut buttons: Vec<(HtmlVideoElement, Standing)> = Vec::new();
        effect(move || {
            let _ = &tell;
            state.attached.track();
            let screens = engine.upgrade().map(|engine| engine.screens.borrow().clone()).unwrap_or_default();
            buttons.retain(|(video, _)| screens.iter().any(|screen| screen.video == *video));
            for screen in screens {
                let shown = screen.participant.map(|id| (id, screen.source));
                let known = buttons.iter().any(|(video, _)| *video == screen.video);
                let tools = shown.filter(|_| !known).and_then(|(id, source)| tools(&document, id, source));
                if let (Some(shown), Some(tools), Some(tile)) = (shown, tools, screen.video.parent_element()) {
                    // Not this effect's: it would go when the next tile comes.
                    let button = owner.with(|| Standing::build(&tools, || view! { <Fill shown tile full /> }));
                    buttons.push((screen.video, button));
                }
            }
        });
    });
}

fn tools(document: &Document, id: ParticipantId, source: Source) -> Option<Element> {
    let kind = if source == Source::Camera { "camera" } else { "screen" };
    let tile = ["[data-participant=\"", &id.0.to_string(), "\"][data-kind=", kind, "] .tools"].concat();
    document.query_selector(&tile).ok()?
}

#[component]
fn Fill(shown: Shown, tile: Element, full: RwSignal<Option<Shown>>) -> impl IntoView {
    let on = Signal::derive(move || full.get() == Some(shown));
    let never = Signal::derive(|| false);
    let fill = Box::new(move || {
        if full.get_untracked() == Some(shown) {
            page::fill_screen();
        } else {
            full.set(Some(shown));
            // Whether it does, an event tells.
            let _ = tile.request_fullscreen();
        }
    });
    view! { <Switch on missing=never testid="full-tile" label="floating.full" icon=icons::FULL act=fill /> }
}
