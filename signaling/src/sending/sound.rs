//! What the sound of one's microphone takes, and when it makes do with less: before it waits in a queue of its own making.
//!
//! Separate from the [order of sacrifice](super::share), in which it has no place: it is sent to everybody, always.

use super::constants::{SOUND_AROUND_BITS, SOUND_MOST, SOUND_THRIFTY_BITS, SOUND_THRIFTY_FOR, SOUND_VOICE_BITS};
use super::uplink::{Allowed, Uplink, part};
use crate::time::Moment;

/// How sound is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sound {
    thrifty: bool,
    until: Moment,
}

impl Sound {
    /// Returns how many bits a second a voice may have (`maxBitrate`); `None` leaves it to the browser.
    pub(super) fn voice(self) -> Option<u32> {
        self.thrifty.then_some(SOUND_THRIFTY_BITS)
    }

    /// Returns what the sound to somebody takes, in bits a second, whose connection has each piece of it in so many packets.
    pub(super) fn bits(self, copies: u32) -> u32 {
        self.voice().unwrap_or(SOUND_VOICE_BITS) * copies + SOUND_AROUND_BITS
    }

    /// Looks whether it has to make do with less: `whole` is what all of it takes at its best, in bits a second.
    pub(super) fn look(&mut self, whole: u32, allowed: Allowed, uplink: &Uplink, now: Moment) {
        let is_much = whole > part(uplink.limit(), SOUND_MOST, 100);
        // It is all that goes out, as far as is known here.
        let is_in_its_own_way = allowed.pictures == 0 && uplink.is_choked();
        if is_much || is_in_its_own_way {
            self.until = now + SOUND_THRIFTY_FOR;
        }
        self.thrifty = now < self.until;
    }
}
