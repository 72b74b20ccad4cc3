//! The far end of one connection, and what it hears.
//!
//! Separate from the session, because this is where the registry's words are judged, each when it is read.

use crate::ledger::Account;
use crate::post::Post;
use core::task::{Context, Poll, Waker};
use signaling::identity::ParticipantId;
use signaling::limits;
use signaling::protocol::{Participant, Presence, Refusal, ServerMessage, Signal, SignalBody, Welcome};
use signaling::rooms::{Inbox, Membership};
use signaling::time::Moment;
use std::collections::BTreeMap;

/// What became of a connection, as far as can be known before its inbox is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It holds the seat, unless it was evicted.
    Present,
    /// Another one took the seat.
    Superseded,
    /// It did not read.
    Evicted,
    /// The server said goodbye.
    Stopped,
    /// It ended, or the process did.
    Departed,
}

/// Somebody's connection.
#[derive(Debug)]
pub(crate) struct Socket {
    /// `None` once it has said that it goes, or broke.
    pub(crate) membership: Option<Membership>,
    inbox: Inbox,
    pub(crate) room: usize,
    pub(crate) person: usize,
    pub(crate) id: ParticipantId,
    pub(crate) fate: Fate,
    /// Whether the inbox has ended.
    pub(crate) ended: bool,
    /// Whether it has told whom it reaches.
    pub(crate) told_health: bool,
    /// Everyone else, as it was told.
    pub(crate) others: BTreeMap<ParticipantId, Participant>,
}

/// What an inbox held.
#[derive(Debug, Default)]
struct Heard {
    messages: usize,
    signals: usize,
    /// How long the texts in those signals are.
    text: usize,
    last_word: Option<Refusal>,
}

impl Heard {
    /// Checks that no more has waited than may; of signals, half of it.
    fn check(&self) {
        let bytes = self.messages * size_of::<ServerMessage>() + self.text;
        assert!(self.messages <= limits::OUTBOX_MESSAGES && bytes <= limits::OUTBOX_BYTES, "{self:?}");
        assert!(self.signals <= limits::OUTBOX_MESSAGES / 2 && self.text <= limits::OUTBOX_BYTES / 2, "{self:?}");
    }
}

impl Socket {
    /// Takes a place in a room, and the welcome, which comes first.
    pub(crate) fn new(membership: Membership, mut inbox: Inbox, room: usize) -> (Self, Welcome) {
        let Poll::Ready(Some(ServerMessage::Welcome(welcome))) = poll(&mut inbox) else { panic!("nobody is welcomed") };
        let id = membership.id();
        assert_eq!(id, welcome.you.id);
        let others = welcome.participants.iter().map(|one| (one.id, one.clone())).collect();
        let (fate, membership) = (Fate::Present, Some(membership));
        let socket = Self { membership, inbox, room, person: 0, id, fate, ended: false, told_health: false, others };
        (socket, *welcome)
    }

    /// Returns whether it holds the seat, unless it was evicted and does not know yet.
    pub(crate) fn is_present(&self) -> bool {
        self.fate == Fate::Present && self.membership.is_some()
    }

    /// Ends, whatever it was.
    pub(crate) fn end(&mut self, fate: Fate) {
        if self.fate == Fate::Present {
            self.fate = fate;
        }
    }

    /// Reads everything that waits.
    pub(crate) fn read(&mut self, account: &mut Account, post: &mut Post, now: Moment) {
        let had_ended = self.ended;
        let heard = self.hear_all(account, post);
        assert!(!had_ended || (heard.messages == 0 && heard.last_word.is_none()), "{self:?} hears more: {heard:?}");
        heard.check();
        if had_ended {
            return;
        }
        let right = match (self.fate, heard.last_word) {
            (Fate::Present, None) => !self.ended,
            (Fate::Departed, None) => self.ended,
            (Fate::Superseded, Some(Refusal::Superseded)) | (Fate::Stopped, Some(Refusal::Stopping)) => self.ended,
            (_, Some(Refusal::TooSlow)) => self.ended && heard.messages == 0,
            _ => false,
        };
        assert!(right, "{self:?} has heard {heard:?}");
        if heard.last_word.is_some() {
            self.end(Fate::Evicted);
        } else if self.is_present() {
            account.people[self.person].sit(now);
        }
    }

    fn hear_all(&mut self, account: &Account, post: &mut Post) -> Heard {
        let mut heard = Heard::default();
        loop {
            match poll(&mut self.inbox) {
                Poll::Ready(Some(message)) => {
                    assert!(heard.last_word.is_none(), "{self:?} hears {message:?} after {heard:?}");
                    self.hear(message, &mut heard, account, post);
                }
                Poll::Ready(None) => {
                    self.ended = true;
                    return heard;
                }
                Poll::Pending => return heard,
            }
        }
    }

    fn hear(&mut self, message: ServerMessage, heard: &mut Heard, account: &Account, post: &mut Post) {
        heard.messages += 1;
        match message {
            ServerMessage::Joined(participant) => {
                assert_ne!(participant.id, self.id, "{self:?} joins itself");
                let known = account.people.iter().any(|one| one.is(&participant));
                assert!(known, "{participant:?} was never let in");
                self.others.insert(participant.id, participant);
            }
            ServerMessage::Left { id } => assert!(self.others.remove(&id).is_some(), "{self:?} never knew {id}"),
            ServerMessage::Lost { id } => self.other(id).presence = Presence::Lost,
            ServerMessage::MediaChanged { id, media } => self.other(id).media = media,
            ServerMessage::Repair { with } => {
                let (offerer, other) = (account.people[self.person].you.number, self.other(with).number);
                assert!(other < offerer && self.told_health, "{self:?} is to repair {with}");
            }
            ServerMessage::Signal { from, signal } => {
                heard.signals += 1;
                heard.text += text_bytes(&signal);
                post.deliver(self, from, &signal);
            }
            ServerMessage::Refused { reason } => {
                heard.messages -= 1; // the last word has a place of its own
                heard.last_word = Some(reason);
            }
            ServerMessage::IceServers(servers) => assert!(servers.is_empty(), "there are none in this world"),
            ServerMessage::Welcome(_) | ServerMessage::Echo { .. } => panic!("{self:?} hears {message:?}"),
        }
    }

    fn other(&mut self, id: ParticipantId) -> &mut Participant {
        self.others.get_mut(&id).expect("only those are spoken of who were told before")
    }
}

fn poll(inbox: &mut Inbox) -> Poll<Option<ServerMessage>> {
    inbox.poll_next(&mut Context::from_waker(Waker::noop()))
}

fn text_bytes(signal: &Signal) -> usize {
    match &signal.body {
        SignalBody::Offer(sdp) | SignalBody::Answer(sdp) => sdp.as_str().len(),
        SignalBody::Candidate(candidate) => candidate.candidate.as_str().len(),
        SignalBody::EndOfCandidates | SignalBody::Ask(_) => 0,
    }
}
