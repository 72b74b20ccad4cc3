//! What the page shows of a call: plain data in signals, without a single browser object.
//!
//! Separate, because components read this and nothing else, and because it exists on the server too, in its first state.

pub use super::tile::{Link, Route, Shown, Source, Tile, Trouble};
pub use crate::browser::devices::{Kind as DeviceKind, TREATMENTS};

use leptos::prelude::*;
use signaling::identity::ParticipantId;
use signaling::protocol::{MediaState, Refusal};

/// Where the visitor stands between the link and the goodbye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before the call: looking at one's own picture.
    GreenRoom,
    /// The click is made, the server has not let one in yet.
    Joining,
    /// In the call.
    InCall,
    /// Left by one's own will.
    Left,
    /// Turned away, or sent out.
    Refused(Refusal),
}

/// What is known of the connection to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signaling {
    /// Not yet welcomed.
    Connecting,
    /// Welcomed, and the socket is open.
    Online,
    /// The server does not answer; a call goes on without it, and the client comes back.
    Away,
}

/// What a capture device is doing, as its toggle shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    /// Turned off by its owner.
    Off,
    /// Wanted, and being opened.
    Starting,
    /// Running.
    On,
    /// Wanted, but it cannot be had.
    Failed(MediaProblem),
}

/// Why a device cannot be had; each is one plain sentence on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaProblem {
    /// There is no such device.
    Missing,
    /// The person, or a policy, said no.
    Denied,
    /// Another program holds it, or it does not start.
    Busy,
    /// It was there and went away.
    Vanished,
}

/// A device that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The browser's id for it.
    pub id: String,
    /// Its name; empty until permission was given.
    pub label: String,
}

/// Something that just happened, for the live region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Someone came.
    Joined(String),
    /// Someone went.
    Left(String),
    /// Someone raised their hand.
    HandRaised(String),
    /// Someone shares their screen.
    Sharing(String),
    /// Someone wrote something, which begins like this.
    Wrote(String, String),
    /// Something that the rest of the program has put into words.
    Said(String),
    /// One speaks and is muted.
    TalkingMuted,
    /// A file cannot be offered.
    NotOffered,
    /// What a button asked for cannot be loaded.
    NotLoaded,
    /// The screen cannot be shared.
    NotShared,
    /// The link is on the clipboard.
    LinkCopied,
    /// The browser does not let us copy: the link is shown instead.
    LinkNotCopied,
    /// The server is away, and what was chosen about one's address waits for it.
    HidesLater,
    /// A device cannot be had; which, and why, its [`Capture`] tells.
    DeviceFailed,
    /// The device just chosen cannot be had, and the one before goes on.
    DeviceKept,
    /// The device in use went away, and another one of its kind is used.
    DeviceReplaced(DeviceKind),
    /// The device that went away is there again; it is not turned on until somebody says so.
    DeviceBack(DeviceKind),
    /// The microphone is on, and not even noise comes out of it.
    MicrophoneSilent,
    /// The microphone is on, and the system gives it to somebody else.
    MicrophoneHeld,
}

/// What stands beside the faces, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// What people write.
    Chat,
    /// Everyone in the call.
    People,
    /// What is done seldom.
    More,
    /// What is heard and seen, and how.
    Devices,
}

/// Everything the room island shows.
#[derive(Debug, Clone, Copy)]
pub struct CallState {
    /// Where the visitor stands.
    pub stage: RwSignal<Stage>,
    /// The connection to the server.
    pub signaling: RwSignal<Signaling>,
    /// One's own id, once welcomed.
    pub own: RwSignal<Option<ParticipantId>>,
    /// One's own name, as typed.
    pub name: RwSignal<String>,
    /// Everyone in the call, oneself first, in the order of joining.
    pub tiles: RwSignal<Vec<Tile>>,
    /// What the microphone is doing.
    pub microphone: RwSignal<Capture>,
    /// What the camera is doing.
    pub camera: RwSignal<Capture>,
    /// Whether one's screen is being shared.
    pub sharing: RwSignal<bool>,
    /// Whether what is shared is to be smooth, like a film, rather than sharp.
    pub smooth: RwSignal<bool>,
    /// Whether this browser can share a screen.
    pub can_share_screen: RwSignal<bool>,
    /// Whether one's hand is up.
    pub hand: RwSignal<bool>,
    /// Whether whoever speaks is shown large.
    pub speaker_view: RwSignal<bool>,
    /// Who has the floor, of the others.
    pub speaker: RwSignal<Option<ParticipantId>>,
    /// What is shown large because its viewer wants it so.
    pub pinned: RwSignal<Option<Shown>>,
    /// How loud the microphone is, 0 to 100.
    pub level: RwSignal<u8>,
    /// The microphones there are.
    pub microphones: RwSignal<Vec<Device>>,
    /// The cameras there are.
    pub cameras: RwSignal<Vec<Device>>,
    /// The id of the microphone in use, empty for the default.
    pub chosen_microphone: RwSignal<String>,
    /// The id of the camera in use, empty for the default.
    pub chosen_camera: RwSignal<String>,
    /// Whether what can be said without a word is there to choose from.
    pub reacting: RwSignal<bool>,
    /// Whether the call is in a window of its own, too.
    pub floating: RwSignal<bool>,
    /// What stands beside the faces.
    pub panel: RwSignal<Option<Panel>>,
    /// How much others wrote that was not looked at.
    pub unread: RwSignal<u32>,
    /// Whether what the first minute does not need is loaded.
    pub later: RwSignal<bool>,
    /// The last thing worth telling.
    pub notice: RwSignal<Option<Notice>>,
    /// Whether one hears nobody, by one's own will.
    pub deafened: RwSignal<bool>,
    /// What the browser is not to do to the sound of the microphone: a bit for each of [`TREATMENTS`].
    pub untreated: RwSignal<u8>,
    /// Whether the browser holds sound back until a click.
    pub sound_held: RwSignal<bool>,
    /// Whether addresses are to be hidden and the server has no relay, so that nobody is reached.
    pub no_relay: RwSignal<bool>,
    /// The first tile that has a place, and the one after the last: of more than a page holds, the others have none.
    pub page: RwSignal<(u32, u32)>,
    /// Changes whenever there is a new element that shows somebody.
    pub attached: RwSignal<u8>,
    /// Whether this browser can share a link by itself (Web Share).
    pub can_share: RwSignal<bool>,
    /// The room's link, as it is handed on; empty until the call starts.
    pub address: RwSignal<String>,
}

