//! How the logs of a room become the same: everyone tells everyone what they write, and whoever finds out that somebody has
//! something else asks for what is missing.
//!
//! A sans-IO machine. Separate from the [log](super::log), because it speaks of people, messages and time.
//!
//! - An entry is said once, by its author, to everyone whom a channel reaches.
//! - A digest of the whole log is told when a channel opens, and again a moment after the log has changed.
//! - Whoever hears a digest that is not their own asks *one* of those who differ for what is missing, by the marks of what
//!   is there. What was asked for comes in pieces. The next one is asked only if there is still a difference then.
//!
//! So a newcomer gets the history once, from whoever is first, and a pair that is broken is made up for by the others.

use super::entry::{Body, Entry, Mark};
use super::log::Log;
use crate::few::Few;
use crate::identity::ParticipantId;
use crate::limits;
use crate::text::DisplayName;
use crate::time::Moment;
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// After a change, one waits this long for more before the digest is told.
const SETTLING: Duration = Duration::from_millis(1_000);
/// Whoever is asked and says nothing for this long is taken for unable to.
const PATIENCE: Duration = Duration::from_secs(8);
/// What is said stands at most this far above what is known. What does not, because its author knows of more, comes as past.
const AHEAD: u32 = limits::CHAT_ENTRIES as u32;
/// A past stands at most this far above: so much was said while one was away, and a clock that is made up in answer after
/// answer would take hours to reach its end.
const AWAY: u32 = 1 << 18;
/// The first past stands anywhere below this, and leaves room above.
const FIRST: u32 = 1 << 31;
/// A whole log comes in fewer pieces than this.
const PIECES: u16 = 512;
/// The same one is asked again only after this.
const ASKING: Duration = Duration::from_secs(1);
/// Whoever asks more often is not answered. Shorter, because a slow message comes closer to the next.
const ANSWERING: Duration = Duration::from_millis(500);

/// What goes over the channel `chat`. What cannot be read is of a newer page, and dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// Written now, by whoever says it.
    Said(Entry),
    /// The digest of all that the sender has.
    Have(Mark),
    /// Please tell what is not among these.
    Want(Vec<Mark>),
    /// Some of what was asked for.
    Past {
        /// The entries.
        entries: Vec<Entry>,
        /// Whether more are to come.
        more: bool,
    },
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A channel to someone is open.
    Opened(ParticipantId),
    /// It is no more.
    Closed(ParticipantId),
    /// Someone said something.
    Received(ParticipantId, Message),
    /// Its owner writes something.
    Write {
        /// Who that is.
        from: ParticipantId,
        /// What they are called.
        name: DisplayName,
        /// When: milliseconds since 1970.
        at: u64,
        /// What it says.
        body: Body,
    },
    /// Time passed.
    Tick,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Say this to someone.
    Send(ParticipantId, Message),
    /// Show what is new: one entry, at its place in the log.
    Added(Entry),
}

/// Someone whom a channel reaches.
#[derive(Debug, Clone, Copy, Default)]
struct Peer {
    /// What they told last.
    theirs: Option<Mark>,
    /// What they were told last.
    told: Option<Mark>,
    /// When they were asked last.
    wanted: Option<Moment>,
    /// They are asked, and have not said everything yet.
    asked: Option<Asked>,
    /// What both had when asking brought nothing: no reason to ask again.
    fruitless: Option<(Mark, Mark)>,
    /// When they were answered last.
    answered: Option<Moment>,
    /// Until when what they said would take at the rate that they may say it lastingly.
    busy: Moment,
}

impl Peer {
    /// Returns whether they may say something more now. What is dropped comes as past.
    fn may_say(&mut self, now: Moment) -> bool {
        let each = Duration::from_secs(1) / limits::CHAT_PER_SECOND;
        let busy = self.busy.max(now) + each;
        let may = busy <= now + each * limits::CHAT_BURST;
        if may {
            self.busy = busy;
        }
        may
    }
}

/// What somebody is asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// When they were last heard.
    heard: Moment,
    /// How many pieces came.
    pieces: u16,
    /// The largest clock that is believed. Of the time of asking, so that an answer cannot climb on itself.
    most: u32,
}

/// One participant's end of the chat.
#[derive(Debug, Clone, Default)]
pub struct Chat {
    log: Log,
    peers: Few<ParticipantId, Peer>,
    /// When the log changed last, until everyone knows.
    changed: Option<Moment>,
    /// Something of somebody else's is known: how far the room is, and not only oneself.
    informed: bool,
}

