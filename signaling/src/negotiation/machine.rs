//! The machine for one end of one pair: its stages, and what leads from one to the next.
//!
//! Separate from the vocabulary, which is public, and from [repair](super::repair), which is about time.

use super::candidates::{Candidates, Trickle, belongs, body};
use super::pulse::Pulse;
use super::{Action, Event, Role, Transport};
use crate::identity::Epoch;
use crate::protocol::{Ask, Sdp, Signal, SignalBody};
use crate::time::{Jitter, Moment, Pace};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Idle,
    Describing,
    Offered,
    Applying,
    Settled,
    Broken,
}

/// One end of one pair.
#[derive(Debug, Clone)]
pub struct Negotiation {
    pub(super) role: Role,
    pub(super) epoch: Epoch,
    pub(super) seq: u32,
    pub(super) stage: Stage,
    /// What the browser says of the present connection.
    pub(super) reported: Transport,
    pub(super) pulse: Pulse,
    /// Our description for `seq`, once made.
    pub(super) described: Option<Sdp>,
    /// Whether of this round nothing is said any more.
    pub(super) hushed: bool,
    pub(super) candidates: Candidates,
    /// When the present stage has taken too long.
    pub(super) due: Option<Moment>,
    /// How often the offer was said again.
    pub(super) resends: u32,
    /// How often the connection was helped since it last worked.
    pub(super) attempts: u32,
    /// How often ICE started over on the present connection since it last worked.
    pub(super) restarts: u32,
    pub(super) repaired_at: Option<Moment>,
    /// The connection for which we have answered the wish for a new one with less.
    pub(super) hesitated_in: Option<Epoch>,
    /// When the answer was last said.
    pub(super) said_at: Moment,
    /// Of the far end's offers, each of another round.
    pace: Pace,
    pub(super) jitter: Jitter,
}

impl Negotiation {
    /// Begins one end of a pair. `past` is the epoch that is surely over: the last one of the pair if there was one,
    /// or [`Epoch::none`].
    pub fn new(role: Role, past: Epoch, jitter: Jitter) -> Self {
        Self {
            role,
            epoch: past,
            seq: 0,
            stage: Stage::Idle,
            reported: Transport::New,
            pulse: Pulse::default(),
            described: None,
            hushed: false,
            candidates: Candidates::default(),
            due: None,
            resends: 0,
            attempts: 0,
            restarts: 0,
            repaired_at: None,
            hesitated_in: None,
            said_at: Moment::ZERO,
            pace: Pace::default(),
            jitter,
        }
    }

    /// Returns which end this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Returns the epoch of the present connection.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Returns the number of the present connection's last offer; 0 before the first.
    pub fn seq(&self) -> u32 {
        self.seq
    }

    /// Returns the state of the present connection: what the browser says, but for a far end that is silent.
    pub fn transport(&self) -> Transport {
        match self.reported {
            Transport::Connected if self.pulse.is_silent() => Transport::Disconnected,
            reported => reported,
        }
    }

    /// Returns whether the browser calls the present connection connected, whatever is heard.
    pub fn is_reported_connected(&self) -> bool {
        self.reported == Transport::Connected
    }

    /// Returns whether descriptions are exchanged and packets flow.
    pub fn is_converged(&self) -> bool {
        self.stage == Stage::Settled && self.transport() == Transport::Connected
    }

    /// Returns how many candidates are kept, of both ends: bounded, whatever the far end says.
    pub fn candidates(&self) -> usize {
        self.candidates.len()
    }

    /// Takes what happened and returns what to do about it.
    pub fn handle(&mut self, event: Event, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        match event {
            Event::Begin if self.stage == Stage::Idle => self.begin(now, &mut actions),
            Event::Begin => {}
            Event::Signal(signal) => self.hear(signal, now, &mut actions),
            Event::Described { epoch, seq, sdp } if self.is_at(Stage::Describing, epoch, seq) => {
                self.described(sdp, now, &mut actions);
            }
            Event::Applied { epoch, seq } if self.is_at(Stage::Applying, epoch, seq) => self.settle(now, &mut actions),
            Event::Broke { epoch, seq }
                if self.is_at(Stage::Describing, epoch, seq) || self.is_at(Stage::Applying, epoch, seq) =>
            {
                self.broke(now, &mut actions);
            }
            Event::Described { .. } | Event::Applied { .. } | Event::Broke { .. } => {}
            Event::Gathered { epoch, candidate } if epoch == self.epoch => self.gathered(candidate, &mut actions),
            Event::Transport { epoch, state } if epoch == self.epoch => {
                self.transported(state, now, &mut actions);
            }
            Event::Heard { epoch } if epoch == self.epoch => self.heard(now, &mut actions),
            Event::Beat { epoch } if epoch == self.epoch => self.heard_beat(now, &mut actions),
            Event::Pictures { epoch, sent, decoded } if epoch == self.epoch => {
                self.watch_pictures(sent, decoded, now, &mut actions);
            }
            Event::Gathered { .. }
            | Event::Transport { .. }
            | Event::Heard { .. }
            | Event::Beat { .. }
            | Event::Pictures { .. } => {}
            Event::Ordered => self.ordered(now, &mut actions),
            Event::RelayGone { cut } => self.relay_gone(cut, now),
            Event::Outdated => self.hush(),
            Event::Hurried => self.hurry(now, &mut actions),
            Event::Resynced => self.resync(now, &mut actions),
            Event::Tick => self.tick(now, &mut actions),
            Event::TickInVain => self.watch_pulse(now, &mut actions),
        }
        actions
    }

    fn is_present(&self, epoch: Epoch, seq: u32) -> bool {
        (epoch, seq) == (self.epoch, self.seq)
    }

