//! The green room: one's own picture, one's name, and the way in.
//!
//! Separate, because it is the one part of the island that the server renders too.

use super::device::{self, Control};
use super::lean::effect;
use crate::call::{Call, Capture, DeviceKind, Notice, Signaling, Source, Stage};
use crate::words::words;
use leptos::html;
use leptos::prelude::*;
use signaling::limits;

/// What one does before the call.
///
/// On the server it renders the same first state that the browser begins with.
#[component]
pub(super) fn GreenRoom(call: Call, inside: u32) -> impl IntoView {
    let words = words();
    let joining = Signal::derive(move || call.state.stage.get() == Stage::Joining);
    let problem = Signal::derive(move || {
        if joining.get() && call.state.signaling.get() == Signaling::Away {
            return Some(words.text("green.no-answer"));
        }
        match call.state.microphone.get() {
            Capture::Failed(problem) => Some(words.text(device::sentence(DeviceKind::Microphone, problem))),
            _ if call.state.notice.get() == Some(Notice::DeviceKept) => Some(words.text("device.kept")),
            Capture::Off | Capture::Starting | Capture::On => None,
        }
    });
    let busy = Signal::derive(move || if joining.get() { "true" } else { "false" });
    let who =
        if inside == 0 { words.text("green.inside.nobody").to_owned() } else { words.count("green.inside", inside) };
    view! {
        <section class="green">
            <div class="mirror">
                <Preview call />
                <div class="controls">
                    <Control call kind=DeviceKind::Microphone />
                    <Control call kind=DeviceKind::Camera />
                </div>
            </div>
            // Before the wasm is there, a form of this kind goes nowhere, and so does not lose what was typed.
            <form
                class="entry"
                method="dialog"
                on:submit=move |event| {
                    event.prevent_default();
                    call.join();
                }
            >
                <h1>{words.text("green.title")}</h1>
                <p>{who}</p>
                <NameField call />
                <button class="button primary" data-testid="join" class:busy=joining aria-busy=busy>
                    <span class="calm">{words.text("green.join")}</span>
                    <span class="hurry">{words.text("green.joining")}</span>
                </button>
                <p class="problem" data-testid="notice" role="status">
                    {problem}
                </p>
            </form>
        </section>
    }
}

#[component]
fn Preview(call: Call) -> impl IntoView {
    let words = words();
    let video = NodeRef::<html::Video>::new();
    effect(move || {
        if let Some(video) = video.get() {
            call.attach(None, Source::Camera, video);
        }
    });
    let state = Signal::derive(move || match call.state.camera.get() {
        Capture::Starting => Some(words.text("green.camera-starting")),
        Capture::Off => Some(words.text("green.camera-off")),
        Capture::Failed(problem) => Some(words.text(device::sentence(DeviceKind::Camera, problem))),
        Capture::On => None,
    });
    view! {
        <div class="picture">
            <p role="status">{state}</p>
            <video
                data-testid="preview"
                aria-label=words.text("green.preview")
                node_ref=video
                autoplay
                muted
                playsinline
                prop:muted=true
            />
        </div>
    }
}

#[component]
fn NameField(call: Call) -> impl IntoView {
    let words = words();
    let name = call.state.name;
    let field = NodeRef::<html::Input>::new();
    // What was typed before the wasm arrived wins over what is remembered.
    let mut first = true;
    effect(move || {
        let Some(field) = field.get() else { return };
        let typed = field.value();
        if std::mem::take(&mut first) && !typed.is_empty() {
            name.set(typed);
        } else if name.get() != typed {
            field.set_value(&name.get());
        }
    });
    view! {
        <label class="field">
            <span>{words.text("green.name")}</span>
            <input
                data-testid="name-input"
                name="name"
                type="text"
                dir="auto"
                autocomplete="nickname"
                autocapitalize="words"
                spellcheck="false"
                maxlength=limits::NAME_CHARS.to_string()
                placeholder=words.text("green.guest")
                value=name.get_untracked()
                node_ref=field
                on:input=move |event| name.set(event_target_value(&event))
            />
        </label>
    }
}
