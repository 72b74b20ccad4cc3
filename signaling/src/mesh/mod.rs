//! All pairs of one participant: which there should be, and what each tells the page.
//!
//! Separate from the [call](crate::call), because it speaks of participants only: what the server says of them goes in,
//! what to do with connections and tiles comes out. `Left` closes a pair; `Lost` marks it, and it closes when its own
//! transport is silent too, so a lost socket never ends a conversation.

use crate::few::Few;
use crate::identity::{Epoch, ParticipantId};
use crate::negotiation::{self, Negotiation, Role};
use crate::protocol::{MediaState, Participant, PeerMessage, Presence, Reaction, Signal};
use crate::time::{Jitter, Moment};
use pair::Pair;
use past::Past;
use surroundings::Surroundings;

pub use surroundings::{Server, Trouble};

mod carrying;
mod pair;
mod past;
mod surroundings;
#[cfg(test)]
mod tests;
mod ways;

/// How a participant's picture and sound reach us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Being built for the first time.
    Connecting,
    /// Working.
    Connected,
    /// It worked and is being repaired.
    Repairing,
    /// Repair did not help yet; it goes on.
    Failed,
}

/// What is to be done, or shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Do this for a pair.
    Pair(ParticipantId, negotiation::Action),
    /// Close the connection to someone, if any.
    Close(ParticipantId),
    /// Show someone new.
    Appeared(Participant),
    /// Show what is new about someone.
    Changed(Participant),
    /// Say this to someone, over the connection itself.
    Tell(ParticipantId, PeerMessage),
    /// Show how someone reaches us.
    Linked(ParticipantId, Link),
    /// Show why someone does not reach us, or that there is nothing to explain.
    Explained(ParticipantId, Option<Trouble>),
    /// Show what someone says without a word.
    Reacted(ParticipantId, Reaction),
    /// Show someone no more.
    Disappeared(ParticipantId),
}

/// Every pair that one participant is part of.
#[derive(Debug, Clone)]
pub struct Mesh {
    own: Participant,
    pairs: Few<ParticipantId, Pair>,
    past: Past,
    jitter: Jitter,
}

impl Mesh {
    /// Begins without pairs.
    pub fn new(own: Participant, jitter: Jitter) -> Self {
        Self { own, pairs: Few::default(), past: Past::default(), jitter }
    }

    /// Returns who we are in it.
    pub fn own(&self) -> &Participant {
        &self.own
    }

    /// Returns everyone who is shown, with the state of the pair.
    pub fn shown(&self) -> impl Iterator<Item = (&Participant, &Negotiation)> {
        self.pairs.values().filter(|pair| pair.shown).map(|pair| (&pair.participant, &pair.negotiation))
    }

    /// Takes what a `Welcome` says: pairs that live on are kept, and what may have been lost is said again.
    pub fn welcome(&mut self, own: Participant, others: Vec<Participant>, now: Moment) -> Vec<Action> {
        // With a new incarnation the others were told that we had left, and have closed their ends.
        let renewed = own.incarnation != self.own.incarnation;
        self.own = own;
        let mut actions = Vec::new();
        let present: Vec<_> = others.iter().map(|participant| participant.id).collect();
        for participant in others {
            if renewed {
                self.replace(participant, now, &mut actions);
            } else {
                self.upsert(participant, now, &mut actions);
            }
        }
        let missing: Vec<_> = self.pairs.iter().map(|(id, _)| id).filter(|id| !present.contains(id)).collect();
        for id in missing {
            // The server does not know this one (it may have forgotten everyone): only the transport can tell.
            self.mark_lost(id, now);
        }
        self.sweep(now, &mut actions);
        actions
    }

    /// Someone joined or came back.
    pub fn joined(&mut self, participant: Participant, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        if participant.id != self.own.id {
            self.upsert(participant, now, &mut actions);
        }
        actions
    }

    /// Someone left for good.
    pub fn left(&mut self, id: ParticipantId) -> Vec<Action> {
        let mut actions = Vec::new();
        self.close(id, &mut actions);
        actions
    }

    /// Someone's socket is lost.
    pub fn lost(&mut self, id: ParticipantId, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        self.mark_lost(id, now);
        self.sweep(now, &mut actions);
        actions
    }

    /// Someone's devices changed.
    pub fn media_changed(&mut self, id: ParticipantId, media: MediaState, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(pair) = self.pairs.get_mut(id) {
            pair.media = Some(media);
            pair.show_media(now, &mut actions);
        }
        actions
    }

    /// Someone said something.
    pub fn signal(&mut self, from: ParticipantId, signal: Signal, now: Moment) -> Vec<Action> {
        self.pair(from, negotiation::Event::Signal(signal), now)
    }

    /// Something happened to a pair.
    pub fn pair(&mut self, id: ParticipantId, event: negotiation::Event, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(pair) = self.pairs.get_mut(id) {
            pair.act(event, now, &mut actions);
        }
        actions
    }

