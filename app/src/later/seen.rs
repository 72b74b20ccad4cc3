//! How others see me: what each of them gets of one's own picture, and why it is less than it could be.
//!
//! Separate, because nobody can see that by themselves: one's own tile shows what the camera gives.

use super::connection::{size, watch};
use super::everything;
use super::health::{Health, Limit};
use super::mine::Mine;
use crate::browser::slot::Slot;
use crate::call::{Call, Tile};
use crate::words::words;
use leptos::prelude::*;
use signaling::sending::Why;

/// A line for each of the others.
#[component]
pub(super) fn Seen(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let others = move || {
        let mut tiles = state.tiles.get();
        tiles.retain(|tile| !tile.own);
        tiles
    };
    let accompanied = move || state.tiles.with(Vec::len) > 1;
    let line = move |tile| Mine(view! { <By call tile /> });
    view! {
        <div class="seen" data-testid="how-others-see-me">
            <h3>{words.text("seen.title")}</h3>
            <p class:empty=accompanied>{words.text("seen.nobody")}</p>
            <ul>
                <For each=others key=|tile| (tile.id, 0_u8) children=line />
            </ul>
        </div>
    }
}

#[component]
fn By(call: Call, tile: Tile) -> impl IntoView {
    let words = words();
    let health = watch(call, tile.id);
    let picture = move || health.with(|health| health.sent[Slot::Camera as usize]);
    let text = Signal::derive(move || {
        let picture = picture();
        if picture.size == (0, 0) {
            return words.text("seen.nothing").to_owned();
        }
        words.with("seen.picture", &[("size", &size(picture.size)), ("rate", &picture.rate.to_string())])
    });
    // The core knows what it decided; and the browser, what came of that.
    let reason = move || {
        let Health { sent, captured, .. } = health.get();
        let Some(pictures) = everything(call).map(|everything| everything.pictures.clone()) else { return "" };
        words.text(match (pictures.why(tile.id), sent[Slot::Camera as usize].limit) {
            _ if captured.0 == (0, 0) => return "",
            (Why::Hidden, _) => "seen.hidden",
            (Why::Chosen, _) => "seen.chosen",
            (Why::Uplink, _) | (Why::Whole, Limit::Network) => "seen.network",
            (Why::Processor, _) | (Why::Whole, Limit::Computer) => "seen.computer",
            (Why::Shown, _) => "seen.asked",
            (Why::Whole, Limit::None) => "seen.all",
        })
    };
    view! {
        <li data-testid="seen-by" data-participant=tile.id.0>
            <span class="whose">{tile.name}</span>
            <span>{text}</span>
            <span class="reason">{reason}</span>
        </li>
    }
}
