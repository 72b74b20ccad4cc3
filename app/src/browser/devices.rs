//! Cameras and microphones: which there are, opening them, and why one cannot be had (Media Capture and Streams).
//!
//! Separate from [`local_media`](super::local_media), which is about what is being captured.

use super::error::BrowserError;
use super::page::window;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamConstraints};

/// The size and rate that a camera is asked for. A mesh sends it once to each, so it starts small.
pub const CAPTURE_WIDTH: u32 = 640;
/// See [`CAPTURE_WIDTH`].
pub const CAPTURE_HEIGHT: u32 = 360;
/// See [`CAPTURE_WIDTH`].
pub const CAPTURE_RATE: u32 = 30;

/// A kind of capture device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sound.
    Microphone,
    /// Picture.
    Camera,
}

/// A device to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id, empty for the default.
    pub id: String,
    /// Whether it is known to be there. Then it is this one or none; otherwise one that is gone gives way to another.
    pub there: bool,
}

/// What a browser may do to the sound of a microphone: take noise away, take away what the loudspeaker plays, and even out how
/// loud it is (Media Capture and Streams §4.3.8).
pub const TREATMENTS: [&str; 3] = ["noiseSuppression", "echoCancellation", "autoGainControl"];

/// What to open: for each kind which, if it is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// A bit for each of [`TREATMENTS`] that is not wanted.
    pub untreated: u8,
    microphone: Option<Choice>,
    camera: Option<Choice>,
}

impl Wish {
    /// Wants a kind too.
    pub fn add(&mut self, kind: Kind, choice: Choice) {
        match kind {
            Kind::Microphone => self.microphone = Some(choice),
            Kind::Camera => self.camera = Some(choice),
        }
    }

    /// Returns whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.microphone.is_none() && self.camera.is_none()
    }

    /// Returns whether both kinds are wanted.
    pub fn is_for_both(&self) -> bool {
        self.microphone.is_some() && self.camera.is_some()
    }

    /// Returns the part for one kind, if it is wanted.
    pub fn only(&self, kind: Kind) -> Option<Self> {
        let wish = match kind {
            Kind::Microphone => Self { camera: None, ..self.clone() },
            Kind::Camera => Self { microphone: None, ..self.clone() },
        };
        (!wish.is_empty()).then_some(wish)
    }
}

/// Returns the devices interface, which an insecure page does not have.
///
/// # Errors
/// [`BrowserError`] on such a page.
pub fn devices() -> Result<MediaDevices, BrowserError> {
    let devices = window().navigator().media_devices()?;
    if devices.is_undefined() { Err(JsValue::UNDEFINED.into()) } else { Ok(devices) }
}

/// Lists the devices of a kind as (id, label). Labels are empty until a permission was given.
///
/// # Errors
/// When the browser does not tell.
pub async fn list() -> Result<Vec<(Kind, String, String)>, BrowserError> {
    let found = JsFuture::from(devices()?.enumerate_devices()?).await?;
    let known = Array::from(&found).into_iter().filter_map(|entry| {
        let entry: MediaDeviceInfo = entry.unchecked_into();
        let kind = match entry.kind() {
            MediaDeviceKind::Audioinput => Kind::Microphone,
            MediaDeviceKind::Videoinput => Kind::Camera,
            _ => return None,
        };
        Some((kind, entry.device_id(), entry.label()))
    });
    Ok(known.collect())
}

/// Opens devices; the browser may ask the person first.
///
/// # Errors
/// When one of those wanted cannot be had; then none is open.
pub async fn open(wish: &Wish) -> Result<MediaStream, BrowserError> {
    let constraints = MediaStreamConstraints::new();
    if let Some(choice) = &wish.microphone {
        let audio = device_constraint(choice);
        if wish.untreated != 0 {
            // All of them: Chromium takes one that is not wanted for none at all.
            for (place, name) in TREATMENTS.into_iter().enumerate() {
                constrain(&audio, name, "ideal", &(wish.untreated >> place & 1 == 0).into());
            }
        }
        constraints.set_audio(&audio);
    }
    if let Some(choice) = &wish.camera {
        let video = device_constraint(choice);
        ideal(&video, "width", CAPTURE_WIDTH);
        ideal(&video, "height", CAPTURE_HEIGHT);
        ideal(&video, "frameRate", CAPTURE_RATE);
        constraints.set_video(&video);
    }
    let stream = JsFuture::from(devices()?.get_user_media_with_constraints(&constraints)?).await?;
    Ok(stream.unchecked_into())
}

/// Returns whether the person, or a policy, forbids a kind. Where the browser does not tell, it does not forbid.
pub async fn is_denied(kind: Kind) -> bool {
    let name = match kind {
        Kind::Microphone => "microphone",
        Kind::Camera => "camera",
    };
    let descriptor = Object::new();
    let _ = Reflect::set(&descriptor, &"name".into(), &name.into());
    let Ok(promise) = window().navigator().permissions().and_then(|permissions| permissions.query(&descriptor)) else {
        return false;
    };
    let state = JsFuture::from(promise).await.and_then(|status| Reflect::get(&status, &"state".into()));
    state.is_ok_and(|state| state == "denied")
}

/// Returns whether one of two kinds might be had that were refused together. Who said no to both in one dialogue is not
/// pestered with two more.
pub async fn may_give_one(refusal: &BrowserError) -> bool {
    refusal.name() != "NotAllowedError" || is_denied(Kind::Microphone).await != is_denied(Kind::Camera).await
}

fn device_constraint(choice: &Choice) -> Object {
    let constraint = Object::new();
    if !choice.id.is_empty() {
        // Only an ideal would lose to another device that comes closer to the size asked for.
        constrain(&constraint, "deviceId", if choice.there { "exact" } else { "ideal" }, &choice.id.as_str().into());
    }
    constraint
}

fn ideal(constraint: &Object, name: &str, value: u32) {
    constrain(constraint, name, "ideal", &value.into());
}

fn constrain(constraint: &Object, name: &str, how: &str, value: &JsValue) {
    let wanted = Object::new();
    let _ = Reflect::set(&wanted, &how.into(), value);
    let _ = Reflect::set(constraint, &name.into(), &wanted);
}