impl Chat {
    /// Returns what there is.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Takes what happened, and returns what to do about it.
    pub fn handle(&mut self, event: Event, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        match event {
            Event::Opened(id) => {
                self.peers.insert(id, Peer::default());
                if !self.log.is_empty() {
                    self.tell_digest(id, &mut actions);
                }
            }
            Event::Closed(id) => {
                self.peers.remove(id);
            }
            Event::Received(id, message) => self.receive(id, message, now, &mut actions),
            Event::Write { from, name, at, body } => {
                let entry = Entry { clock: self.log.next_clock(), from, at, name, body };
                // What does not stay here stays nowhere, and is not to be taken for said.
                if self.add(entry.clone(), now, &mut actions) {
                    let everyone = self.peers.iter().map(|(id, _)| id);
                    actions.extend(everyone.map(|id| Action::Send(id, Message::Said(entry.clone()))));
                }
            }
            Event::Tick => {
                if self.changed.is_some_and(|changed| now >= changed + SETTLING) {
                    self.changed = None;
                    let everyone: Vec<_> = self.peers.iter().map(|(id, _)| id).collect();
                    everyone.into_iter().for_each(|id| self.tell_digest(id, &mut actions));
                }
            }
        }
        self.ask(now, &mut actions);
        actions
    }

    fn receive(&mut self, id: ParticipantId, message: Message, now: Moment, actions: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(id) else { return };
        match message {
            Message::Said(entry) => {
                // Nobody writes for others.
                let known = self.log.next_clock();
                if entry.from == id && entry.clock <= known.saturating_add(AHEAD) && peer.may_say(now) {
                    self.informed |= self.add(entry, now, actions);
                }
            }
            Message::Have(theirs) => peer.theirs = Some(theirs),
            Message::Want(marks) => {
                let waited = peer.answered.is_none_or(|answered| now >= answered + ANSWERING);
                if waited && marks.len() <= limits::CHAT_ENTRIES {
                    peer.answered = Some(now);
                    self.answer(id, &marks, actions);
                }
            }
            Message::Past { entries, more } => {
                let Some(asked) = peer.asked else { return };
                let next = Asked { heard: now, pieces: asked.pieces + 1, ..asked };
                peer.asked = (more && asked.pieces < PIECES).then_some(next);
                let before = self.log.digest();
                for entry in entries.into_iter().filter(|entry| entry.clock <= asked.most) {
                    self.informed |= self.add(entry, now, actions);
                }
                let after = self.log.digest();
                if let Some(peer) = self.peers.get_mut(id).filter(|_| !more && before == after) {
                    peer.fruitless = peer.theirs.map(|theirs| (theirs, after));
                }
            }
        }
    }

    /// Returns whether it is new, and stayed.
    fn add(&mut self, entry: Entry, now: Moment, actions: &mut Vec<Action>) -> bool {
        let stays = self.log.insert(entry.clone());
        if stays {
            self.changed = Some(now);
            actions.push(Action::Added(entry));
        }
        stays
    }

    fn tell_digest(&mut self, id: ParticipantId, actions: &mut Vec<Action>) {
        let digest = self.log.digest();
        if let Some(peer) = self.peers.get_mut(id).filter(|peer| peer.told != Some(digest)) {
            peer.told = Some(digest);
            actions.push(Action::Send(id, Message::Have(digest)));
        }
    }

    /// Says what is missing in pieces, each of which fits into a message.
    fn answer(&self, id: ParticipantId, marks: &[Mark], actions: &mut Vec<Action>) {
        let mut pieces = vec![Vec::new()];
        let mut bytes = 0;
        for entry in self.log.missing(marks) {
            bytes += entry.bytes();
            if bytes > limits::CHAT_MESSAGE_BYTES {
                pieces.push(Vec::new());
                bytes = entry.bytes();
            }
            pieces.last_mut().into_iter().for_each(|piece| piece.push(entry.clone()));
        }
        let count = pieces.len();
        let past = |(index, entries)| Action::Send(id, Message::Past { entries, more: index + 1 < count });
        actions.extend(pieces.into_iter().enumerate().map(past));
    }

    /// Asks one of those who have something else, unless somebody is being asked.
    fn ask(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let ours = self.log.digest();
        for (_, peer) in self.peers.iter_mut() {
            if peer.asked.is_some_and(|asked| now >= asked.heard + PATIENCE) {
                peer.asked = None;
                peer.fruitless = peer.theirs.map(|theirs| (theirs, ours));
            }
        }
        if self.peers.values().any(|peer| peer.asked.is_some()) {
            return;
        }
        let differs =
            |peer: &Peer| peer.theirs.is_some_and(|theirs| theirs != ours && peer.fruitless != Some((theirs, ours)));
        let rested = |peer: &Peer| peer.wanted.is_none_or(|wanted| now >= wanted + ASKING);
        if let Some((id, peer)) = self.peers.iter_mut().find(|(_, peer)| differs(peer) && rested(peer)) {
            peer.wanted = Some(now);
            let most = if self.informed { self.log.next_clock().saturating_add(AWAY) } else { FIRST };
            peer.asked = Some(Asked { heard: now, pieces: 0, most });
            actions.push(Action::Send(id, Message::Want(self.log.marks())));
        }
    }
}
