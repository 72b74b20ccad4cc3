//! Turning microphone and camera on and off, choosing among several, and saying why one cannot be had.
//!
//! Separate, because the green room and the call use the same controls.

use super::{icons, lean::effect};
use crate::call::{Call, Capture, Device, DeviceKind, MediaProblem};
use crate::words::words;
use leptos::html;
use leptos::prelude::*;

/// Turns a device on and off, and chooses among several; the microphone shows how loud it is.
#[component]
pub(super) fn Control(call: Call, kind: DeviceKind) -> impl IntoView {
    let pair = NodeRef::<html::Div>::new();
    effect(move || {
        let (Some(pair), DeviceKind::Microphone) = (pair.get(), kind) else { return };
        // Through the object model, because the content security policy forbids style attributes. Setting fails only for a
        // read-only style, which an element's is not.
        let _ = web_sys::HtmlElement::style(&pair).set_property("--level", &call.state.level.get().to_string());
    });
    view! {
        <div class="pair" node_ref=pair>
            <Toggle call kind />
            <Menu call kind />
        </div>
    }
}

/// Turns a device on and off: pressed means on.
#[component]
pub(crate) fn Toggle(call: Call, kind: DeviceKind) -> impl IntoView {
    let capture = call.state.capture(kind);
    let on_or_coming = move || matches!(capture.get(), Capture::On | Capture::Starting);
    let pressed = Signal::derive(move || if on_or_coming() { "true" } else { "false" });
    let (testid, label, on, off) = match kind {
        DeviceKind::Microphone => ("toggle-mic", "device.microphone", icons::MIC, icons::MIC_OFF),
        DeviceKind::Camera => ("toggle-camera", "device.camera", icons::CAMERA, icons::CAMERA_OFF),
    };
    view! {
        <button type="button" class="control" data-testid=testid aria-pressed=pressed on:click=move |_| call.toggle(kind)>
            <span class="icon if-on" aria-hidden="true" inner_html=on />
            <span class="icon if-off" aria-hidden="true" inner_html=off />
            <span class="label">{words().text(label)}</span>
            <span class="level" aria-hidden="true" />
        </button>
    }
}

/// Chooses a device, where there are any; a native menu, so it works as menus do on this machine. Its place is kept before
/// the devices are known, so that nothing moves when they are.
#[component]
fn Menu(call: Call, kind: DeviceKind) -> impl IntoView {
    let words = words();
    let (devices, chosen, label, nameless) = match kind {
        DeviceKind::Microphone => (
            call.state.microphones,
            call.state.chosen_microphone,
            "device.choose-microphone",
            "device.nameless-microphone",
        ),
        DeviceKind::Camera => {
            (call.state.cameras, call.state.chosen_camera, "device.choose-camera", "device.nameless-camera")
        }
    };
    let option = move |(place, device): (usize, Device)| {
        let number = (place + 1).to_string();
        let name = if device.label.is_empty() { words.with(nameless, &[("number", &number)]) } else { device.label };
        let id = device.id.clone();
        view! {
            <option value=device.id prop:selected=move || chosen.get() == id>
                {name}
            </option>
        }
    };
    let none = Signal::derive(move || devices.with(Vec::is_empty));
    view! {
        <label class="menu">
            <span class="icon" aria-hidden="true" inner_html=icons::CHEVRON />
            <select
                aria-label=words.text(label)
                disabled=none
                on:change=move |event| call.choose(kind, event_target_value(&event))
            >
                {move || devices.get().into_iter().enumerate().map(option).collect_view()}
            </select>
        </label>
    }
}

/// Says why a device cannot be had, and what to do about it.
pub(super) fn sentence(kind: DeviceKind, problem: MediaProblem) -> &'static str {
    match (kind, problem) {
        (DeviceKind::Microphone, MediaProblem::Missing) => "device.microphone-missing",
        (DeviceKind::Microphone, MediaProblem::Denied) => "device.microphone-denied",
        (DeviceKind::Microphone, MediaProblem::Busy) => "device.microphone-busy",
        (DeviceKind::Microphone, MediaProblem::Vanished) => "device.microphone-vanished",
        (DeviceKind::Camera, MediaProblem::Missing) => "device.camera-missing",
        (DeviceKind::Camera, MediaProblem::Denied) => "device.camera-denied",
        (DeviceKind::Camera, MediaProblem::Busy) => "device.camera-busy",
        (DeviceKind::Camera, MediaProblem::Vanished) => "device.camera-vanished",
    }
}