    fn is_at(&self, stage: Stage, epoch: Epoch, seq: u32) -> bool {
        self.stage == stage && self.is_present(epoch, seq)
    }

    fn hear(&mut self, signal: Signal, now: Moment, actions: &mut Vec<Action>) {
        let Signal { epoch, seq, body } = signal;
        if epoch < self.epoch || epoch.count == 0 {
            return;
        }
        match (self.role, body) {
            (Role::Answerer, SignalBody::Offer(offer)) => self.hear_offer(epoch, seq, offer, now, actions),
            (Role::Offerer, SignalBody::Answer(answer)) if self.is_at(Stage::Offered, epoch, seq) => {
                self.stage = Stage::Applying;
                self.expect_browser(now);
                actions.push(Action::Apply { epoch, seq, answer });
            }
            (Role::Offerer, SignalBody::Ask(Ask::Restart)) if self.is_present(epoch, seq) => {
                self.asked_restart(now, actions);
            }
            (Role::Offerer, SignalBody::Ask(Ask::Rebuild)) => self.asked_rebuild(epoch, seq, now, actions),
            (_, SignalBody::Candidate(candidate)) => self.hear_candidate(epoch, seq, Some(candidate), actions),
            (_, SignalBody::EndOfCandidates) => self.hear_candidate(epoch, seq, None, actions),
            // An offer to the offerer, an answer to the answerer, or something of another round: not in this protocol,
            // or overtaken. Nothing depends on it.
            _ => {}
        }
    }

    fn hear_offer(&mut self, epoch: Epoch, seq: u32, offer: Sdp, now: Moment, actions: &mut Vec<Action>) {
        let is_new = epoch > self.epoch;
        match () {
            // The far end holds on to a connection that we have closed.
            () if !is_new && self.stage == Stage::Idle => return self.ask_anew(now, actions),
            () if !is_new && seq == self.seq => return self.offered_again(now, actions),
            () if !is_new && (seq < self.seq || self.stage == Stage::Broken) => return,
            // It is said again. Each costs a connection, or the browser its candidates, and a far end that keeps to its times makes fewer.
            () if !self.pace.allows(now) => return,
            () if is_new => self.open(epoch, actions),
            () => {}
        }
        self.start_round(seq, now);
        actions.push(Action::Answer { epoch, seq, offer });
    }

    fn hear_candidate(&mut self, epoch: Epoch, seq: u32, candidate: Trickle, actions: &mut Vec<Action>) {
        let (round, present) = ((epoch, seq), (self.epoch, self.seq));
        if round == present && self.stage == Stage::Settled {
            if self.candidates.take(&candidate) {
                actions.push(Action::AddCandidate { epoch, candidate });
            }
        } else if round > present || (round == present && self.stage != Stage::Broken) {
            self.candidates.hold(round, candidate);
        }
    }

    fn described(&mut self, sdp: Sdp, now: Moment, actions: &mut Vec<Action>) {
        // A candidate of the generation before may have slipped in while the description was being made.
        self.candidates.keep_only_of(&sdp);
        self.described = Some(sdp).filter(|_| !self.hushed);
        self.said_at = now;
        self.say_all(actions);
        match self.role {
            Role::Offerer => {
                self.stage = Stage::Offered;
                self.expect_answer(now);
            }
            Role::Answerer => self.settle(now, actions),
        }
    }

    fn gathered(&mut self, candidate: Trickle, actions: &mut Vec<Action>) {
        match &self.described {
            _ if self.hushed => return,
            Some(sdp) if !belongs(candidate.as_ref(), sdp) => return,
            Some(_) => actions.push(Action::Send(self.signal(body(candidate.clone())))),
            None => {}
        }
        self.candidates.keep(candidate);
    }

    fn settle(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.stage = Stage::Settled;
        let epoch = self.epoch;
        let due = self.candidates.release((epoch, self.seq));
        actions.extend(due.into_iter().map(|candidate| Action::AddCandidate { epoch, candidate }));
        self.expect_connection(now);
    }

    /// The connection is beyond restarting, though packets may still flow over it.
    pub(super) fn broke(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.stage = Stage::Broken;
        self.described = None;
        if self.role == Role::Answerer {
            self.ask(Ask::Rebuild, actions);
        }
        self.expect_rebuild(now);
    }

    pub(super) fn open(&mut self, epoch: Epoch, actions: &mut Vec<Action>) {
        self.epoch = epoch;
        self.seq = 0;
        self.reported = Transport::New;
        self.pulse.begin();
        actions.push(Action::Open { epoch, role: self.role });
    }

    pub(super) fn start_round(&mut self, seq: u32, now: Moment) {
        self.restarts = if self.seq == 0 { 0 } else { self.restarts + 1 };
        self.seq = seq;
        self.stage = Stage::Describing;
        (self.described, self.hushed) = (None, false);
        self.candidates.begin((self.epoch, seq));
        self.expect_browser(now);
    }

    /// Says our description and our candidates, which does no harm when they were heard before.
    pub(super) fn say_all(&self, actions: &mut Vec<Action>) {
        let Some(sdp) = self.described.clone() else { return };
        let description = match self.role {
            Role::Offerer => SignalBody::Offer(sdp),
            Role::Answerer => SignalBody::Answer(sdp),
        };
        let said = core::iter::once(description).chain(self.candidates.said());
        actions.extend(said.map(|body| Action::Send(self.signal(body))));
    }

    pub(super) fn ask(&self, ask: Ask, actions: &mut Vec<Action>) {
        actions.push(Action::Send(self.signal(SignalBody::Ask(ask))));
    }

    fn signal(&self, body: SignalBody) -> Signal {
        Signal { epoch: self.epoch, seq: self.seq, body }
    }
}
