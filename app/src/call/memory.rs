//! What the browser remembers between pages: the name and the devices for good, the place in a call for this tab.
//!
//! Separate, because the keys are a contract with oneself, and with the scripts of the pages (`full.js`, `languages.js`).

use super::state::{CallState, Capture, DeviceKind, TREATMENTS};
use crate::browser::page::{self, Memory};
use leptos::prelude::*;
use signaling::identity::{ResumeToken, RoomId};
use signaling::protocol::MediaState;

const NAME: &str = "parlour.name";
const HIDDEN: &str = "parlour.hidden";
const NO_KEYS: &str = "parlour.no-keys";
/// Before the name of what is not to be done to the microphone's sound.
const UNTREATED: &str = "parlour.no-";
/// What the page that a full room shows leaves for the next one, when it was the one that was loaded again.
const RELOAD: &str = "parlour.reload";

fn device_key(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Microphone => "parlour.microphone",
        DeviceKind::Camera => "parlour.camera",
    }
}

/// A place in a call, as a reload of the page finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    /// Proves whose it is.
    pub(super) token: ResumeToken,
    /// What was on, so that nothing is turned on that was off.
    pub(super) media: MediaState,
}

impl Seat {
    /// Returns the seat of this tab in a room, if it had one.
    pub(super) fn recall(room: &RoomId) -> Option<Self> {
        Self::read(&Memory::Tab.recall(&seat_key(room))?)
    }

    /// The token, and a letter for each device that was on: no JSON, since a reader of it weighs in the download.
    fn write(&self) -> String {
        let letter = |on, letter| if on { letter } else { "" };
        let MediaState { microphone, camera, .. } = self.media;
        [self.token.as_str(), letter(microphone, "m"), letter(camera, "c")].concat()
    }

    fn read(text: &str) -> Option<Self> {
        let (token, on) = text.split_at_checked(RoomId::LENGTH)?;
        let media = MediaState { microphone: on.contains('m'), camera: on.contains('c'), ..MediaState::default() };
        Some(Self { token: ResumeToken::parse(token).ok()?, media })
    }

    /// Remembers the seat for as long as the tab lives.
    pub(super) fn remember(&self, room: &RoomId) {
        Memory::Tab.remember(&seat_key(room), &self.write());
    }

    /// Forgets the seat.
    pub(super) fn forget(room: &RoomId) {
        Memory::Tab.forget(&entry_key(room));
        Memory::Tab.forget(&seat_key(room));
    }
}

/// Remembers when this tab came into a call, however often it is loaded again there.
pub(super) fn remember_entry(room: &RoomId) {
    if Memory::Tab.recall(&entry_key(room)).is_none() {
        Memory::Tab.remember(&entry_key(room), &page::seconds().to_string());
    }
}

/// Returns when this tab came into a call, in seconds of the day's clock.
pub(crate) fn recall_entry(room: &RoomId) -> Option<String> {
    Memory::Tab.recall(&entry_key(room))
}

fn entry_key(room: &RoomId) -> String {
    ["parlour.since.", room.as_str()].concat()
}

fn seat_key(room: &RoomId) -> String {
    ["parlour.", room.as_str()].concat()
}

/// For how long a page waits for the lock of its seat. A busy browser takes a while to take it from the page before.
pub(super) const LOCK_PATIENCE_MS: u32 = 500;
/// The same for a page that was loaded again: the one before is surely going, and whoever takes its end for that of another
/// would come back as a stranger.
pub(super) const RELOAD_PATIENCE_MS: u32 = 5_000;

/// Returns whether this page is one that was in the call, loaded again; once, since it is forgotten by that.
pub(super) fn was_reloaded(room: &RoomId) -> bool {
    let told = Memory::Tab.recall(RELOAD).is_some_and(|told| told == room.as_str());
    Memory::Tab.forget(RELOAD);
    told || page::was_reloaded()
}

/// Names the lock that the page in a seat holds.
pub(super) fn lock_name(token: &ResumeToken) -> String {
    ["parlour.", token.as_str()].concat()
}

/// Fills in what this browser remembers of its owner.
pub(super) fn recall_preferences(state: &CallState) {
    if state.name.with_untracked(String::is_empty)
        && let Some(name) = Memory::Browser.recall(NAME)
    {
        state.name.set(name);
    }
    for kind in [DeviceKind::Microphone, DeviceKind::Camera] {
        if let Some(id) = Memory::Browser.recall(device_key(kind)) {
            state.chosen(kind).set(id);
        }
    }
    show_self_as_remembered();
    let untreated = TREATMENTS.into_iter().rev().map(|name| is_marked(&[UNTREATED, name].concat()));
    state.untreated.set(untreated.fold(0, |all, untreated| all << 1 | u8::from(untreated)));
}

/// The marks of one's own picture, where it is hidden from oneself, and where it is not turned round like a mirror's.
pub(crate) const SELF_HIDDEN: &str = "parlour.hide-self";
/// See [`SELF_HIDDEN`].
pub(crate) const UNMIRRORED: &str = "parlour.no-mirror";

/// Shows one's own picture as its owner likes it; the style sheet does the rest.
pub(crate) fn show_self_as_remembered() {
    page::mark_root("data-hide-self", is_marked(SELF_HIDDEN));
    page::mark_root("data-unmirrored", is_marked(UNMIRRORED));
}

/// Remembers what is not to be done to the microphone's sound.
pub(crate) fn remember_untreated(untreated: u8) {
    for (place, name) in TREATMENTS.into_iter().enumerate() {
        mark(&[UNTREATED, name].concat(), untreated >> place & 1 == 1);
    }
}

/// Remembers a name.
pub(super) fn remember_name(name: &str) {
    Memory::Browser.remember(NAME, name);
}

/// Returns whether the network address is to be hidden.
pub(super) fn recall_hiding() -> bool {
    is_marked(HIDDEN)
}

/// Remembers whether the network address is to be hidden.
pub(super) fn remember_hiding(hidden: bool) {
    mark(HIDDEN, hidden);
}

/// Returns whether the keys of the call are used.
pub(super) fn recall_keys() -> bool {
    !is_marked(NO_KEYS)
}

/// Remembers whether the keys of the call are used.
pub(super) fn remember_keys(used: bool) {
    mark(NO_KEYS, !used);
}

pub(crate) fn is_marked(key: &str) -> bool {
    Memory::Browser.recall(key).is_some()
}

pub(crate) fn mark(key: &str, on: bool) {
    if on {
        Memory::Browser.remember(key, "");
    } else {
        Memory::Browser.forget(key);
    }
}

/// Remembers a device.
pub(crate) fn remember_device(kind: DeviceKind, id: &str) {
    Memory::Browser.remember(device_key(kind), id);
}

/// Leaves off what is not wanted: by a click that came before the program, or on the page that was reloaded.
pub(super) fn restore_devices(state: &CallState, media: MediaState) {
    for (kind, on) in [(DeviceKind::Microphone, media.microphone), (DeviceKind::Camera, media.camera)] {
        if !on {
            state.capture(kind).set(Capture::Off);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_found_as_it_was_left() {
        for (microphone, camera) in [(false, false), (true, false), (false, true), (true, true)] {
            let seat = Seat {
                token: ResumeToken::from_bytes([7; 16]),
                media: MediaState { microphone, camera, ..MediaState::default() },
            };
            assert_eq!(Seat::read(&seat.write()), Some(seat));
        }
        for text in ["", "mc", "{\"token\":\"AAAAAAAAAAAAAAAAAAAAAg\"}"] {
            assert_eq!(Seat::read(text), None, "{text}");
        }
    }
}
