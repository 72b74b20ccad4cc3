//! The one place where the program itself makes sound: tones, and voices louder than an element plays them (Web Audio API).
//!
//! Separate, because a browser has few of these, each of them costs as long as it runs, and all play through one loudspeaker.

use super::loose::{attempt, call, get, text};
use crate::browser::error::BrowserError;
use crate::browser::page;
use core::time::Duration;
use signaling::time::Moment;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;
use web_sys::AudioContext;

/// After this long without a sound it costs nothing any more.
const TAIL: Duration = Duration::from_secs(2);

/// Where sound is made, once there is any.
#[derive(Default)]
pub(in crate::later) struct Output {
    context: RefCell<Option<AudioContext>>,
    speaker: RefCell<String>,
    /// Until when something sounds.
    busy: Cell<Option<Moment>>,
}

impl Output {
    /// Returns the context, awake.
    pub(super) fn context(&self) -> Result<AudioContext, BrowserError> {
        let mut context = self.context.borrow_mut();
        let context = match &mut *context {
            Some(context) => context,
            none => {
                let context = none.insert(AudioContext::new()?);
                let speaker = self.speaker.borrow();
                if !speaker.is_empty() {
                    attempt(context, "setSinkId", &[speaker.as_str().into()]);
                }
                context
            }
        };
        self.busy.set(Some(page::now() + TAIL));
        if !is_running(context) {
            attempt(context, "resume", &[]);
        }
        Ok(Clone::clone(context))
    }

    /// Returns whether what is made here is heard now; if not, perhaps soon.
    pub(super) fn is_heard(&self) -> bool {
        self.context().is_ok_and(|context| is_running(&context))
    }

    /// Plays through another loudspeaker.
    pub(super) fn use_speaker(&self, id: &str) {
        if *self.speaker.borrow() != id {
            *self.speaker.borrow_mut() = id.to_owned();
            if let Some(context) = self.context.borrow().as_ref() {
                attempt(context, "setSinkId", &[id.into()]);
            }
        }
    }

    /// Stands still unless it is `needed`.
    pub(super) fn rest(&self, needed: bool) {
        let over = self.busy.get().is_some_and(|until| page::now() > until);
        if over && !needed {
            self.busy.set(None);
            if let Some(context) = self.context.borrow().as_ref() {
                attempt(context, "suspend", &[]);
            }
        }
    }

    /// Plays a few notes softly, one after the other: sines that swell and fade, so that nothing clicks.
    pub(in crate::later) fn play(&self, notes: &[f32]) -> Result<(), BrowserError> {
        let context = self.context()?;
        let start = super::loose::number(&context, "currentTime") + 0.02;
        for (place, note) in notes.iter().enumerate() {
            let at = start + place as f64 * 0.14;
            let voice = call(&context, "createOscillator", &[])?;
            let envelope = call(&context, "createGain", &[])?;
            super::loose::set(&get(&voice, "frequency"), "value", *note);
            let gain = get(&envelope, "gain");
            for (step, value, after) in [
                ("setValueAtTime", 0.0, 0.0),
                ("linearRampToValueAtTime", 0.1, 0.02),
                ("linearRampToValueAtTime", 0.03, 0.16),
                ("linearRampToValueAtTime", 0.0, 0.4),
            ] {
                call(&gain, step, &[value.into(), (at + after).into()])?;
            }
            connect(&voice, &envelope)?;
            connect(&envelope, &get(&context, "destination"))?;
            call(&voice, "start", &[at.into()])?;
            call(&voice, "stop", &[(at + 0.45).into()])?;
        }
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(context) = self.context.borrow().as_ref() {
            attempt(context, "close", &[]);
        }
    }
}

/// Lets what comes out of one node go into another.
pub(super) fn connect(from: &JsValue, to: &JsValue) -> Result<(), BrowserError> {
    call(from, "connect", &[Clone::clone(to)])?;
    Ok(())
}

fn is_running(context: &AudioContext) -> bool {
    text(context, "state") == "running"
}
