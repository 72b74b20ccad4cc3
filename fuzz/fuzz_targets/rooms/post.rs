//! What was said by whom to whom.
//!
//! Separate, because a signal is judged where it is heard, and known where it was said.

use crate::ledger::Account;
use crate::script::Body;
use crate::socket::Socket;
use signaling::identity::ParticipantId;
use signaling::protocol::{Candidate, CandidateLine, Sdp, Signal, SignalBody};

/// Every signal, by its number.
#[derive(Debug, Default)]
pub(crate) struct Post(Vec<Letter>);

#[derive(Debug)]
struct Letter {
    room: usize,
    /// The sender, and its id.
    from: (usize, ParticipantId),
    /// The addressee, if there was one.
    to: Option<usize>,
    body: Body,
    /// Whether the sender's connection held a seat, as far as can be known.
    valid: bool,
    heard: bool,
}

impl Post {
    /// Takes note of a signal, and returns it as it is to be sent.
    pub(crate) fn write(&mut self, from: &Socket, account: &Account, to: ParticipantId, body: Body) -> Signal {
        let seq = u32::try_from(self.0.len()).expect("a schedule is short");
        self.0.push(Letter {
            room: from.room,
            from: (from.person, from.id),
            to: account.known(to),
            body,
            valid: from.is_present(),
            heard: false,
        });
        signal(seq, body)
    }

    /// Checks that a signal is for whoever hears it, and from whom it is said to be.
    pub(crate) fn deliver(&mut self, by: &Socket, from: ParticipantId, said: &Signal) {
        let letter = &mut self.0[said.seq as usize];
        assert!(signal(said.seq, letter.body) == *said, "{letter:?} was changed on its way");
        assert_eq!((by.room, Some(by.person)), (letter.room, letter.to), "{by:?} hears {letter:?}");
        assert_eq!(from, letter.from.1, "{letter:?} is said to be from somebody else");
        assert_ne!(by.person, letter.from.0, "{by:?} hears itself");
        assert!(letter.valid, "{letter:?} was said by nobody who sat there");
        assert!(!letter.heard, "{letter:?} is heard again");
        letter.heard = true;
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks that every signal since that number was heard.
    pub(crate) fn check_heard(&self, since: usize) {
        let lost = self.0[since..].iter().find(|letter| !letter.heard);
        assert!(lost.is_none(), "{lost:?} was not heard");
    }
}

fn signal(seq: u32, body: Body) -> Signal {
    let text = |times: u8, size: usize| "v".repeat(usize::from(times) * size);
    let body = match body {
        Body::Offer(times) => SignalBody::Offer(Sdp::new(text(times, 128)).expect("at most 32 KiB")),
        Body::Candidate(times) => {
            let candidate = CandidateLine::new(text(times, 8)).expect("at most 2 KiB");
            SignalBody::Candidate(Candidate { candidate, mid: None, line: Some(0), ufrag: None })
        }
        Body::End => SignalBody::EndOfCandidates,
    };
    Signal { epoch: (seq / 3, seq).into(), seq, body }
}
