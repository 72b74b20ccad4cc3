//! Asking for a screen, a window or a tab to share (Screen Capture), and saying what matters in its picture.
//!
//! Separate from [`devices`](super::devices): a screen is chosen anew each time, in a dialogue of the browser's, and is not listed.

use super::devices::devices;
use super::error::BrowserError;
use js_sys::{JSON, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDevices, MediaStream, MediaStreamTrack};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = MediaDevices)]
    type Displays;
    // By hand, because web-sys knows nothing of the options.
    #[wasm_bindgen(method, catch, js_name = getDisplayMedia)]
    fn get_display_media(this: &Displays, options: &JsValue) -> Result<Promise, JsValue>;
}

/// With its sound, untouched, but without what this page itself plays: else the others would hear themselves. This very tab is not
/// offered, and what is shared may be changed without asking anew. A browser drops what it does not know.
const OPTIONS: &str = r#"{
    "video": { "frameRate": { "max": 30 } },
    "audio": {
        "restrictOwnAudio": true,
        "echoCancellation": false,
        "noiseSuppression": false,
        "autoGainControl": false
    },
    "systemAudio": "include",
    "selfBrowserSurface": "exclude",
    "surfaceSwitching": "include"
}"#;

/// What is to suffer first when a network or a machine is too slow for all of it (MediaStreamTrack Content Hints §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Text stays sharp; the picture may change less often.
    Detail,
    /// A film stays smooth; it may be less sharp.
    Motion,
}

/// Returns whether this browser can share a screen; those of phones cannot.
pub fn can_share_screen() -> bool {
    devices().is_ok_and(|devices| Reflect::has(&devices, &"getDisplayMedia".into()).unwrap_or(false))
}

/// Asks the person what to share. To be called on a click.
///
/// # Errors
/// `NotAllowedError` when they, or a policy, say no.
pub async fn open() -> Result<MediaStream, BrowserError> {
    let displays: Displays = devices()?.unchecked_into();
    let stream = JsFuture::from(displays.get_display_media(&JSON::parse(OPTIONS)?)?).await?;
    Ok(stream.unchecked_into())
}

/// Says what matters in a picture. Nothing is captured or negotiated anew.
pub fn hint(track: &MediaStreamTrack, hint: Hint) {
    let word = match hint {
        Hint::Detail => "detail",
        Hint::Motion => "motion",
    };
    // A browser that does not know it takes any property.
    let _ = Reflect::set(track, &"contentHint".into(), &word.into());
}
