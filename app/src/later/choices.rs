//! A box to tick and a menu to choose from, as a panel has them.
//!
//! Separate, because the bar's are larger and say less.

use super::sound::Sound;
use crate::call::Device;
use crate::words::words;
use leptos::prelude::*;
use std::rc::Rc;

/// Something that is on or off, in words.
#[component]
pub(super) fn Tick(
    on: Signal<bool>,
    /// Whether there is no such thing here.
    missing: Signal<bool>,
    testid: &'static str,
    label: &'static str,
    act: Box<dyn Fn()>,
) -> impl IntoView {
    view! {
        <label class="choice" class:empty=missing>
            <input type="checkbox" data-testid=testid prop:checked=on on:change=move |_| act() />
            <span>{words().text(label)}</span>
        </label>
    }
}

/// A menu of devices, where there are any.
#[component]
pub(super) fn Chooser(
    label: &'static str,
    testid: &'static str,
    devices: RwSignal<Vec<Device>>,
    chosen: RwSignal<String>,
    act: Box<dyn Fn(String)>,
) -> impl IntoView {
    let words = words();
    let option = move |device: Device| {
        let id = device.id.clone();
        let selected = Signal::derive(move || chosen.with(|chosen| *chosen == id));
        view! {
            <option value=device.id prop:selected=selected>
                {device.label}
            </option>
        }
    };
    let none = Signal::derive(move || devices.with(Vec::is_empty));
    view! {
        <label class="chooser" class:empty=none>
            <span class="unseen">{words.text(label)}</span>
            <select data-testid=testid on:change=move |event| act(event_target_value(&event))>
                {move || devices.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

/// The menu of loudspeakers, where the browser lets one choose: the system's choice is one of them.
#[component]
pub(super) fn Speaker(sound: Rc<Sound>) -> impl IntoView {
    let words = words();
    let speakers = sound.speakers;
    let fixed = Signal::derive(move || !speakers.list.with(Vec::is_empty));
    view! {
        <Chooser
            label="sound.speaker"
            testid="speaker"
            devices=speakers.list
            chosen=speakers.chosen
            act=Box::new(move |id| sound.choose_speaker(&id))
        />
        <p class="hint" class:empty=fixed>
            {words.text("sound.fixed")}
        </p>
    }
}