    /// Pictures were counted: sent over the connection of this epoch, and decoded from it.
    pub fn counted(&mut self, id: ParticipantId, epoch: Epoch, sent: u32, decoded: u32, now: Moment) -> Vec<Action> {
        let Some(pair) = self.pairs.get_mut(id).filter(|pair| pair.negotiation.epoch() == epoch) else {
            return Vec::new();
        };
        pair.sent = sent;
        let sent = pair.sent_there;
        self.pair(id, negotiation::Event::Pictures { epoch, sent, decoded }, now)
    }

    /// Time passed. Pairs are helped only while something could carry the help: the server, or someone who reaches both.
    pub fn tick(&mut self, server: Server, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        if server == Server::There {
            self.replace_outdated(now, &mut actions);
        }
        let surroundings = Surroundings { server, heard: self.reached().count() };
        for (_, pair) in self.pairs.iter_mut() {
            let useful = surroundings.carry(pair);
            let tick = if useful { negotiation::Event::Tick } else { negotiation::Event::TickInVain };
            pair.act(tick, now, &mut actions);
            pair.beat(now, &mut actions);
            pair.show_media(now, &mut actions);
            pair.explain(surroundings, now, &mut actions);
        }
        self.sweep(now, &mut actions);
        actions
    }

    /// Returns whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.pairs.values().next().is_none()
    }

    /// Returns from whom something is being heard.
    pub fn reached(&self) -> impl Iterator<Item = ParticipantId> {
        self.pairs.iter().filter(|(_, pair)| pair.works()).map(|(id, _)| id)
    }

    /// Returns whether the server has lost someone. Whom we do not know, it has.
    pub fn is_lost(&self, id: ParticipantId) -> bool {
        self.pairs.get(id).is_none_or(Pair::is_lost)
    }

    /// Returns whether someone has not been heard for long, whatever the server says.
    pub fn is_astray(&self, id: ParticipantId) -> bool {
        self.pairs.get(id).is_some_and(Pair::is_astray)
    }

    /// Closes every pair.
    pub fn close_all(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        let everyone: Vec<_> = self.pairs.iter().map(|(id, _)| id).collect();
        for id in everyone {
            self.close(id, &mut actions);
        }
        actions
    }

    fn upsert(&mut self, participant: Participant, now: Moment, actions: &mut Vec<Action>) {
        let id = participant.id;
        let kept = |pair: &Pair| {
            let outdated = pair.outdated && participant.presence == Presence::Online;
            !outdated && pair.lives_on(self.own.incarnation, participant.incarnation)
        };
        if self.pairs.get(id).is_some_and(kept) {
            self.resync(participant, now, actions);
        } else {
            self.replace(participant, now, actions);
        }
    }

    fn resync(&mut self, participant: Participant, now: Moment, actions: &mut Vec<Action>) {
        let id = participant.id;
        let Some(pair) = self.pairs.get_mut(id) else { return };
        if pair.shown && pair.participant != participant {
            actions.push(Action::Changed(participant.clone()));
        }
        pair.identify(participant, now);
        if pair.participant.presence == Presence::Online {
            pair.show(actions);
            pair.act(negotiation::Event::Resynced, now, actions);
        }
    }

    fn replace(&mut self, participant: Participant, now: Moment, actions: &mut Vec<Action>) {
        let id = participant.id;
        let was_shown = match self.pairs.remove(id) {
            Some(pair) => {
                let epoch = pair.negotiation.epoch();
                // One that begins later than the server knows of was made up by somebody.
                if epoch.since <= self.own.incarnation.max(participant.incarnation) {
                    self.past.note(id, epoch);
                }
                actions.push(Action::Close(id));
                pair.shown
            }
            None => false,
        };
        let role = Role::of(self.own.number, participant.number);
        let fresh = Epoch::none(self.own.incarnation, participant.incarnation);
        let past = self.past.last(id, fresh);
        let jitter = self.jitter.branch(u64::from(id.0));
        let mut pair = Pair::new(participant, Negotiation::new(role, past, jitter), self.own.incarnation, now);
        pair.shown = was_shown;
        if was_shown {
            // The same tile goes on: a reload is not a goodbye.
            actions.push(Action::Changed(pair.participant.clone()));
            actions.push(Action::Linked(id, Link::Connecting));
            actions.push(Action::Explained(id, None));
        }
        if pair.participant.presence == Presence::Online {
            pair.show(actions);
            pair.act(negotiation::Event::Begin, now, actions);
        }
        self.pairs.insert(id, pair);
    }

    fn mark_lost(&mut self, id: ParticipantId, now: Moment) {
        if let Some(pair) = self.pairs.get_mut(id) {
            pair.lose(now);
        }
    }

    /// Closes the pairs of those whom neither the server nor their own transport reaches.
    fn sweep(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let gone: Vec<_> = self.pairs.iter().filter(|(_, pair)| pair.is_gone(now)).map(|(id, _)| id).collect();
        for id in gone {
            self.close(id, actions);
        }
    }

    fn close(&mut self, id: ParticipantId, actions: &mut Vec<Action>) {
        if let Some(pair) = self.pairs.remove(id) {
            self.past.note(id, pair.negotiation.epoch());
            actions.push(Action::Close(id));
            if pair.shown {
                actions.push(Action::Disappeared(id));
            }
        }
    }
}
