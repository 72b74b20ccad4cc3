//! How loud each of the others is, 0 to 200 percent, and that one hears nobody.
//!
//! Separate, because it is two things that must agree: an element plays up to 100 percent, and what is louder goes through a gain
//! of its own, with the element silent. Only who is louder costs anything.

use super::loose::{attempt, call, get, set, text};
use super::output::{Output, connect};
use crate::browser::error::BrowserError;
use crate::browser::page::Memory;
use crate::call::Engine;
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioContext, HtmlVideoElement, MediaStream};

/// What is remembered of nobody.
const FULL: u8 = 100;

fn key(name: &str) -> String {
    ["parlour.volume.", name].concat()
}

/// The voices of the others.
#[derive(Default)]
pub(in crate::later) struct Voices {
    /// As remembered, and as said where nothing can be remembered, by name.
    volumes: RefCell<Vec<(String, u8)>>,
    heard: RefCell<Vec<Voice>>,
}

/// An element that plays somebody.
struct Voice {
    video: HtmlVideoElement,
    speaker: String,
    boost: Option<Boost>,
}

/// A sound track on its way through a gain.
struct Boost {
    track: JsValue,
    source: JsValue,
    gain: JsValue,
}

impl Voices {
    /// Returns how loud somebody is to be, in percent.
    pub(in crate::later) fn volume(&self, name: &str) -> u8 {
        let mut volumes = self.volumes.borrow_mut();
        if let Some((_, percent)) = volumes.iter().find(|(known, _)| known == name) {
            return *percent;
        }
        let remembered = Memory::Browser.recall(&key(name));
        let percent = remembered.map_or(FULL, |percent| digits(&percent)).min(2 * FULL);
        volumes.push((name.to_owned(), percent));
        percent
    }

    /// Says how loud somebody is to be, in percent.
    pub(super) fn set_volume(&self, name: &str, percent: u8) {
        let mut volumes = self.volumes.borrow_mut();
        volumes.retain(|(known, _)| known != name);
        volumes.push((name.to_owned(), percent));
        if percent == FULL {
            Memory::Browser.forget(&key(name));
        } else {
            Memory::Browser.remember(&key(name), &percent.to_string());
        }
    }

    /// Lets every element play what it should, as loud as it should, through the loudspeaker it should.
    pub(super) fn tend(&self, engine: &Engine, output: &Output, speaker: &str) {
        let state = engine.state;
        let deaf = state.deafened.get_untracked();
        let screens = engine.screens.borrow().clone();
        let mut heard = self.heard.borrow_mut();
        heard.retain(|voice| screens.iter().any(|screen| screen.video == voice.video));
        for screen in screens {
            let tile = screen.participant.and_then(|id| engine.tile(id)).filter(|tile| !tile.own);
            let Some(tile) = tile else { continue };
            let at = heard.iter().position(|voice| voice.video == screen.video).unwrap_or_else(|| {
                heard.push(Voice { video: screen.video, speaker: String::new(), boost: None });
                heard.len() - 1
            });
            let voice = &mut heard[at];
            voice.play_through(speaker);
            voice.set(tile.name.with_untracked(|name| self.volume(name)), deaf, output);
        }
    }

    /// Returns whether anybody is louder than an element plays.
    pub(super) fn any_boosted(&self) -> bool {
        self.heard.borrow().iter().any(|voice| voice.boost.is_some())
    }
}

impl Voice {
    fn play_through(&mut self, speaker: &str) {
        if self.speaker != speaker {
            self.speaker = speaker.to_owned();
            attempt(&self.video, "setSinkId", &[speaker.into()]);
        }
    }

    fn set(&mut self, percent: u8, deaf: bool, output: &Output) {
        let louder = percent > FULL && !deaf;
        let stream = Some(get(&self.video, "srcObject")).filter(|stream| louder && stream.is_object());
        let stream: Option<MediaStream> = stream.map(JsCast::unchecked_into);
        let track = stream.map(|stream| stream.get_tracks()).and_then(|tracks| {
            let mut tracks = tracks.into_iter();
            tracks.find(|track| text(track, "kind") == "audio" && text(track, "readyState") == "live")
        });
        if self.boost.as_ref().map(|boost| &boost.track) != track.as_ref() {
            self.boost = None;
            self.boost = track.and_then(|track| output.context().and_then(|context| Boost::new(&context, track)).ok());
        }
        if let Some(boost) = &self.boost {
            set(&get(&boost.gain, "gain"), "value", f64::from(percent) / 100.0);
        }
        // Where the browser lets the program make no sound yet, the element is better than nothing.
        let boosted = self.boost.is_some() && output.is_heard();
        set(&self.video, "muted", deaf || boosted);
        set(&self.video, "volume", f64::from(percent.min(FULL)) / 100.0);
    }
}

impl Boost {
    fn new(context: &AudioContext, track: JsValue) -> Result<Self, BrowserError> {
        let stream = MediaStream::new()?;
        stream.add_track(track.unchecked_ref());
        let source: JsValue = context.create_media_stream_source(&stream)?.into();
        let gain = call(context, "createGain", &[])?;
        connect(&source, &gain)?;
        connect(&gain, &get(context, "destination"))?;
        Ok(Self { track, source, gain })
    }
}

impl Drop for Boost {
    fn drop(&mut self) {
        for node in [&self.source, &self.gain] {
            attempt(node, "disconnect", &[]);
        }
    }
}

/// Reads a small number; the library's own reader of them weighs in what is loaded first.
pub(in crate::later) fn digits(text: &str) -> u8 {
    text.bytes().fold(0, |number: u8, digit| number.saturating_mul(10).saturating_add(digit.wrapping_sub(b'0')))
}
