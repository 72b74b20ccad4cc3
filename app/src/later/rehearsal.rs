//! Trying one's sound before the call: a tone from the loudspeaker, and one's own voice as the others will hear it.
//!
//! Separate, because it is a little play of its own, with a beginning and an end, and nothing of it goes anywhere.

use super::choices::Speaker;
use super::loose::{attempt, call as ask, get, make, text};
use super::sound::Sound;
use crate::browser::error::BrowserError;
use crate::browser::listener::Listener;
use crate::browser::lock::sleep;
use crate::browser::slot::Slot;
use crate::call::Capture;
use crate::words::words;
use futures::channel::oneshot;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, MediaStream, MediaStreamTrack};

/// How long one speaks.
const RECORDED_MS: i32 = 3_000;

/// What goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scene {
    Nothing,
    Recording,
    Playing,
    NoMicrophone,
    NotHere,
}

/// The two tests, and the choice of a loudspeaker.
#[component]
pub(super) fn Rehearsal(sound: Rc<Sound>) -> impl IntoView {
    let words = words();
    let scene = RwSignal::new(Scene::Nothing);
    let said = Signal::derive(move || match scene.get() {
        Scene::Nothing => "",
        Scene::Recording => words.text("sound.recording"),
        Scene::Playing => words.text("sound.playing"),
        Scene::NoMicrophone => words.text("sound.microphone-off"),
        Scene::NotHere => words.text("sound.not-recorded"),
    });
    let (recorded, played) = (sound.clone(), sound.clone());
    let record = move |_| {
        if !matches!(scene.get_untracked(), Scene::Recording | Scene::Playing) {
            leptos::task::spawn_local(rehearse(recorded.clone(), scene));
        }
    };
    let tone = move |_| {
        // Where there is no sound at all, the silence tells.
        let _ = played.output.play(&[523.3, 659.3, 784.0]);
    };
    view! {
        <div class="tests">
            <Speaker sound />
            <button type="button" class="button" data-testid="test-speaker" on:click=tone>
                {words.text("sound.test-speaker")}
            </button>
            <button type="button" class="button" data-testid="test-mic" on:click=record>
                {words.text("sound.test-microphone")}
            </button>
            <p role="status" data-testid="test-said">
                {said}
            </p>
        </div>
    }
}

async fn rehearse(sound: Rc<Sound>, scene: RwSignal<Scene>) {
    let track = sound.engine().and_then(|engine| {
        let media = engine.media.borrow();
        let is_on = engine.state.microphone.get_untracked() == Capture::On;
        media.track(Slot::Microphone).filter(|_| is_on).map(|track| Clone::clone(track.track()))
    });
    let Some(track) = track else { return scene.set(Scene::NoMicrophone) };
    scene.set(Scene::Recording);
    // Its owner may go in before it is over; then there is nobody to play it to.
    let played = match record(&track).await {
        Ok(recording) if scene.try_get_untracked().is_some() => {
            let _ = scene.try_set(Scene::Playing);
            play(&sound, scene, &recording).await
        }
        Ok(_) => return,
        Err(error) => Err(error),
    };
    let _ = scene.try_set(if played.is_ok() { Scene::Nothing } else { Scene::NotHere });
}

/// Records a track for a while (MediaStream Recording).
async fn record(track: &MediaStreamTrack) -> Result<JsValue, BrowserError> {
    let stream = MediaStream::new()?;
    stream.add_track(track);
    let recorder = make("MediaRecorder", &[stream.into()])?;
    let recorded = happens(&recorder, "dataavailable");
    ask(&recorder, "start", &[])?;
    sleep(RECORDED_MS).await;
    if text(&recorder, "state") == "recording" {
        ask(&recorder, "stop", &[])?;
    }
    Ok(get(&recorded.await, "data"))
}

/// Plays what was recorded to its end, or for as long as anybody is there, through the chosen loudspeaker.
async fn play(sound: &Sound, scene: RwSignal<Scene>, recording: &JsValue) -> Result<(), BrowserError> {
    let urls = get(&crate::browser::page::window(), "URL");
    let address = ask(&urls, "createObjectURL", &[Clone::clone(recording)])?;
    let player = make("Audio", &[Clone::clone(&address)])?;
    let speaker = sound.speakers.chosen.try_get_untracked().unwrap_or_default();
    if !speaker.is_empty() {
        attempt(&player, "setSinkId", &[speaker.into()]);
    }
    let ended = happens(&player, "ended");
    let played = super::loose::wait(&player, "play", &[]).await;
    if played.is_ok() {
        let gone = async {
            while scene.try_get_untracked().is_some() {
                sleep(200).await;
            }
        };
        futures::pin_mut!(gone);
        futures::pin_mut!(ended);
        futures::future::select(ended, gone).await;
        attempt(&player, "pause", &[]);
    }
    attempt(&urls, "revokeObjectURL", &[address]);
    played.map(|_| ())
}

/// Waits for an event.
fn happens(target: &JsValue, event: &'static str) -> impl Future<Output = JsValue> + use<> {
    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    let listener = Listener::new(target.unchecked_ref::<EventTarget>(), event, move |event| {
        if let Some(tell) = tell.take() {
            let _ = tell.send(event);
        }
    });
    async move {
        let event = told.await.unwrap_or_default();
        drop(listener);
        event
    }
}
