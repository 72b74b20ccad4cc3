//! How a browser works off what a connection has to do, one thing after the other, and what is forbidden when.
//!
//! Separate from the [connection](crate::connection), because this is JSEP (RFC 9429 §3.2) and that is whose it is.

use crate::connection::{Connection, ConnectionKey, Operation, Signaling};
use crate::description::{Ufrag, describe, part, read_candidate, write_candidate};
use crate::world::{Happening, World};
use core::time::Duration;
use signaling::call::Event as CallEvent;
use signaling::negotiation::Event;
use signaling::protocol::Candidate;

impl Connection {
    fn add(&mut self, candidate: Option<&Candidate>) -> Result<(), String> {
        let Some(remote) = self.remote else {
            // Half way into a description that failed, nobody knows.
            return if self.signaling == Signaling::Broken { Ok(()) } else { Err("a candidate too early".into()) };
        };
        let Some(candidate) = candidate else { return Ok(()) };
        let (ufrag, index) = read_candidate(candidate);
        if ufrag != remote {
            return Err(format!("{candidate:?} does not belong to {remote:?}"));
        }
        self.added.insert((ufrag, index));
        Ok(())
    }
}

impl World {
    pub(crate) fn begin_operation(&mut self, key: ConnectionKey) {
        let most = if self.dice.per_mille(30) { 3_000 } else { 80 };
        let hangs = self.dice.per_mille(self.mood.breaks / 4);
        let time = self.dice.millis(0, if hangs { 30_000 } else { most });
        self.agenda.after(time, Happening::OperationDone(key));
    }

    /// The operation has its effect; its end is told a little later.
    pub(crate) fn operation_done(&mut self, key: ConnectionKey) {
        let breaks = self.dice.per_mille(self.mood.breaks);
        let one = &mut self.connections[key];
        let epoch = one.epoch;
        let Some(operation) = one.queue.front() else { return };
        let seq = match operation {
            Operation::Offer { seq, .. } | Operation::Answer { seq, .. } | Operation::Apply { seq, .. } => Some(*seq),
            Operation::AddCandidate(_) => None,
        };
        let outcome = match seq {
            _ if one.closed => Ok(seq.map(|seq| Event::Broke { epoch, seq })),
            Some(seq) if breaks || one.signaling == Signaling::Broken => {
                one.signaling = Signaling::Broken;
                self.figures.broken += 1;
                Ok(Some(Event::Broke { epoch, seq }))
            }
            _ => self.take_effect(key),
        };
        match outcome {
            Ok(outcome) => self.connections[key].outcome = outcome,
            Err(why) => return self.violate(format!("connection {key} of epoch {epoch:?}: {why}")),
        }
        self.reconsider_all();
        let lag = self.dice.millis(0, 15);
        self.agenda.after(lag, Happening::OperationTold(key));
    }

    fn take_effect(&mut self, key: ConnectionKey) -> Result<Option<Event>, String> {
        let one = &mut self.connections[key];
        let epoch = one.epoch;
        match (&one.queue[0], one.signaling) {
            (Operation::Offer { seq, restart }, Signaling::Stable) => {
                if !restart && one.local.is_some() {
                    return Err("an offer that changes nothing".into());
                }
                let (ufrag, seq) = (Ufrag::next(key, &mut one.generation), *seq);
                one.signaling = Signaling::HaveLocalOffer(ufrag);
                self.gather(key, ufrag);
                Ok(Some(Event::Described { epoch, seq, sdp: describe(ufrag, None) }))
            }
            (Operation::Answer { seq, offer }, Signaling::Stable) => {
                let (remote, seq) = (part(offer, "a=ice-ufrag:"), *seq);
                let ufrag = Ufrag::next(key, &mut one.generation);
                (one.local, one.remote) = (Some(ufrag), remote);
                self.gather(key, ufrag);
                Ok(Some(Event::Described { epoch, seq, sdp: describe(ufrag, remote) }))
            }
            (Operation::Apply { seq, answer }, Signaling::HaveLocalOffer(offered)) => {
                if part(answer, "a=answers:") != Some(offered) {
                    return Err(format!("{answer:?} does not answer {offered:?}"));
                }
                (one.local, one.remote) = (Some(offered), part(answer, "a=ice-ufrag:"));
                (one.signaling, one.offer_in_flight) = (Signaling::Stable, false);
                Ok(Some(Event::Applied { epoch, seq: *seq }))
            }
            (Operation::AddCandidate(candidate), _) => {
                let candidate = candidate.clone();
                one.add(candidate.as_ref()).map(|()| None)
            }
            (operation, signaling) => Err(format!("{operation:?} is illegal in {signaling:?}")),
        }
    }

    pub(crate) fn operation_told(&mut self, key: ConnectionKey) {
        let one = &mut self.connections[key];
        let (page, peer, outcome) = (one.page, one.peer, one.outcome.take());
        one.queue.pop_front();
        one.told_broken |= matches!(outcome, Some(Event::Broke { .. }));
        if !one.queue.is_empty() {
            self.begin_operation(key);
        }
        if let Some(event) = outcome {
            self.note(|| format!("connection {key}: {event:?}"));
            self.feed(page, CallEvent::Pair(peer, event));
        }
    }

    fn gather(&mut self, key: ConnectionKey, ufrag: Ufrag) {
        let count = 1 + self.dice.below(4) as u32;
        let mut at = self.agenda.now();
        for index in 0..count {
            at += self.gathering_time();
            self.agenda.at(at, Happening::Gathered(key, Some(write_candidate(ufrag, index))));
        }
        at += self.gathering_time();
        self.agenda.at(at, Happening::Gathered(key, None));
    }

    fn gathering_time(&mut self) -> Duration {
        let most = if self.dice.per_mille(80) { 12_000 } else { 150 };
        self.dice.millis(0, most)
    }

    pub(crate) fn gathered(&mut self, key: ConnectionKey, candidate: Option<Candidate>) {
        let one = &self.connections[key];
        let (page, peer, epoch) = (one.page, one.peer, one.epoch);
        // An event that was on its way when the connection was closed may come, or not.
        if !one.closed || self.dice.per_mille(300) {
            self.feed(page, CallEvent::Pair(peer, Event::Gathered { epoch, candidate }));
        }
    }
}
