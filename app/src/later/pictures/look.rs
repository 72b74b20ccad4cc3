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
use web_sys::{Document, DomRect, Element, HtmlVideoElement};

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
    if loose::get(document, "pictureInPictureElement") == **video {
        return Some(WINDOW_OF_ITS_OWN);
    }
    let tile = video.parent_element().filter(|_| !hidden)?;
    let rect = video.get_bounding_client_rect();
    let size = (rect.width(), rect.height());
    let is_seen = size.0 >= 1.0 && size.1 >= 1.0 && SPOTS.into_iter().any(|spot| is_seen_at(document, &tile, &rect, spot));
    is_seen.then_some(size)
}

/// Returns whether a spot of a tile is the tile's own. Outside of the window there is nothing.
fn is_seen_at(document: &Document, tile: &Element, rect: &DomRect, (across, down): (f64, f64)) -> bool {
    let (x, y) = (rect.left() + rect.width() * across, rect.top() + rect.height() * down);
    document.element_from_point(x as f32, y as f32).is_some_and(|there| tile.contains(Some(&there)))
}

/// Returns the page of the call's own small window, while there is one and it is seen.
fn floating(engine: &Engine) -> Option<Document> {
    if !engine.state.floating.get_untracked() {
        return None;
    }
    let api = loose::get(&page::window(), "documentPictureInPicture");
    let document: Document = loose::get(&loose::get(&api, "window"), "document").dyn_into::<JsValue>().ok()?.unchecked_into();
    (!document.is_undefined() && !is_hidden(&document)).then_some(document)
}

fn in_window(document: &Document, id: ParticipantId, source: Source) -> Option<(f64, f64)> {
    let kind = if source == Source::Camera { "camera" } else { "screen" };
    let video = ["[data-participant=\"", &id.0.to_string(), "\"][data-kind=", kind, "] video"].concat();
    let rect = document.query_selector(&video).ok()??.get_bounding_client_rect();
    (rect.width() >= 1.0).then(|| (rect.width(), rect.height()))
}