impl CallState {
    /// The first state, the same on the server and in the browser.
    pub fn new(name: String) -> Self {
        Self {
            stage: RwSignal::new(Stage::GreenRoom),
            signaling: RwSignal::new(Signaling::Connecting),
            own: RwSignal::new(None),
            name: RwSignal::new(name),
            tiles: RwSignal::new(Vec::new()),
            microphone: RwSignal::new(Capture::Starting),
            camera: RwSignal::new(Capture::Starting),
            sharing: RwSignal::new(false),
            smooth: RwSignal::new(false),
            can_share_screen: RwSignal::new(false),
            hand: RwSignal::new(false),
            speaker_view: RwSignal::new(false),
            speaker: RwSignal::new(None),
            pinned: RwSignal::new(None),
            level: RwSignal::new(0),
            microphones: RwSignal::new(Vec::new()),
            cameras: RwSignal::new(Vec::new()),
            chosen_microphone: RwSignal::new(String::new()),
            chosen_camera: RwSignal::new(String::new()),
            reacting: RwSignal::new(false),
            floating: RwSignal::new(false),
            panel: RwSignal::new(None),
            unread: RwSignal::new(0),
            later: RwSignal::new(false),
            notice: RwSignal::new(None),
            deafened: RwSignal::new(false),
            untreated: RwSignal::new(0),
            sound_held: RwSignal::new(false),
            no_relay: RwSignal::new(false),
            page: RwSignal::new((0, u32::MAX)),
            attached: RwSignal::new(0),
            can_share: RwSignal::new(false),
            address: RwSignal::new(String::new()),
        }
    }

    /// Shows whoever speaks large, or all alike. Whoever asks for that does not mean what was pinned before.
    pub(super) fn toggle_speaker_view(&self) {
        self.pinned.set(None);
        self.speaker_view.update(|on| *on = !*on);
    }

    /// Returns what the others are to know of the devices.
    pub fn media(&self) -> MediaState {
        MediaState {
            microphone: self.microphone.get_untracked() == Capture::On,
            camera: self.camera.get_untracked() == Capture::On,
            screen: self.sharing.get_untracked(),
            hand: self.hand.get_untracked(),
        }
    }

    /// Returns what its owner wants the devices to do, whether or not they do.
    pub fn wanted(&self) -> MediaState {
        MediaState {
            microphone: self.microphone.get_untracked() != Capture::Off,
            camera: self.camera.get_untracked() != Capture::Off,
            ..MediaState::default()
        }
    }

    /// Returns the signal of the devices that there are of a kind.
    pub fn devices(&self, kind: DeviceKind) -> RwSignal<Vec<Device>> {
        match kind {
            DeviceKind::Microphone => self.microphones,
            DeviceKind::Camera => self.cameras,
        }
    }

    /// Returns the signal of the chosen device of a kind.
    pub fn chosen(&self, kind: DeviceKind) -> RwSignal<String> {
        match kind {
            DeviceKind::Microphone => self.chosen_microphone,
            DeviceKind::Camera => self.chosen_camera,
        }
    }

    /// Returns the signal of one kind of device.
    pub fn capture(&self, kind: DeviceKind) -> RwSignal<Capture> {
        match kind {
            DeviceKind::Microphone => self.microphone,
            DeviceKind::Camera => self.camera,
        }
    }
}
