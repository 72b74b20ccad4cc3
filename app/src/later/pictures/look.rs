//! What of everyone is seen on this page, and how large, in device pixels.
//!
//! Separate, because it is about elements alone: hidden, scrolled away, covered, small, filling the screen, or in a window of its
//! own.

use crate::browser::page;
use crate::call::{Engine, Source};
use crate::later::loose;
use leptos::prelude::*;
use signaling::few::Few;
use signaling::identity::ParticipantId;
use signaling::protocol::View;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlVideoElement};

/// Nobody sees more of a face than so many device pixels for each CSS pixel give; of text, they do.
const FACE_RATIO: f64 = 1.5;
/// The size, in CSS pixels, of a picture that the browser shows in a window of its own and tells no size of.
const WINDOW_OF_ITS_OWN: (f64, f64) = (400.0, 225.0);
/// Where it is looked whether something else stands before a tile, as parts of its width and height: it is covered where it is
/// covered at each of them.
const SPOTS: [(f64, f64); 5] = [(0.5, 0.5), (0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)];

/// Returns how everybody else is shown. Who is missing is not.
pub(super) fn views(engine: &Engine) -> Few<ParticipantId, View> {
    let mut views = Few::default();
    let Some(document) = page::window().document() else { return views };
    let own = engine.state.own.get_untracked();
    let hidden = is_hidden(&document);
    let small = floating(engine);
    for screen in engine.screens.borrow().iter() {
        let Some(id) = screen.participant.filter(|id| Some(*id) != own) else { continue };
        let here = shown(&document, &screen.video, hidden);
        let there = small.as_ref().and_then(|window| in_window(window, id, screen.source));
        let Some((width, height)) = larger(here, there) else { continue };
        let ratio = page::window().device_pixel_ratio();
        let ratio = if screen.source == Source::Camera { ratio.min(FACE_RATIO) } else { ratio };
        let size = ((width * ratio) as u16, (height * ratio) as u16);
        let mut view = views.remove(id).unwrap_or_default();
        match screen.source {
            Source::Camera => {
                view.camera = Some(size);
                let tile = screen.video.parent_element();
                view.first = !hidden && tile.is_some_and(|tile| tile.has_attribute("data-large"));
            }
            Source::Screen => view.screen = Some(size),
        }
        views.insert(id, view);
    }
    views
}

/// Returns whether nothing of a page is seen. Asked both ways, because some browsers answer only one of them at all times.
fn is_hidden(document: &Document) -> bool {
    document.hidden() || loose::text(document, "visibilityState") == "hidden"
}

fn larger(one: Option<(f64, f64)>, other: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.max(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

/// Returns the size in which a video is seen in its page.
fn shown(document: &Document, video: &HtmlVideoElement, hidden: bool) -> Option<(f64, f64)> {
    if &loose::get(document, "pictureInPictureElement") == video.unchecked_ref::<JsValue>() {
        return Some(WINDOW_OF_ITS_OWN);
    }
    let tile = video.parent_element().filter(|_| !hidden)?;
    let corner = rect(video)?;
    let is_seen = SPOTS.into_iter().any(|spot| is_seen_at(document, &tile, corner, spot));
    is_seen.then_some((corner.2, corner.3))
}

/// Returns where an element is, from the left and the top, and its width and height, if it has any.
fn rect(element: &Element) -> Option<(f64, f64, f64, f64)> {
    let rect = loose::call(element, "getBoundingClientRect", &[]).ok()?;
    let [left, top, width, height] = ["left", "top", "width", "height"].map(|side| loose::number(&rect, side));
    (width >= 1.0 && height >= 1.0).then_some((left, top, width, height))
}

/// Returns whether a spot of a tile is the tile's own. Outside of the window there is nothing.
fn is_seen_at(document: &Document, tile: &Element, rect: (f64, f64, f64, f64), (across, down): (f64, f64)) -> bool {
    let (x, y) = (rect.0 + rect.2 * across, rect.1 + rect.3 * down);
    document.element_from_point(x as f32, y as f32).is_some_and(|there| tile.contains(Some(&there)))
}

/// Returns the page of the call's own small window, while there is one and it is seen.
fn floating(engine: &Engine) -> Option<Document> {
    if !engine.state.floating.get_untracked() {
        return None;
    }
    let api = loose::get(&page::window(), "documentPictureInPicture");
    let document = loose::get(&loose::get(&api, "window"), "document");
    // It is of another window's kind, so that asking for its kind were in vain.
    let document: Option<Document> = document.is_object().then(|| document.unchecked_into());
    document.filter(|document| !is_hidden(document))
}

fn in_window(document: &Document, id: ParticipantId, source: Source) -> Option<(f64, f64)> {
    let kind = if source == Source::Camera { "camera" } else { "screen" };
    let video = ["[data-participant=\"", &id.0.to_string(), "\"][data-kind=", kind, "] video"].concat();
    rect(&document.query_selector(&video).ok()??).map(|(_, _, width, height)| (width, height))
}
