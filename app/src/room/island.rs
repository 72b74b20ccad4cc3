//! The island itself: makes the call, gives everything inside its words, and shows the stage it is at.
//!
//! Separate, because it is what the browser enters by.
#![allow(
    clippy::mem_forget,
    clippy::disallowed_methods,
    reason = "the island macro keeps an island as long as its page"
)]

use super::{
    backstage::Backstage,
    farewell::Farewell,
    green::GreenRoom,
    lean::{Later, effect},
    refusal::{Reason, RefusalCard},
    stage::CallStage,
};
use crate::browser::{page, plural};
use crate::call::{Call, Stage};
use crate::words::{self, Words};
use leptos::either::EitherOf4;
use leptos::prelude::*;
use signaling::identity::RoomId;
use signaling::protocol::MediaState;

/// What is to be seen of a stage: going from the green room into joining changes nothing that has to be built anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scene {
    Green,
    Call,
    Left,
    Refused(Reason),
}

/// A room, from the green room to the goodbye.
///
/// On the server it renders the green room, with devices that are about to start.
#[island]
pub fn Room(
    /// The room's id.
    room: String,
    /// The name to begin with.
    name: String,
    /// Whether to join as soon as the devices are ready.
    auto_join: bool,
    /// Which devices are wanted.
    wanted: MediaState,
    /// How many people are inside.
    inside: u32,
    /// The words, in the flat form of [`Words`].
    words: String,
) -> impl IntoView {
    if use_context::<Words>().is_none() {
        provide_context(Words::read(words.leak(), plural::category));
    }
    let call = Call::new(name, words::words().text("green.guest"));
    let id = room.clone();
    let backstage = Backstage::new(move || view! { <CallStage call room=room.clone() /> });
    let ready = backstage.clone();
    effect(move || {
        if let Ok(room) = RoomId::parse(&id) {
            call.start(room, wanted, auto_join);
            ready.clone().prepare(call);
        }
    });
    let scene = Memo::new(move |_| match call.state.stage.get() {
        Stage::GreenRoom | Stage::Joining => Scene::Green,
        Stage::InCall => Scene::Call,
        Stage::Left => Scene::Left,
        Stage::Refused(refusal) => Scene::Refused(refusal.into()),
    });
    effect(move || {
        // What had the focus goes with its scene. The next one is built before this task's turn.
        if scene.get() != Scene::Green {
            leptos::task::spawn_local(async { page::focus_heading() });
        }
    });
    move || match scene.get() {
        Scene::Green => EitherOf4::A(view! { <GreenRoom call inside /> }),
        Scene::Call => EitherOf4::B(Later(backstage.clone())),
        Scene::Left => EitherOf4::C(Later(view! { <Farewell /> })),
        Scene::Refused(reason) => EitherOf4::D(Later(view! { <RefusalCard reason /> })),
    }
}
