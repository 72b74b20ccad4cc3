//! What is said without a word: a row to choose from, and what floats over a face for a moment.
//!
//! Separate, because it interrupts nobody, is kept nowhere, and is gone by itself.

use super::mine::Standing;
use crate::browser::lock::sleep;
use crate::browser::page;
use crate::call::{Engine, Notice, Source};
use crate::words::words;
use core::time::Duration;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use signaling::protocol::{PeerMessage, Reaction};
use signaling::time::Moment;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// For how long one floats.
const LASTING_MS: i32 = 4_000;
/// Of one person so many are shown in this time.
const MOST: usize = 3;
const WHILE: Duration = Duration::from_secs(1);

/// Where one floats, beside the one before.
const LANES: [&str; 4] = ["reaction lane-0", "reaction lane-1", "reaction lane-2", "reaction lane-3"];

/// What each looks like, what it is called in the page, and the key of its name.
fn drawing(reaction: Reaction) -> (&'static str, &'static str, &'static str) {
    match reaction {
        Reaction::Applause => ("👏", "applause", "reaction.applause"),
        Reaction::ThumbsUp => ("👍", "thumbs-up", "reaction.thumbs-up"),
        Reaction::Heart => ("❤️", "heart", "reaction.heart"),
        Reaction::Laughter => ("😂", "laughter", "reaction.laughter"),
        Reaction::Surprise => ("😮", "surprise", "reaction.surprise"),
        Reaction::Party => ("🎉", "party", "reaction.party"),
    }
}

/// Offers them, above the bar. They stay until they are closed: who is amused is so more than once.
pub(super) fn offer(engine: &Rc<Engine>) -> Option<Standing> {
    let bar = page::window().document()?.query_selector(".bar").ok()??;
    let engine = engine.clone();
    let row = engine.owner.clone().with(|| Standing::build(&bar, || view! { <Row engine /> }));
    focus("[data-testid=reaction]");
    Some(row)
}

#[component]
fn Row(engine: Rc<Engine>) -> impl IntoView {
    let words = words();
    let closing = engine.clone();
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            // Not within the event: the row goes with what hears it.
            let engine = closing.clone();
            leptos::task::spawn_local(async move {
                engine.toggle_reactions();
                focus("[data-testid=open-reactions]");
            });
        }
    };
    let buttons = Reaction::ALL.map(|reaction| {
        let (sign, name, key) = drawing(reaction);
        let engine = engine.clone();
        view! {
            <button
                type="button"
                class="control"
                data-testid="reaction"
                data-reaction=name
                aria-label=words.text(key)
                title=words.text(key)
                on:click=move |_| react(&engine, reaction)
            >
                {sign}
            </button>
        }
    });
    view! {
        <div class="reactions" role="group" aria-label=words.text("reaction.title") on:keydown=escape>
            {buttons.collect_view()}
        </div>
    }
}

fn focus(selector: &str) {
    let found = page::window().document().and_then(|document| document.query_selector(selector).ok()?);
    if let Some(element) = found {
        page::give_focus(element.unchecked_ref());
    }
}

/// Says it to everyone, oneself included.
fn react(engine: &Rc<Engine>, reaction: Reaction) {
    let own = engine.state.own.get_untracked();
    // What oneself sees no more, the others would not either.
    if own.is_some_and(|own| reacted(engine, own, reaction)) {
        for peer in engine.peers.borrow().values() {
            peer.tell(&PeerMessage::React(reaction));
        }
    }
}

/// Somebody said something without a word: it floats over their face, and is said. Returns whether it was not too much.
pub(super) fn reacted(engine: &Rc<Engine>, id: ParticipantId, reaction: Reaction) -> bool {
    let Some(tile) = engine.tile(id) else { return false };
    let Some(lane) = admit(&mut engine.reactions.borrow_mut(), id, page::now()) else { return false };
    let (sign, name, key) = drawing(reaction);
    float(engine, id, lane, (sign, name));
    let said = engine.owner.with(|| {
        let reaction = [sign, " ", words().text(key)].concat();
        words().with("reaction.said", &[("name", &tile.name.get_untracked()), ("reaction", &reaction)])
    });
    engine.notice(Notice::Said(said));
    true
}

/// Shows a sign over somebody's face for a moment. It belongs to no view: it comes and goes with nothing else.
fn float(engine: &Rc<Engine>, id: ParticipantId, lane: usize, (sign, name): (&'static str, &'static str)) {
    let camera = engine.screens_of(id).find(|screen| screen.source == Source::Camera);
    let tile = camera.and_then(|screen| screen.video.parent_element());
    let class = LANES[lane % LANES.len()];
    let shown = tile.as_ref().map(|tile| {
        // Setting an attribute fails only for a name that is none.
        let _ = tile.set_attribute("data-reaction", name);
        Standing::build(tile, || view! { <Sign class sign /> })
    });
    let engine = engine.clone();
    leptos::task::spawn_local(async move {
        sleep(LASTING_MS).await;
        drop(shown);
        let was_last = pass(&mut engine.reactions.borrow_mut(), id);
        if let Some(tile) = tile.filter(|_| was_last) {
            let _ = tile.remove_attribute("data-reaction");
        }
    });
}

#[component]
fn Sign(class: &'static str, sign: &'static str) -> impl IntoView {
    view! {
        <span class=class aria-hidden="true">
            {sign}
        </span>
    }
}

/// Lets three a second of each person pass; `there` is what floats now. Returns how many of theirs float already.
fn admit(there: &mut Vec<(ParticipantId, Moment)>, who: ParticipantId, now: Moment) -> Option<usize> {
    let theirs = || there.iter().filter(|(other, _)| *other == who);
    let number = theirs().count();
    let passes = theirs().filter(|(_, at)| now < *at + WHILE).count() < MOST;
    passes.then(|| {
        there.push((who, now));
        number
    })
}

/// Forgets somebody's oldest. Returns whether it was their last.
fn pass(there: &mut Vec<(ParticipantId, Moment)>, who: ParticipantId) -> bool {
    if let Some(oldest) = there.iter().position(|(other, _)| *other == who) {
        there.remove(oldest);
    }
    there.iter().all(|(other, _)| *other != who)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: ParticipantId = ParticipantId(1);
    const BEN: ParticipantId = ParticipantId(2);

    #[test]
    fn three_a_second_pass_of_each_person() {
        let mut there = Vec::new();
        let mut admitted = |who, at| admit(&mut there, who, Moment::from_millis(at)).is_some();
        assert_eq!([0, 10, 20, 30, 999].map(|at| admitted(ANA, at)), [true, true, true, false, false]);
        assert!(admitted(BEN, 999), "another person is not held back");
        assert!(admitted(ANA, 1_000));
        assert!(!admitted(ANA, 1_005));
    }

    #[test]
    fn what_was_held_back_does_not_hold_back() {
        let mut there = Vec::new();
        let passed = (0..100).filter(|step| admit(&mut there, ANA, Moment::from_millis(step * 100)).is_some());
        assert_eq!(passed.count(), 30);
    }

    #[test]
    fn each_that_passes_leaves_the_others_until_the_last_is_gone() {
        let mut there = Vec::new();
        let places = [ANA, BEN, ANA].map(|who| admit(&mut there, who, Moment::ZERO));
        assert_eq!(places, [Some(0), Some(0), Some(1)]);
        assert!(!pass(&mut there, ANA));
        assert!(pass(&mut there, ANA));
        assert!(pass(&mut there, BEN) && there.is_empty());
    }
}
