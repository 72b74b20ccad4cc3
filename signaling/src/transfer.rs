//! Handing a file from one to another: what both say, what goes in each piece, and how the receiver knows that it is whole.
//!
//! Sans-IO, like everything here. Separate from the [chat](crate::chat), where files are offered: a transfer is between two, and
//! begins when the receiver asks.
//!
//! The receiver gives each of its fetches a number of its own, its run, and everything but the asking names that alone: what
//! is still on its way of a run that was stopped is nobody's. It asks from the first byte that it lacks, so a transfer goes on where it was when a pair had to be built
//! anew. Pieces come in order; the sum is over the whole file, and whoever serves from the middle sums up what is before
//! it without sending it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of a file in a piece. Every browser takes messages of 64 KiB, the eight of the run included (RFC 8841 §6.1).
pub const PIECE_BYTES: usize = 64 * 1024 - RUN_BYTES;
const RUN_BYTES: usize = 8;
/// So much may be on its way and not put away: a disk that is slower than the network does not fill the memory.
pub const AHEAD_BYTES: u64 = 16 * 1024 * 1024;
/// Beyond so much the receiver stops it. Twice that, because who asks anew, after a new connection, is sent from what came on,
/// before it can say how little of that is put away.
const MOST_AHEAD_BYTES: u64 = 2 * AHEAD_BYTES;

/// What goes over the channel `files` as text. What cannot be read is of a newer page, and dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// The receiver wants a file, from this byte on. With the same run, a second time, it begins anew.
    Get {
        /// Which.
        key: u64,
        /// What the receiver calls this fetch; no two of one page are the same.
        run: u64,
        /// The first byte that is wanted.
        from: u64,
    },
    /// The receiver has put so much of it away; who sends keeps no more than [`AHEAD_BYTES`] ahead of that.
    Took {
        /// Of which run.
        run: u64,
        /// Bytes from the beginning.
        bytes: u64,
    },
    /// The receiver does not want it any more.
    Stop {
        /// Which run.
        run: u64,
    },
    /// Everything was sent.
    End {
        /// Of which run.
        run: u64,
        /// Its SHA-256, in hexadecimal digits.
        sha256: String,
    },
    /// The sender does not have it any more.
    Gone {
        /// Which run asked.
        run: u64,
    },
}

/// Writes a piece: the run in eight bytes, the highest first, and the bytes of the file.
pub fn piece(run: u64, bytes: &[u8]) -> Vec<u8> {
    [&run.to_be_bytes(), bytes].concat()
}

/// Reads a piece: of which run, and the bytes.
pub fn read_piece(message: &[u8]) -> Option<(u64, &[u8])> {
    let (run, bytes) = message.split_first_chunk::<RUN_BYTES>()?;
    Some((u64::from_be_bytes(*run), bytes))
}

/// The sum of a file, as far as it was seen.
#[derive(Debug, Clone, Default)]
pub struct Sum(Sha256);

impl Sum {
    /// Adds what comes next.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the sum in hexadecimal digits.
    pub fn digits(&self) -> String {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
        self.0.clone().finalize().into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte)]).collect()
    }
}

/// What became of a piece, or of the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It belongs there: keep it.
    Keep,
    /// It is whole.
    Whole,
    /// It is not what was sent, not as much as was promised, or faster than it can be put away.
    Broken,
}

/// A file on its way to us.
#[derive(Debug, Clone)]
pub struct Receiving {
    key: u64,
    run: u64,
    size: u64,
    received: u64,
    put: u64,
    sum: Sum,
}

impl Receiving {
    /// Begins with nothing of a file that was offered with this key and size.
    pub fn new(key: u64, run: u64, size: u64) -> Self {
        Self { key, run, size, received: 0, put: 0, sum: Sum::default() }
    }

    /// Returns what this fetch is called.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// Returns how much is there, in bytes.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Returns what to ask for, at first and when the pair was built anew.
    pub fn request(&self) -> Message {
        Message::Get { key: self.key, run: self.run, from: self.received }
    }

    /// So much of it is put away.
    pub fn put(&mut self, bytes: u64) {
        self.put = bytes;
    }

    /// Returns what to say of that.
    pub fn took(&self) -> Message {
        Message::Took { run: self.run, bytes: self.put }
    }

    /// Takes the bytes of a piece. One without any would cost us, and is none of an honest sender's.
    pub fn take(&mut self, bytes: &[u8]) -> Progress {
        self.received += bytes.len() as u64;
        let ahead = self.received.saturating_sub(self.put);
        if bytes.is_empty() || self.received > self.size || ahead > MOST_AHEAD_BYTES {
            return Progress::Broken;
        }
        self.sum.add(bytes);
        Progress::Keep
    }

    /// Takes the end.
    pub fn end(&self, sha256: &str) -> Progress {
        if self.received == self.size && self.sum.digits() == sha256 { Progress::Whole } else { Progress::Broken }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's example.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_file_is_whole_when_its_sum_is_right() {
        let mut file = Receiving::new(7, 1, 3);
        assert_eq!(file.request(), Message::Get { key: 7, run: 1, from: 0 });
        assert_eq!((file.take(b"a"), file.take(b"b")), (Progress::Keep, Progress::Keep));
        assert_eq!(file.request(), Message::Get { key: 7, run: 1, from: 2 });
        assert_eq!(file.take(b"c"), Progress::Keep);
        assert_eq!(file.end(ABC), Progress::Whole);
        assert_eq!(file.end(&ABC.replace('b', "c")), Progress::Broken);
    }

    #[test]
    fn more_or_less_than_was_promised_is_broken() {
        let mut file = Receiving::new(7, 1, 2);
        assert_eq!(file.take(b"abc"), Progress::Broken);
        let mut file = Receiving::new(7, 1, 4);
        file.take(b"abc");
        assert_eq!(file.end(ABC), Progress::Broken);
    }

    #[test]
    fn who_does_not_wait_for_what_is_put_away_is_stopped() {
        let mut file = Receiving { received: MOST_AHEAD_BYTES, ..Receiving::new(7, 1, 2 * MOST_AHEAD_BYTES) };
        file.put(1);
        assert_eq!(file.took(), Message::Took { run: 1, bytes: 1 });
        assert_eq!(file.take(b"a"), Progress::Keep);
        assert_eq!(file.take(b"b"), Progress::Broken);
        assert_eq!(Receiving::new(7, 1, 4).take(b""), Progress::Broken);
    }

    #[test]
    fn pieces_and_messages_are_as_documented() {
        let written = piece(258, b"xy");
        assert_eq!(written, [0, 0, 0, 0, 0, 0, 1, 2, b'x', b'y']);
        assert_eq!(read_piece(&written), Some((258, b"xy".as_slice())));
        assert_eq!(read_piece(&written[..7]), None);
        for text in [
            r#"{"get":{"key":5,"run":6,"from":9}}"#,
            r#"{"took":{"run":6,"bytes":9}}"#,
            r#"{"stop":{"run":6}}"#,
            r#"{"end":{"run":6,"sha256":"ab"}}"#,
            r#"{"gone":{"run":6}}"#,
        ] {
            assert_eq!(serde_json::to_string(&serde_json::from_str::<Message>(text).unwrap()).unwrap(), text);
        }
    }
}
