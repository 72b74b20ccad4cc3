//! Says what one more camera will do before it does it, and what cannot be carried any more; and offers what helps.
//!
//! Separate, because it is a card on the page, which comes and goes, and asks for something.

use super::Pictures;
use super::choose::CHOICES;
use crate::browser::page;
use crate::call::{Engine, Stage};
use crate::later::connection::size;
use crate::later::mine::Standing;
use crate::room::lean::effect;
use crate::words::words;
use core::cell::Cell;
use core::mem::discriminant;
use leptos::prelude::*;
use signaling::sending::{Choice, MANY_CAMERAS};
use std::rc::Rc;

/// It is said after so many looks in a row, one to three seconds each: a moment of breathlessness is none.
const LASTING: u8 = 5;

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forecast {
    /// With one more camera, the others would get a picture of this size, so often a second.
    OneMore((u16, u16), u8),
    /// With so many cameras, that is what they get.
    Crowd((u16, u16), u8),
    /// Pictures are given up.
    Strain,
}

/// What was said and waved aside: it is not said again before it was over.
#[derive(Debug, Default)]
pub(super) struct Aside {
    crowd: Cell<bool>,
    strain: Cell<bool>,
    lasting: Cell<u8>,
}

/// Puts the card where it belongs, whenever there is something to say.
pub(super) fn stand(pictures: &Rc<Pictures>, engine: &Rc<Engine>) {
    let (forecast, stage) = (pictures.forecast, engine.state.stage);
    let pictures = Rc::downgrade(pictures);
    engine.owner.with(|| {
        let mut standing = None;
        let is_said = Memo::new(move |_| stage.get() == Stage::InCall && forecast.get().is_some());
        effect(move || {
            drop(standing.take());
            // Above the faces, which make room for it: it is there until it is answered.
            let faces = page::window().document().filter(|_| is_said.get());
            let faces = faces.and_then(|document| document.query_selector(".stage").ok()?);
            let place = faces.as_ref().and_then(|faces| faces.parent_element());
            standing = place.zip(pictures.upgrade()).map(|(place, pictures)| {
                Standing::build_before(faces.as_deref(), &place, || view! { <Card pictures /> })
            });
        });
    });
}

/// Looks whether there is something to say: as often as it is counted.
pub(super) fn look(pictures: &Pictures, engine: &Engine) {
    let aside = &pictures.aside;
    let cameras = engine
        .state
        .tiles
        .with_untracked(|tiles| tiles.iter().filter(|tile| tile.media.with_untracked(|media| media.camera)).count());
    let sender = pictures.sender.borrow();
    let crowd = cameras + 1 >= MANY_CAMERAS;
    let lasting = if sender.is_strained() { aside.lasting.get().saturating_add(1) } else { 0 };
    aside.lasting.set(lasting);
    let strain = lasting >= LASTING;
    aside.crowd.set(aside.crowd.get() && crowd);
    aside.strain.set(aside.strain.get() && lasting > 0);
    let said = if pictures.choice.get_untracked() != Choice::All {
        None
    } else if strain && !aside.strain.get() {
        Some(Forecast::Strain)
    } else if crowd && !aside.crowd.get() {
        let is_here = cameras >= MANY_CAMERAS && engine.state.media().camera;
        let cameras = if is_here { cameras } else { cameras + 1 };
        // Who has no camera is sent to, too.
        let others = (cameras - 1).max(engine.peers.borrow().values().count());
        let say = if is_here { Forecast::Crowd } else { Forecast::OneMore };
        sender.forecast(others, place_of_one(engine, cameras)).map(|(size, rate)| say(size, rate))
    } else {
        None
    };
    drop(sender);
    // As long as the same is said, the numbers stay: the card itself takes room.
    if pictures.forecast.get_untracked().map(|said| discriminant(&said)) != said.map(|said| discriminant(&said)) {
        pictures.forecast.set(said);
    }
}

/// Returns the size in which each of so many is seen on a page like this one, in CSS pixels.
fn place_of_one(engine: &Engine, tiles: usize) -> (u16, u16) {
    let all = page::window().document().and_then(|document| document.query_selector(".place").ok()?);
    let all = all.map_or((0, 0), |place| (place.client_width().unsigned_abs(), place.client_height().unsigned_abs()));
    let tiles = tiles.max(engine.state.tiles.with_untracked(Vec::len));
    crate::room::layout::size_of_one(tiles, all)
}

/// The card.
#[component]
fn Card(pictures: Rc<Pictures>) -> impl IntoView {
    let words = words();
    let forecast = pictures.forecast;
    let picture = move |said, (width, height): (u16, u16), rate: u8| {
        words.with(said, &[("size", &size((width.into(), height.into()))), ("rate", &rate.to_string())])
    };
    let text = Signal::derive(move || match forecast.get() {
        Some(Forecast::OneMore(size, rate)) => picture("forecast.more", size, rate),
        Some(Forecast::Crowd(size, rate)) => picture("forecast.crowd", size, rate),
        Some(Forecast::Strain) => words.text("forecast.strain").to_owned(),
        None => String::new(),
    });
    let all = pictures.clone();
    let option = |(choice, label, testid)| {
        let pictures = pictures.clone();
        view! {
            <button type="button" class="button" data-testid=testid on:click=move |_| pictures.choose(choice)>
                {words.text(label)}
            </button>
        }
    };
    let options = CHOICES.into_iter().filter(|(choice, ..)| *choice != Choice::All).map(option).collect_view();
    let keep = move |_| {
        match forecast.get_untracked() {
            Some(Forecast::Strain) => all.aside.strain.set(true),
            _ => all.aside.crowd.set(true),
        }
        forecast.set(None);
    };
    view! {
        <section class="forecast" role="status" data-testid="forecast">
            <p>{text}</p>
            <div class="ways">
                {options}
                <button type="button" class="button" data-testid="forecast-keep" on:click=keep>
                    {words.text("forecast.keep")}
                </button>
            </div>
        </section>
    }
}
