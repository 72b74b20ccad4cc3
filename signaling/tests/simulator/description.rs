//! Descriptions and candidates, as far as the model of a browser writes and reads them.
//!
//! Separate, because both the model of [JSEP](crate::connection) and that of [ICE](crate::ice) speak of them.

use crate::connection::ConnectionKey;
use signaling::protocol::{Candidate, CandidateLine, Sdp, Tag};

/// The part of a description that the model understands: whose it is, and of which ICE generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ufrag {
    pub(crate) connection: ConnectionKey,
    pub(crate) generation: u32,
}

impl Ufrag {
    /// Returns the next one of a connection, whose count of generations it raises.
    pub(crate) fn next(connection: ConnectionKey, generation: &mut u32) -> Self {
        *generation += 1;
        Self { connection, generation: *generation }
    }

    fn write(self) -> String {
        format!("c{}g{}", self.connection, self.generation)
    }

    fn read(text: &str) -> Self {
        let (connection, generation) = text.trim_start_matches('c').split_once('g').expect("as written by the model");
        let number = |text: &str| text.parse().expect("as written by the model");
        Self { connection: number(connection), generation: number(generation) as u32 }
    }
}

/// Writes a description, of an offer or of the answer to one.
pub(crate) fn describe(ufrag: Ufrag, answers: Option<Ufrag>) -> Sdp {
    let answers = answers.map_or_else(String::new, |offer| format!("a=answers:{}\r\n", offer.write()));
    Sdp::new(format!("v=0\r\na=ice-ufrag:{}\r\n{answers}", ufrag.write())).expect("short")
}

/// Reads the line of a description that begins so.
pub(crate) fn part(sdp: &Sdp, prefix: &str) -> Option<Ufrag> {
    sdp.as_str().lines().find_map(|line| line.strip_prefix(prefix)).map(Ufrag::read)
}

/// Writes a candidate.
pub(crate) fn write_candidate(ufrag: Ufrag, index: u32) -> Candidate {
    Candidate {
        candidate: CandidateLine::new(format!("candidate:{index}")).expect("short"),
        mid: Some(Tag::new("0").expect("short")),
        line: Some(0),
        ufrag: Some(Tag::new(ufrag.write()).expect("short")),
    }
}

/// Reads whose candidate it is, and the how manieth.
pub(crate) fn read_candidate(candidate: &Candidate) -> (Ufrag, u32) {
    let ufrag = candidate.ufrag.as_ref().map(|tag| Ufrag::read(tag.as_str())).expect("as written by the model");
    let index = candidate.candidate.as_str().trim_start_matches("candidate:").parse().expect("as written by the model");
    (ufrag, index)
}
