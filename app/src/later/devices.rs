//! Sound and picture: through what one hears, what is done to one's voice and picture, and which tones there are.
//!
//! Separate, because all of it is set once and then forgotten.

use super::choices::{Chooser, Speaker, Tick};
use super::pictures::Chooser as Pictures;
use super::settings;
use super::sound::{Cue, Sound};
use crate::call::{Call, DeviceKind, Notice};
use crate::words::words;
use leptos::prelude::*;

/// What there is a tone for, in words, in the order of [`Cue::ALL`].
const TONES: [&str; 4] = ["sound.join", "sound.leave", "sound.hand", "sound.back"];
/// The treatments of the microphone in words, in the order of [`TREATMENTS`](crate::call::TREATMENTS), and their test ids.
const TREATED: [(&str, &str); 3] =
    [("sound.noise", "noise-suppression"), ("sound.echo", "echo-cancelling"), ("sound.gain", "auto-gain")];

/// The panel.
#[component]
pub(super) fn Devices(call: Call) -> impl IntoView {
    let words = words();
    let sound = Sound::of(call)?;
    let state = call.state;
    let settings = settings::Settings::read();
    settings.look_for_blur(call);
    let always = Signal::derive(|| false);
    let sharp = Signal::derive(move || !settings.can_blur.get());
    let treated = TREATED.into_iter().enumerate().map(|(place, (label, testid))| {
        let on = Signal::derive(move || state.untreated.get() >> place & 1 == 0);
        let act = Box::new(move || settings::toggle_treatment(call, place));
        view! { <Tick on missing=always testid label act /> }
    });
    let tones = Cue::ALL.into_iter().zip(TONES).map(|(cue, label)| {
        let sound = sound.clone();
        let on = sound.tones.is_on(cue).into();
        let act = Box::new(move || sound.tones.toggle(cue));
        view! { <Tick on missing=always testid=cue.name() label act /> }
    });
    let release = move |_| {
        if let Some(engine) = call.engine() {
            engine.release(DeviceKind::Microphone);
            engine.notice(Notice::Said(words.text("sound.released").to_owned()));
        }
    };
    let treated = treated.collect_view();
    let tones = tones.collect_view();
    Some(view! {
        <div class="list settings" data-testid="devices">
            <h3>{words.text("sound.hear")}</h3>
            <Speaker sound />
            <h3>{words.text("device.microphone")}</h3>
            <Chooser
                label="device.choose-microphone"
                testid="microphone"
                devices=state.microphones
                chosen=state.chosen_microphone
                act=Box::new(move |id| call.choose(DeviceKind::Microphone, id))
            />
            {treated}
            <button type="button" class="button" data-testid="release-microphone" on:click=release>
                {words.text("sound.release")}
            </button>
            <h3>{words.text("device.camera")}</h3>
            <Chooser
                label="device.choose-camera"
                testid="camera"
                devices=state.cameras
                chosen=state.chosen_camera
                act=Box::new(move |id| call.choose(DeviceKind::Camera, id))
            />
            <Tick on=settings.blur.into() missing=sharp testid="background-blur" label="sound.blur" act=Box::new(move || settings.toggle_blur(call)) />
            <Tick on=settings.hidden.into() missing=always testid="hide-self" label="sound.hide-self" act=Box::new(move || settings.toggle_hidden()) />
            <Tick on=settings.mirrored.into() missing=always testid="mirror-self" label="sound.mirror-self" act=Box::new(move || settings.toggle_mirrored()) />
            <Pictures call />
            <h3>{words.text("sound.tones")}</h3>
            {tones}
        </div>
    })
}
