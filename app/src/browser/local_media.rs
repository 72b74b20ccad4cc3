//! One's own sound and picture while they are captured.
//!
//! Separate from [`devices`](super::devices), because a track has an owner that must stop it: a camera whose light stays
//! on is the worst bug that a program like this can have.

use super::devices::Kind;
use super::error::BrowserError;
use super::listener::Listener;
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
    /// What one sees of oneself: the camera alone, so that nobody hears themselves.
    preview: MediaStream,
    /// Names the stream that microphone and camera share, for lip-sync at the far end. Holds no track.
    label: MediaStream,
    microphone: Option<LocalTrack>,
    camera: Option<LocalTrack>,
}

impl LocalMedia {
    /// Begins with nothing captured.
    ///
    /// # Errors
    /// When the browser has no media streams.
    pub fn new() -> Result<Self, BrowserError> {
        Ok(Self { preview: MediaStream::new()?, label: MediaStream::new()?, microphone: None, camera: None })
    }

    /// Returns what to show of oneself. The same stream whatever the camera does.
    pub fn preview(&self) -> &MediaStream {
        &self.preview
    }

    /// Returns the stream that the tracks are said to belong to.
    pub fn label(&self) -> &MediaStream {
        &self.label
    }

    /// Returns the track of a kind, if captured.
    pub fn track(&self, kind: Kind) -> Option<&LocalTrack> {
        match kind {
            Kind::Microphone => self.microphone.as_ref(),
            Kind::Camera => self.camera.as_ref(),
        }
    }

    /// Captures this of a kind now, and stops what was captured before.
    pub fn put(&mut self, kind: Kind, track: Option<LocalTrack>) {
        match kind {
            Kind::Microphone => self.microphone = track,
            Kind::Camera => {
                if let Some(old) = &self.camera {
                    self.preview.remove_track(&old.track);
                }
                if let Some(new) = &track {
                    self.preview.add_track(&new.track);
                }
                self.camera = track;
            }
        }
    }
}

/// Returns the tracks of a stream, each with its kind.
pub fn tracks_of(stream: &MediaStream) -> impl Iterator<Item = (Kind, MediaStreamTrack)> {
    stream.get_tracks().into_iter().map(|track| {
        let track: MediaStreamTrack = track.unchecked_into();
        (if track.kind() == "audio" { Kind::Microphone } else { Kind::Camera }, track)
    })
}
