//! One thing that somebody wrote, or handed round.
//!
//! Separate, because the log keeps entries without looking into them.

use crate::identity::ParticipantId;
use crate::text::{ChatText, DisplayName, FileName};
use serde::{Deserialize, Serialize};

/// What one entry says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Words.
    Text(ChatText),
    /// A file that can be had from whoever offers it, for as long as their page lives.
    File(Offer),
}

/// A file that somebody offers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Offer {
    /// Names it at its owner: random, below 2^53.
    pub key: u64,
    /// What it is called.
    pub name: FileName,
    /// How large it is, in bytes, below 2^53.
    pub size: u64,
}

/// An entry. Two with the same content are the same entry; what makes two of them different is mostly `at`.
///
/// The order of the fields is the order of the chat: first what was written in knowledge of less.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// One more than the largest that its author knew (a Lamport clock), so that an answer stands below its question
    /// whatever the clocks on the walls say.
    pub clock: u32,
    /// Who wrote it. From others than the author, their word.
    pub from: ParticipantId,
    /// When, by its author's clock: milliseconds since 1970, below 2^53.
    pub at: u64,
    /// What the author was called then.
    pub name: DisplayName,
    /// What it says.
    pub body: Body,
}

/// Stands for an entry, as far as two people compare what they have: 53 bits, so that it is a number in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(pub u64);

impl Entry {
    /// Returns its mark: the upper 53 bits of the 64-bit FNV-1a hash of clock, author, time, name and content, numbers as eight
    /// bytes with the highest first, texts with a byte 255 behind them; a text has a 0 before it, an offer a 1.
    pub fn mark(&self) -> Mark {
        let mut hash = Hash(0xcbf2_9ce4_8422_2325);
        hash.number(self.clock.into());
        hash.number(self.from.0.into());
        hash.number(self.at);
        hash.text(self.name.as_str());
        match &self.body {
            Body::Text(text) => {
                hash.byte(0);
                hash.text(text.as_str());
            }
            Body::File(Offer { key, name, size }) => {
                hash.byte(1);
                hash.number(*key);
                hash.text(name.as_str());
                hash.number(*size);
            }
        }
        Mark(hash.0 >> 11)
    }

    /// Returns about how many bytes it takes on the wire.
    pub fn bytes(&self) -> usize {
        let body = match &self.body {
            // Line ends and quotes take two.
            Body::Text(text) => {
                text.as_str().len() + text.as_str().bytes().filter(|byte| b"\n\"\\\t".contains(byte)).count()
            }
            Body::File(offer) => 80 + offer.name.as_str().len() * 2,
        };
        body + 2 * self.name.as_str().len() + 120
    }
}

struct Hash(u64);

impl Hash {
    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }

    fn number(&mut self, number: u64) {
        number.to_be_bytes().into_iter().for_each(|byte| self.byte(byte));
    }

    fn text(&mut self, text: &str) {
        text.bytes().chain([255]).for_each(|byte| self.byte(byte));
    }
}
