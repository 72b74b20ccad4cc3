//! The faces, as large as the window allows.
//!
//! Separate, because it joins the arithmetic of [`layout`](super::layout) to the size of a real box.

use super::{face::Face, layout::Grid, lean::effect};
use crate::browser::resize::SizeWatch;
use crate::call::Call;
use crate::words::words;
use leptos::html;
use leptos::prelude::*;

/// Between two tiles, in CSS pixels; the style sheet has the same number.
const GAP: u32 = 8;

/// Everyone in the call.
#[component]
pub(super) fn Faces(call: Call) -> impl IntoView {
    let tiles = call.state.tiles;
    let place = NodeRef::<html::Div>::new();
    let size = RwSignal::new((0, 0));
    // The watch lives in the effect, and ends with it.
    let mut watch = None;
    effect(move || {
        drop(watch.take());
        let tell = move |width, height| size.set((width, height));
        watch = place.get().and_then(|place| SizeWatch::new(&place, tell));
    });
    effect(move || {
        let grid = Grid::fitting(tiles.with(|tiles| tiles.len() as u32), size.get(), GAP);
        let Some(place) = place.get() else { return };
        let style = web_sys::HtmlElement::style(&place);
        for (name, value) in [("--columns", grid.columns), ("--width", grid.width), ("--height", grid.height)] {
            // Setting a property through the object model fails only for a read-only style, which an element's is not.
            let _ = style.set_property(name, &value.to_string());
        }
    });
    view! {
        <div class="place" node_ref=place>
            <ul class="faces" aria-label=words().text("call.people")>
                <For each=move || tiles.get() key=|tile| tile.id let:tile>
                    <Face call tile />
                </For>
            </ul>
        </div>
    }
}
