//! Where everything that there is to see stands: all alike, or one large and the others beside it.
//!
//! Separate, because it joins the arithmetic of [`layout`](super::layout) to what is in the call and to the size of a real box.
//! No tile is ever moved in the document: a picture that is taken out and put in again stands still for a moment.

use super::face::Face;
use super::layout::{Large, Place, arrange};
use super::lean::effect;
use crate::browser::resize::SizeWatch;
use crate::call::{Call, CallState, Shown, Source, Tile};
use crate::words::words;
use leptos::html;
use leptos::prelude::*;

/// Between two tiles, in CSS pixels.
const GAP: u32 = 8;

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
    let mut before = (0, Vec::new());
    effect(move || {
        let all = state.tiles.with(|tiles| everything(tiles));
        let focus = focus(state, &all);
        let page = state.page.get();
        let is_on_page = |place: usize| (page.0..page.1).contains(&(place as u32));
        let (mut shown, mut away) = (Vec::new(), Vec::new());
        for (place, one) in all.into_iter().enumerate() {
            if is_on_page(place) || focus == Some(one) { shown.push(one) } else { away.push((one, Place::default())) }
        }
        let index = |sought: Shown| shown.iter().position(|known| *known == sought);
        let large = focus.and_then(|focus| {
            let is_face = focus.1 == Source::Camera;
            let companion = if is_face { None } else { index((focus.0, Source::Camera)) };
            Some(Large { index: index(focus)?, companion, is_face })
        });
        let places = arrange(shown.len(), large, size.get(), GAP);
        let now = (state.attached.get(), shown.into_iter().zip(places).chain(away).collect::<Vec<_>>());
        if now != before {
            for (shown, place) in &now.1 {
                let (at, size) = ((place.start, place.top), (place.width, place.height));
                call.place(*shown, at, size, focus == Some(*shown));
            }
            before = now;
        }
    });
    view! {
        <div class="place" node_ref=place>
            <ul class="faces" aria-label=words().text("call.people")>
                <For
                    each=move || state.tiles.with(|tiles| everything(tiles))
                    key=|shown| (shown.0, shown.1 as u8)
                    let:shown
                >
                    <Face call shown />
                </For>
            </ul>
        </div>
    }
}

/// Lists what there is to see, everyone's screen after their face.
pub(crate) fn everything(tiles: &[Tile]) -> Vec<Shown> {
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
