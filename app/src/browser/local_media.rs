//! One's own sound and picture while they are captured.
//!
//! Separate from [`devices`](super::devices), because a track has an owner that must stop it: a camera whose light stays
//! on is the worst bug that a program like this can have.

use super::devices::Kind;
use super::error::BrowserError;
use super::listener::Listener;
use super::slot::{Slot, Source};
use wasm_bindgen::JsCast;
use web_sys::{MediaStream, MediaStreamTrack};

/// One captured track. Stops when dropped, and the light with it.
pub struct LocalTrack {
    track: MediaStreamTrack,
    _ended: Listener,
}

impl LocalTrack {
    /// Takes a track. `ended` is called if the system, or the person by taking a permission back, ends it.
    pub fn new(track: MediaStreamTrack, mut ended: impl FnMut() + 'static) -> Self {
        let _ended = Listener::new(&track, "ended", move |_| ended());
        Self { track, _ended }
    }

    /// Returns the browser's track.
    pub fn track(&self) -> &MediaStreamTrack {
        &self.track
    }

    /// Returns the id of the device it comes from.
    pub fn device(&self) -> String {
        js_sys::Reflect::get(&self.track.get_settings(), &"deviceId".into())
            .ok()
            .and_then(|id| id.as_string())
            .unwrap_or_default()
    }
}

impl Drop for LocalTrack {
    fn drop(&mut self) {
        self.track.stop();
    }
}

/// Everything that is captured now.
pub struct LocalMedia {
    /// What one sees of oneself, by [`Source`]: the pictures alone, so that nobody hears themselves.
    previews: [MediaStream; 2],
    /// Names the stream that microphone and camera share, for lip-sync at the far end. Holds no track.
    label: MediaStream,
    /// By [`Slot`].
    tracks: [Option<LocalTrack>; 4],
}

impl LocalMedia {
    /// Begins with nothing captured.
    ///
    /// # Errors
    /// When the browser has no media streams.
    pub fn new() -> Result<Self, BrowserError> {
        let previews = [MediaStream::new()?, MediaStream::new()?];
        Ok(Self { previews, label: MediaStream::new()?, tracks: Default::default() })
    }

    /// Returns what to show of oneself. The same stream whatever is captured; whatever is in it is stopped with what it shows.
    pub fn preview(&self, source: Source) -> &MediaStream {
        &self.previews[source as usize]
    }

    /// Returns the stream that the tracks are said to belong to.
    pub fn label(&self) -> &MediaStream {
        &self.label
    }

    /// Returns what is captured for a slot.
    pub fn track(&self, slot: Slot) -> Option<&LocalTrack> {
        self.tracks[slot as usize].as_ref()
    }

    /// Captures this for a slot now, and stops what was captured before.
    pub fn put(&mut self, slot: Slot, track: Option<LocalTrack>) {
        let preview = &self.previews[slot.source() as usize];
        let place = &mut self.tracks[slot as usize];
        if slot.kind() == "video" {
            // Perhaps a copy is shown: that has to end, too.
            for shown in preview.get_tracks() {
                let shown: MediaStreamTrack = shown.unchecked_into();
                preview.remove_track(&shown);
                shown.stop();
            }
            if let Some(new) = &track {
                preview.add_track(&new.track);
            }
        }
        *place = track;
    }
}

impl Drop for LocalMedia {
    fn drop(&mut self) {
        self.put(Slot::Camera, None);
    }
}

/// Returns the tracks of a stream, each with its kind.
pub fn tracks_of(stream: &MediaStream) -> impl Iterator<Item = (Kind, MediaStreamTrack)> {
    stream.get_tracks().into_iter().map(|track| {
        let track: MediaStreamTrack = track.unchecked_into();
        (if track.kind() == "audio" { Kind::Microphone } else { Kind::Camera }, track)
    })
}
