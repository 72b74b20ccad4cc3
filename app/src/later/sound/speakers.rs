//! Which loudspeaker plays (Audio Output Devices API).
//!
//! Separate, because it is chosen as a camera is, and yet is nothing that is captured.

use super::loose::{get, text};
use crate::browser::devices::devices;
use crate::browser::page::{Memory, window};
use crate::call::Device;
use crate::words::words;
use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

const KEY: &str = "parlour.speaker";

/// The loudspeakers there are, and the one in use.
#[derive(Clone, Copy)]
pub(in crate::later) struct Speakers {
    /// What the system's choice is called.
    usual: &'static str,
    /// Those that can be chosen, the system's choice first; none where the browser lets nobody choose.
    pub(in crate::later) list: RwSignal<Vec<Device>>,
    /// The id of the one in use, empty for the system's choice, which the browser follows by itself.
    pub(in crate::later) chosen: RwSignal<String>,
}

impl Speakers {
    pub(super) fn new() -> Self {
        Self {
            usual: words().text("sound.default"),
            list: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(String::new()),
        }
    }

    /// Looks which there are. One that is gone gives way to the system's choice until it is back.
    pub(super) async fn list(self) {
        let element = get(&get(&window(), "HTMLMediaElement"), "prototype");
        if !Reflect::has(&element, &"setSinkId".into()).unwrap_or(false) {
            return;
        }
        let Ok(Ok(asked)) = devices().map(|devices| devices.enumerate_devices()) else { return };
        let Ok(found) = JsFuture::from(asked).await else { return };
        let found = Array::from(&found).into_iter().filter(|device| text(device, "kind") == "audiooutput");
        let list: Vec<_> =
            found.map(|device| Device { id: text(&device, "deviceId"), label: text(&device, "label") }).collect();
        let wanted = Memory::Browser.recall(KEY).filter(|wanted| list.iter().any(|device| device.id == *wanted));
        let mut list: Vec<_> = list.into_iter().filter(is_one).collect();
        if !list.is_empty() {
            list.insert(0, Device { id: String::new(), label: self.usual.to_owned() });
        }
        // A page that is gone meanwhile has no signals.
        let _ = self.list.try_set(list);
        let _ = self.chosen.try_set(wanted.unwrap_or_default());
    }

    /// Uses another one from now on.
    pub(super) fn choose(self, id: &str) {
        if id.is_empty() {
            Memory::Browser.forget(KEY);
        } else {
            Memory::Browser.remember(KEY, id);
        }
        self.chosen.set(id.to_owned());
    }
}

/// The system's choice has an entry of its own in some browsers, and before a permission none has a name.
fn is_one(device: &Device) -> bool {
    !["", "default", "communications"].contains(&device.id.as_str())
}
