//! What just happened, said aloud and shown for a moment, in a place of its own that hides neither faces nor controls.
//!
//! Separate, because a live region must stay in the page while its words change.

use super::device;
use crate::call::{Call, CallState, Capture, DeviceKind, Notice, Signaling};
use crate::words::{Words, words};
use leptos::prelude::*;

/// The line between the faces and the bar.
#[component]
pub(super) fn Notices(call: Call) -> impl IntoView {
    let words = words();
    let state = call.state;
    let text =
        Signal::derive(move || state.notice.get().map(|notice| sentence(words, state, &notice)).unwrap_or_default());
    // The link itself, to be marked with one click.
    let link = Signal::derive(move || {
        if state.notice.get() == Some(Notice::LinkNotCopied) { state.address.get() } else { String::new() }
    });
    // What asks for something to be done is not gone before it is read.
    let stays = Signal::derive(move || {
        let asks = matches!(
            state.notice.get(),
            Some(
                Notice::LinkNotCopied
                    | Notice::HidesLater
                    | Notice::DeviceFailed
                    | Notice::DeviceReplaced(_)
                    | Notice::DeviceBack(_)
                    | Notice::MicrophoneSilent
                    | Notice::MicrophoneHeld
            )
        );
        asks && text.with(|text| !text.is_empty())
    });
    // Two names for one animation: changing between them starts it anew for each notice.
    let class = Memo::new(move |before: Option<&&str>| {
        state.notice.track();
        match before {
            _ if stays.get() => "said",
            Some(&"said even") => "said odd",
            _ => "said even",
        }
    });
    let passes = Signal::derive(move || !stays.get());
    // What one button may do about it.
    let way = Signal::derive(move || match state.notice.get() {
        Some(Notice::DeviceBack(_)) => words.text("device.use"),
        Some(Notice::MicrophoneHeld) => words.text("device.resume"),
        _ if state.deafened.get() => words.text("call.hear-all"),
        _ => "",
    });
    let no_way = Signal::derive(move || way.get().is_empty());
    let go = move |_| match state.notice.get_untracked() {
        Some(Notice::DeviceBack(kind)) => call.take_back(kind),
        Some(Notice::MicrophoneHeld) => call.resume_microphone(),
        _ => call.toggle_deafened(),
    };
    let badge = Signal::derive(move || match (state.signaling.get(), state.no_relay.get()) {
        _ if state.deafened.get() => words.text("call.deafened"),
        (Signaling::Away, _) => words.text("call.away"),
        (_, true) => words.text("call.no-relay"),
        (_, false) => "",
    });
    let heard = Signal::derive(move || !state.sound_held.get());
    view! {
        <div class="notices">
            <p class="badge" data-testid="badge" role="status">
                {badge}
            </p>
            <p class=class data-testid="notice" role="status" aria-live="polite">
                {text}
                <span class="link">{link}</span>
            </p>
            <button
                type="button"
                class="button primary"
                class:empty=no_way
                on:click=go
            >
                {way}
            </button>
            <button type="button" class="button" class:empty=passes on:click=move |_| state.notice.set(None)>
                {words.text("notice.dismiss")}
            </button>
            <p class:empty=heard role="status">
                {words.text("notice.sound-held")}
            </p>
            // Any click lets the page play; this one is there to be clicked.
            <button type="button" class="button primary" class:empty=heard>
                {words.text("notice.play-sound")}
            </button>
        </div>
    }
}

fn sentence(words: Words, state: CallState, notice: &Notice) -> String {
    match notice {
        Notice::Joined(name) => words.with("notice.joined", &[("name", name)]),
        Notice::Left(name) => words.with("notice.left", &[("name", name)]),
        Notice::HandRaised(name) => words.with("notice.hand", &[("name", name)]),
        Notice::Sharing(name) => words.with("notice.sharing", &[("name", name)]),
        Notice::Wrote(name, text) => words.with("notice.wrote", &[("name", name), ("text", text)]),
        Notice::Said(text) => text.clone(),
        Notice::TalkingMuted => words.text("notice.talking-muted").to_owned(),
        Notice::NotOffered => words.text("notice.not-offered").to_owned(),
        Notice::NotLoaded => words.text("notice.not-loaded").to_owned(),
        Notice::NotShared => words.text("notice.not-shared").to_owned(),
        Notice::LinkNotCopied => words.text("notice.not-copied").to_owned(),
        Notice::LinkCopied => words.text("notice.copied").to_owned(),
        Notice::HidesLater => words.text("notice.hides-later").to_owned(),
        Notice::DeviceKept => words.text("device.kept").to_owned(),
        Notice::DeviceReplaced(DeviceKind::Microphone) => words.text("device.microphone-replaced").to_owned(),
        Notice::DeviceReplaced(DeviceKind::Camera) => words.text("device.camera-replaced").to_owned(),
        Notice::DeviceBack(DeviceKind::Microphone) => words.text("device.microphone-back").to_owned(),
        Notice::DeviceBack(DeviceKind::Camera) => words.text("device.camera-back").to_owned(),
        Notice::MicrophoneSilent => words.text("device.silent").to_owned(),
        Notice::MicrophoneHeld => words.text("device.held").to_owned(),
        Notice::DeviceFailed => {
            let mut text = String::new();
            for kind in [DeviceKind::Microphone, DeviceKind::Camera] {
                if let Capture::Failed(problem) = state.capture(kind).get() {
                    text.extend([words.text(device::sentence(kind, problem)), " "]);
                }
            }
            text
        }
    }
}
