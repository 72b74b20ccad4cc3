//! Pages of faces, where there are more than one sees at once: everyone is heard, and whoever is on the page is seen.
//!
//! Separate, because few rooms need it. Where faces stand is for [`grid`](crate::room::grid), which is told what is on the page.

use super::mine::Standing;
use crate::browser::page;
use crate::browser::resize::SizeWatch;
use crate::call::{CallState, Engine, Stage};
use crate::room::grid::everything;
use crate::room::lean::effect;
use crate::words::words;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// So many faces are on a page at most: on a desk four in a row still have expressions.
const MOST: u32 = 12;
/// And each has so much room at least, in square CSS pixels: a phone held upright shows two in a row.
const LEAST: u32 = 20_000;

/// Begins to part what there is to see into pages.
pub(super) fn begin(engine: &Rc<Engine>) {
    let (state, owner) = (engine.state, engine.owner.clone());
    let mut begun = false;
    engine.owner.with(|| {
        effect(move || {
            // Before the call there is no stage on the page.
            state.tiles.track();
            if state.stage.get() == Stage::InCall && !begun {
                begun = owner.with(|| watch(state));
            }
        });
    });
}

/// Returns whether there was a stage to watch.
fn watch(state: CallState) -> bool {
    let document = page::window().document();
    let stage = document.and_then(|document| document.query_selector(".stage").ok()?);
    let place = stage.as_ref().and_then(|stage| stage.query_selector(".place").ok()?);
    let (Some(stage), Some(place)) = (stage, place) else { return false };
    let room = RwSignal::new((0, 0));
    let watch = StoredValue::new_local(SizeWatch::new(place.unchecked_ref(), move |width, height| {
        room.set((width, height));
    }));
    let count = Memo::new(move |_| state.tiles.with(|tiles| everything(tiles).len() as u32));
    let most = Memo::new(move |_| room.with(|(width, height)| (width * height / LEAST).clamp(1, MOST)));
    let pages = Memo::new(move |_| count.get().div_ceil(most.get()));
    let turned = RwSignal::new(0_u32);
    effect(move || {
        // As many on each page as on any other.
        let each = count.get().div_ceil(pages.get().max(1));
        let first = turned.get().min(pages.get().saturating_sub(1)) * each;
        let shown = if pages.get() > 1 { (first, first + each) } else { (0, u32::MAX) };
        if state.page.get_untracked() != shown {
            state.page.set(shown);
        }
    });
    let mut standing = None;
    effect(move || {
        watch.with_value(|_| {});
        drop(standing.take());
        standing = (pages.get() > 1).then(|| Standing::build(&stage, || view! { <Pager turned pages=pages.get() /> }));
    });
    true
}

#[component]
fn Pager(turned: RwSignal<u32>, pages: u32) -> impl IntoView {
    let words = words();
    turned.update(|page| *page = (*page).min(pages - 1));
    let text = Signal::derive(move || {
        words.with("pager.page", &[("page", &(turned.get() + 1).to_string()), ("pages", &pages.to_string())])
    });
    let first = Signal::derive(move || turned.get() == 0);
    let last = Signal::derive(move || turned.get() + 1 >= pages);
    view! {
        <nav class="pager" aria-label=words.text("pager.title") data-testid="pager">
            <button type="button" class="button" data-testid="page-before" disabled=first on:click=move |_| turned.update(|page| *page -= 1)>
                {words.text("pager.before")}
            </button>
            <span role="status">{text}</span>
            <button type="button" class="button" data-testid="page-next" disabled=last on:click=move |_| turned.update(|page| *page += 1)>
                {words.text("pager.next")}
            </button>
        </nav>
    }
}
