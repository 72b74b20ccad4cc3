//! The call as components see it: [`CallState`] to read, [`Call`] to act on.
//!
//! Separate, because it is the only door between the page and the browser's media and sockets.

mod capture;
pub(crate) mod engine;
mod hiding;
mod keys;
pub(crate) mod later;
pub(crate) mod memory;
mod mesh;
mod screens;
mod sharing;
mod socket;
mod speaker;
mod stages;
mod state;
mod tile;
mod told;
mod watch;

pub(crate) use engine::Engine;
pub use state::*;

use crate::browser::local_media::LocalMedia;
use crate::browser::{display, lock, page};
use leptos::prelude::*;
use leptos::reactive::send_wrapper_ext::SendOption;
use memory::Seat;
use signaling::call::Event;
use signaling::identity::{ParticipantId, RoomId};
use signaling::protocol::MediaState;
use std::rc::Rc;
use web_sys::{FileList, HtmlVideoElement};

/// The handle to the one call of this page. On the server it holds nothing, and its methods are never reached.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// What to show.
    pub state: CallState,
    /// Made by [`Call::start`]. Empty, it may be dropped on any thread of a server.
    engine: StoredValue<SendOption<Rc<Engine>>>,
    /// What someone without a name is called.
    nobody: &'static str,
}

impl Call {
    /// Makes the handle; touches no device and no network, so it may be called on the server.
    pub fn new(name: String, nobody: &'static str) -> Self {
        Self { state: CallState::new(name), engine: StoredValue::new(SendOption::new_local(None)), nobody }
    }

    /// Opens the devices that are wanted and the socket; in the browser, once, from an effect of the island. With
    /// `auto_join` it enters the call as soon as the devices are ready, and so it does when the page is reloaded in a call.
    pub fn start(self, room: RoomId, wanted: MediaState, auto_join: bool) {
        memory::recall_preferences(&self.state);
        memory::restore_devices(&self.state, wanted);
        self.state.can_share.set(page::can_share());
        self.state.can_share_screen.set(display::can_share_screen());
        page::tidy_address();
        self.state.address.set(page::link());
        // A browser without media streams has no calls; the page says so before it loads this program.
        let Ok(media) = LocalMedia::new() else { return };
        let engine = Engine::new(self.state, room, media);
        self.engine.update_value(|slot| **slot = Some(engine.clone()));
        engine.recall_hiding();
        engine.recall_keys();
        engine.watch();
        leptos::task::spawn_local(async move { self.enter(&engine, auto_join).await });
    }

    async fn enter(self, engine: &Rc<Engine>, auto_join: bool) {
        let reloaded = memory::was_reloaded(&engine.room);
        let seat = free_seat(&engine.room, reloaded).await;
        engine.begin(seat.as_ref());
        let returns = seat.filter(|_| reloaded);
        if let Some(seat) = &returns {
            // Back at once, so that the others see no goodbye; the devices follow.
            memory::restore_devices(&self.state, seat.media);
            self.join();
        }
        // The devices take their time, which is there to be used.
        let (devices, spare) = (engine.open_devices(&capture::KINDS), async { engine.keep_spare() });
        futures::join!(devices, spare);
        // Whoever pressed Join while the browser was asking for the devices may be in the call, or have left it again.
        if auto_join && self.state.stage.get_untracked() == Stage::GreenRoom {
            self.join();
        }
    }

    /// Enters the call.
    pub fn join(self) {
        self.with(|engine| engine.join(self.nobody));
    }

    /// Leaves the call for good.
    pub fn leave(self) {
        self.with(|engine| engine.tell(Event::Leave));
    }

    /// Tries at once to reach someone.
    pub fn hurry(self, id: ParticipantId) {
        self.with(|engine| engine.tell(Event::Hurry(id)));
    }

    /// Opens what stands beside the faces, or closes it.
    pub fn toggle_panel(self, panel: Panel) {
        self.with(|engine| engine.toggle_panel(panel));
    }

    /// Offers what can be said without a word, or no more.
    pub fn toggle_reactions(self) {
        self.with(Engine::toggle_reactions);
    }

    /// Closes what stands beside the faces.
    pub fn close_panel(self) {
        self.state.panel.set(None);
    }

