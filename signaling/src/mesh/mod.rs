//! All pairs of one participant: which there should be, and what each tells the page.
//!
//! Separate from the [call](crate::call), because it speaks of participants only: what the server says of them goes in,
//! what to do with connections and tiles comes out. `Left` closes a pair; `Lost` marks it, and it closes when its own
//! transport is silent too, so a lost socket never ends a conversation.

use crate::few::Few;
use crate::identity::{Epoch, ParticipantId};
use crate::negotiation::{self, Negotiation, Role};
use crate::protocol::{MediaState, Participant, Presence, Signal};
use crate::time::{Jitter, Moment};
use pair::Pair;
use past::Past;

mod pair;
mod past;
#[cfg(test)]
mod tests;

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
    /// Show how someone reaches us.
    Linked(ParticipantId, Link),
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
            self.mark_lost(id);
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
        self.mark_lost(id);
        self.sweep(now, &mut actions);
        actions
    }

    /// Someone's devices changed.
    pub fn media_changed(&mut self, id: ParticipantId, media: MediaState) -> Vec<Action> {
        let Some(pair) = self.pairs.get_mut(id) else { return Vec::new() };
        pair.participant.media = media;
        if pair.shown { vec![Action::Changed(pair.participant.clone())] } else { Vec::new() }
    }

    /// Someone said something.
    pub fn signal(&mut self, from: ParticipantId, signal: Signal, now: Moment) -> Vec<Action> {
        self.pair(from, negotiation::Event::Signal(signal), now)
    }

    /// Something happened to a pair.
    pub fn pair(&mut self, id: ParticipantId, event: negotiation::Event, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(pair) = self.pairs.get_mut(id) {
            actions.extend(pair.negotiation.handle(event, now).into_iter().map(|action| Action::Pair(id, action)));
            pair.observe(now, &mut actions);
        }
        actions
    }

    /// Time passed. Pairs are helped only while signaling could carry the help.
    pub fn tick(&mut self, signaling_works: bool, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        for (id, pair) in self.pairs.iter_mut() {
            if signaling_works && pair.participant.presence == Presence::Online {
                let done = pair.negotiation.handle(negotiation::Event::Tick, now);
                actions.extend(done.into_iter().map(|action| Action::Pair(id, action)));
            }
            pair.observe(now, &mut actions);
        }
        self.sweep(now, &mut actions);
        actions
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
        let lives_on = self.pairs.get(id).is_some_and(|pair| pair.participant.incarnation == participant.incarnation);
        if lives_on {
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
        pair.participant = participant;
        if pair.participant.presence == Presence::Online {
            pair.show(actions);
            let done = pair.negotiation.handle(negotiation::Event::Resynced, now);
            actions.extend(done.into_iter().map(|action| Action::Pair(id, action)));
        }
    }

    fn replace(&mut self, participant: Participant, now: Moment, actions: &mut Vec<Action>) {
        let id = participant.id;
        let was_shown = match self.pairs.remove(id) {
            Some(pair) => {
                actions.push(Action::Close(id));
                pair.shown
            }
            None => false,
        };
        let role = Role::of(self.own.number, participant.number);
        let fresh = Epoch::none(self.own.incarnation, participant.incarnation);
        let past = self.past.last(id, fresh);
        let jitter = self.jitter.branch(u64::from(id.0));
        let mut pair = Pair::new(participant, Negotiation::new(role, past, jitter), was_shown, now);
        if was_shown {
            // The same tile goes on: a reload is not a goodbye.
            actions.push(Action::Changed(pair.participant.clone()));
            actions.push(Action::Linked(id, Link::Connecting));
        }
        if pair.participant.presence == Presence::Online {
            pair.show(actions);
            let done = pair.negotiation.handle(negotiation::Event::Begin, now);
            actions.extend(done.into_iter().map(|action| Action::Pair(id, action)));
        }
        self.pairs.insert(id, pair);
    }

    fn mark_lost(&mut self, id: ParticipantId) {
        if let Some(pair) = self.pairs.get_mut(id) {
            pair.participant.presence = Presence::Lost;
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
