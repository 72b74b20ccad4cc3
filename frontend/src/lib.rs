//! The entry of the wasm: lets the page's script hydrate the island, and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

// Named so that the island, which the page's script calls by name, is linked.
pub use app::room;

/// Makes ready for hydrating; the script then calls the island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
