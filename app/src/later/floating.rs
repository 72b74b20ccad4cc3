//! The call in a window of its own that stays on top of everything (Document Picture-in-Picture).
//!
//! Separate, because it is a second page around the same call: the faces there are shown by elements of their own, so that
//! no picture of the first page stands still.

use super::mine::{Mine, Standing};
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::call::{Call, DeviceKind, Engine, Notice, Shown, Source, Tile};
use crate::room::device::Toggle;
use crate::room::grid::everything;
use crate::room::icons;
use crate::room::lean::effect;
use crate::words::words;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::html;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, MediaStream, Window};

/// The browser's name for it.
const API: &str = "documentPictureInPicture";
/// The size that is asked for, in CSS pixels; whoever changes it is given theirs the next time.
const SIZE: [(&str, f64); 2] = [("width", 360.0), ("height", 420.0)];

/// Returns whether this browser has such windows.
pub(super) fn can_float() -> bool {
    Reflect::get(&page::window(), &API.into()).is_ok_and(|api| api.is_object())
}

/// Opens the window, or closes it. To be called on a click.
pub(super) fn toggle(call: Call) {
    let Some(engine) = call.engine() else { return };
    let there = engine.floating.take();
    if there.is_some() {
        return drop(there);
    }
    // Before anything is awaited: the browser opens it for the click alone.
    let Ok(asked) = ask() else { return };
    leptos::task::spawn_local(async move {
        match JsFuture::from(asked).await {
            Ok(window) if engine.state.own.get_untracked().is_some() => {
                *engine.floating.borrow_mut() = Some(Box::new(Floating::new(call, &engine, window.unchecked_into())));
                engine.state.floating.set(true);
                // What opened it has done its work.
                engine.state.panel.set(None);
            }
            Ok(window) => close(window.unchecked_ref()),
            Err(_) => engine.notice(Notice::NotLoaded),
        }
    });
}

fn ask() -> Result<Promise, JsValue> {
    let api = Reflect::get(&page::window(), &API.into())?;
    let size = Object::new();
    for (name, length) in SIZE {
        Reflect::set(&size, &name.into(), &length.into())?;
    }
    Reflect::get(&api, &"requestWindow".into())?.dyn_into::<Function>()?.call1(&api, &size)?.dyn_into()
}

fn close(window: &Window) {
    // It is closed already where the person did it.
    let _ = window.close();
}

/// The window, and the words on the first page that tell of it. Dropped, both are gone.
struct Floating {
    call: Call,
    window: Window,
    _small: Option<Standing>,
    _elsewhere: Option<Standing>,
    _closed: Listener,
}

impl Floating {
    fn new(call: Call, engine: &Rc<Engine>, window: Window) -> Self {
        let (here, there) = (page::window().document(), window.document());
        if let (Some(here), Some(there)) = (&here, &there) {
            dress(here, there);
        }
        let body = there.and_then(|there| there.body());
        let stage = here.and_then(|here| here.query_selector(".stage").ok()?);
        let stand = || {
            let small = body.map(|body| Standing::build(&body, || view! { <Small call /> }));
            (small, stage.map(|stage| Standing::build(&stage, || view! { <Elsewhere call /> })))
        };
        let (_small, _elsewhere) = engine.owner.with(stand);
        let closed = Rc::downgrade(engine);
        let _closed = Listener::new(&window, "pagehide", move |_| {
            let engine = closed.upgrade();
            // Not within the event: what listens to it goes too.
            leptos::task::spawn_local(async move {
                drop(engine.and_then(|engine| engine.floating.take()));
            });
        });
        Self { call, window, _small, _elsewhere, _closed }
    }
}

impl Drop for Floating {
    fn drop(&mut self) {
        close(&self.window);
        self.call.state.floating.try_set(false);
    }
}

/// Gives the new page the language, the title and the style sheet of the first one.
fn dress(here: &Document, there: &Document) {
    // Setting an attribute fails only for a name that is none, and adding an element only where it cannot stand.
    if let (Some(from), Some(to)) = (here.document_element(), there.document_element()) {
        for name in ["lang", "dir"] {
            let _ = to.set_attribute(name, &from.get_attribute(name).unwrap_or_default());
        }
    }
    let Ok(Some(head)) = there.query_selector("head") else { return };
    for part in ["title", "link[rel=stylesheet]", "link[href^='/later.css']"] {
        if let Ok(Some(part)) = here.query_selector(part)
            && let Ok(copy) = part.clone_node_with_deep(true)
        {
            let _ = head.append_child(&copy);
        }
    }
}

/// What the first page says meanwhile.
#[component]
fn Elsewhere(call: Call) -> impl IntoView {
    let words = words();
    view! {
        <p class="elsewhere" role="status">
            <span>{words.text("floating.here")}</span>
            <button type="button" class="button" data-testid="unfloat" on:click=move |_| toggle(call)>
                {words.text("floating.back")}
            </button>
        </p>
    }
}

/// The call in small.
#[component]
fn Small(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let face = move |shown| Mine(view! { <SmallFace call shown /> });
    view! {
        <main class="small" data-testid="floating">
            <ul class="small-faces" aria-label=words.text("call.people")>
                <For each=move || state.tiles.with(|tiles| everything(tiles)) key=|shown| (shown.0, shown.1 as u8) children=face />
            </ul>
            <div class="bar controls" role="group" aria-label=words.text("call.controls")>
                <Toggle call kind=DeviceKind::Microphone />
                <Toggle call kind=DeviceKind::Camera />
                <button type="button" class="control leave" data-testid="leave" on:click=move |_| call.leave()>
                    <span class="icon" aria-hidden="true" inner_html=icons::LEAVE />
                    <span class="label">{words.text("call.leave")}</span>
                </button>
            </div>
        </main>
    }
}

#[component]
fn SmallFace(call: Call, shown: Shown) -> impl IntoView {
    let (id, source) = shown;
    let tile = call.state.tiles.with_untracked(|tiles| tiles.iter().find(|tile| tile.id == id).copied())?;
    let Tile { own, name, media, link, speaking, .. } = tile;
    let video = NodeRef::<html::Video>::new();
    let mut last: Option<MediaStream> = None;
    effect(move || {
        // A connection that is made anew brings other streams.
        link.track();
        let stream = call.engine().and_then(|engine| match engine.peers.borrow().get(id) {
            _ if own => Some(Clone::clone(engine.media.borrow().preview(source))),
            peer => peer.map(|peer| Clone::clone(peer.stream(source))),
        });
        if let Some(video) = video.get().filter(|_| stream != last) {
            video.set_src_object(stream.as_ref());
            last = stream;
        }
    });
    let still = super::everything(call).map(|everything| everything.pictures.still());
    let stands = move || source == Source::Camera && still.is_some_and(|still| still.with(|still| still.contains(&id)));
    let on = move |is: bool| if is { "on" } else { "off" };
    let camera = Signal::derive(move || on(source == Source::Screen || media.with(|media| media.camera)));
    let microphone = Signal::derive(move || on(media.with(|media| media.microphone)));
    Some(view! {
        <li
            class="small-face"
            class:speaking=speaking
            data-participant=id.0
            data-name=name
            data-self=if own { "true" } else { "false" }
            data-kind=if source == Source::Camera { "camera" } else { "screen" }
            data-camera=camera
            data-held=move || stands().then_some("")
            data-mic=microphone
        >
            <video node_ref=video autoplay playsinline muted prop:muted=true />
            <span class="name">{name}</span>
        </li>
    })
}