    /// Opens the card that helps with troubles, and puts into it what the flight recorder holds.
    pub fn open_trouble(self) {
        self.with(|engine| page::open_trouble(&engine.recorder.borrow().text()));
    }

    /// Turns a device off, or on again.
    pub fn toggle(self, kind: DeviceKind) {
        self.with(|engine| engine.toggle(kind));
    }

    /// Uses the device again that went away and came back.
    pub fn take_back(self, kind: DeviceKind) {
        self.with(|engine| engine.take_back(kind));
    }

    /// Uses another device, now or when it is turned on.
    pub fn choose(self, kind: DeviceKind, id: String) {
        self.with(|engine| engine.choose(kind, id));
    }

    /// Shows something of a participant (and plays its sound) in this element; one's own before the call with `None`.
    pub fn attach(self, participant: Option<ParticipantId>, source: Source, video: HtmlVideoElement) {
        self.with(|engine| engine.attach(participant, source, video));
    }

    /// Puts the tile of something `at` a place from the start and the top, with a width and a height, in CSS pixels.
    pub fn place(self, shown: Shown, at: (u32, u32), size: (u32, u32), is_large: bool) {
        self.with(|engine| engine.place(shown, at, size, is_large));
    }

    /// Shares one's screen, or no more. To be called on a click.
    pub fn toggle_sharing(self) {
        self.with(Engine::toggle_sharing);
    }

    /// Lets what is shared be smooth rather than sharp, or the other way round.
    pub fn toggle_smooth(self) {
        self.state.smooth.update(|smooth| *smooth = !*smooth);
        self.with(|engine| engine.hint_screen());
    }

    /// Uses the microphone again that the system gave to somebody else. To be called on a click.
    pub fn resume_microphone(self) {
        // Only that part of the program finds out that it is kept from us.
        if self.state.later.get_untracked() {
            crate::later::resume(self);
        }
    }

    /// Hears nobody, or everybody again.
    pub fn toggle_deafened(self) {
        self.with(Engine::toggle_deafened);
    }

    /// Loads what the first minute of a call does not need, because somebody asks for it.
    pub fn want_later(self) {
        self.with(Engine::want_later);
    }

    /// Raises one's hand, or lowers it.
    pub fn toggle_hand(self) {
        self.with(Engine::toggle_hand);
    }

    /// Shows whoever speaks large, or all alike.
    pub fn toggle_speaker_view(self) {
        self.state.toggle_speaker_view();
    }

    /// Shows this large until it is said otherwise, or no more.
    pub fn toggle_pin(self, shown: Shown) {
        self.state.pinned.update(|pinned| *pinned = if *pinned == Some(shown) { None } else { Some(shown) });
    }

    /// Puts the room's link on the clipboard.
    pub fn copy_link(self) {
        self.with(|engine| {
            let engine = engine.clone();
            leptos::task::spawn_local(async move {
                let copied = page::copy(&page::link()).await.is_ok();
                engine.notice(if copied { Notice::LinkCopied } else { Notice::LinkNotCopied });
            });
        });
    }

    /// Offers the room's link to other programs (Web Share).
    pub fn share_link(self) {
        page::share(&page::link());
    }

    /// Returns what is behind the call, for what is loaded later.
    pub(crate) fn engine(self) -> Option<Rc<Engine>> {
        // Cloned out: acting may lead back here.
        self.engine.with_value(|slot| slot.as_ref().cloned())
    }

    /// Offers files to everyone.
    pub(crate) fn offer(self, files: &FileList) {
        self.with(|engine| engine.offer(files.clone()));
    }

    fn with(self, act: impl FnOnce(&Rc<Engine>)) {
        if let Some(engine) = self.engine() {
            act(&engine);
        }
    }
}

/// Returns the seat that this tab had in a room, unless another tab sits in it: then this one is a duplicate.
async fn free_seat(room: &RoomId, reloaded: bool) -> Option<Seat> {
    let seat = Seat::recall(room)?;
    let patience = if reloaded { memory::RELOAD_PATIENCE_MS } else { memory::LOCK_PATIENCE_MS };
    if lock::hold(&memory::lock_name(&seat.token), patience).await {
        return Some(seat);
    }
    Seat::forget(room);
    None
}
