//! Where everything that there is to see stands: all alike, or one large and the others beside it.
//!
//! Separate, because it joins the arithmetic of [`layout`](super::layout) to what is in the call and to the size of a real box.
//! No tile is ever moved in the document: a picture that is taken out and put in again stands still for a moment.

use super::face::Face;
use super::layout::{Large, Place, arrange};
use super::lean::effect;
use super::shared::SharedScreen;
use crate::browser::resize::SizeWatch;
use crate::call::{Call, CallState, Shown, Source, Tile};
use crate::words::words;
use leptos::either::Either;
use leptos::html;
use leptos::prelude::*;

/// Between two tiles, in CSS pixels.
const GAP: u32 = 8;

/// Where each tile stands.
pub(super) type Places = Memo<Vec<(Shown, Place)>>;

/// What is large now.
pub(super) type Focus = Memo<Option<Shown>>;

/// Everyone in the call, and what they share.
#[component]
pub(super) fn Faces(call: Call) -> impl IntoView {
    let state = call.state;
    let place = NodeRef::<html::Div>::new();
    let size = RwSignal::new((0, 0));
    // The watch lives in the effect, and ends with it.
    let mut watch = None;
    effect(move || {
        drop(watch.take());
        let tell = move |width, height| size.set((width, height));
        watch = place.get().and_then(|place| SizeWatch::new(&place, tell));
    });
    let shown = Memo::new(move |_| state.tiles.with(|tiles| everything(tiles)));
    let focus = Memo::new(move |_| shown.with(|shown| focus(state, shown)));
    let places = Memo::new(move |_| {
        let shown = shown.get();
        let index = |sought: Shown| shown.iter().position(|known| *known == sought);
        let large = focus.get().and_then(|(id, source)| {
            let companion = if source == Source::Screen { index((id, Source::Camera)) } else { None };
            Some(Large { index: index((id, source))?, companion, is_face: source == Source::Camera })
        });
        let places = arrange(shown.len(), large, size.get(), GAP);
        shown.into_iter().zip(places).collect()
    });
    let tile = move |(id, source): Shown| {
        let tile = state.tiles.with_untracked(|tiles| tiles.iter().find(|tile| tile.id == id).copied());
        tile.map(|tile| match source {
            Source::Camera => Either::Left(view! { <Face call tile places focus /> }),
            Source::Screen => Either::Right(view! { <SharedScreen call tile places focus /> }),
        })
    };
    view! {
        <div class="place" node_ref=place>
            <ul class="faces" aria-label=words().text("call.people")>
                <For each=move || shown.get() key=|shown| (shown.0, shown.1 as u8) children=tile />
            </ul>
        </div>
    }
}

/// Lists what there is to see, everyone's screen after their face.
fn everything(tiles: &[Tile]) -> Vec<Shown> {
    let mut shown = Vec::new();
    for tile in tiles {
        shown.push((tile.id, Source::Camera));
        if tile.media.with(|media| media.screen) {
            shown.push((tile.id, Source::Screen));
        }
    }
    shown
}

/// What is to be large: what its viewer wants, or else what somebody shares, or else whoever speaks.
fn focus(state: CallState, shown: &[Shown]) -> Option<Shown> {
    let own = state.own.get();
    let others = || shown.iter().copied().filter(|(id, _)| Some(*id) != own);
    let pinned = state.pinned.get().filter(|pinned| shown.contains(pinned));
    let shared = || others().rfind(|(_, source)| *source == Source::Screen);
    let speaks = || {
        let speaker = state.speaker.get().map(|id| (id, Source::Camera)).filter(|speaker| shown.contains(speaker));
        speaker.or_else(|| others().next()).filter(|_| state.speaker_view.get())
    };
    pinned.or_else(shared).or_else(speaks)
}

/// Keeps an element where it belongs.
pub(super) fn put(element: NodeRef<html::Li>, shown: Shown, places: Places) {
    let place = Memo::new(move |_| {
        places.with(|places| places.iter().find(|(known, _)| *known == shown).map(|(_, place)| *place))
    });
    effect(move || {
        let (Some(element), Some(place)) = (element.get(), place.get()) else { return };
        let style = web_sys::HtmlElement::style(&element);
        let Place { start, top, width, height } = place;
        for (name, value) in [("--start", start), ("--top", top), ("--width", width), ("--height", height)] {
            // Setting a property through the object model fails only for a read-only style, which an element's is not.
            let _ = style.set_property(name, &value.to_string());
        }
    });
}
