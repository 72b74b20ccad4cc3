//! Left is the earlier participant and answers; right is the later one and offers.

mod exchange;
mod order;
mod outside;
mod repair;

use super::*;
use crate::identity::Incarnation;
use crate::protocol::{Ask, CandidateLine, SignalBody, Tag};
use crate::time::{Jitter, Moment};

fn at(seconds: f64) -> Moment {
    Moment::from_secs_f64(seconds)
}

fn epoch(count: u32) -> Epoch {
    Epoch { since: Incarnation(2), count }
}

fn fresh(role: Role) -> Negotiation {
    Negotiation::new(role, epoch(0), Jitter::new(1))
}

fn left() -> Negotiation {
    fresh(Role::Answerer)
}

fn right() -> Negotiation {
    fresh(Role::Offerer)
}

fn sdp(ufrag: &str) -> Sdp {
    Sdp::new(format!("v=0\r\na=ice-ufrag:{ufrag}\r\n")).unwrap()
}

fn candidate(ufrag: &str) -> Candidate {
    let line = CandidateLine::new("candidate:1 1 udp 1 192.0.2.1 9 typ host").unwrap();
    Candidate { candidate: line, mid: None, line: Some(0), ufrag: Some(Tag::new(ufrag).unwrap()) }
}

fn signal(epoch: Epoch, seq: u32, body: SignalBody) -> Signal {
    Signal { epoch, seq, body }
}

fn offer(count: u32, seq: u32) -> Event {
    Event::Signal(signal(epoch(count), seq, SignalBody::Offer(sdp("right"))))
}

fn answer(count: u32, seq: u32) -> Event {
    Event::Signal(signal(epoch(count), seq, SignalBody::Answer(sdp("left"))))
}

fn trickled(count: u32, seq: u32, ufrag: &str) -> Event {
    Event::Signal(signal(epoch(count), seq, SignalBody::Candidate(candidate(ufrag))))
}

fn asked(count: u32, seq: u32, ask: Ask) -> Event {
    Event::Signal(signal(epoch(count), seq, SignalBody::Ask(ask)))
}

fn described(count: u32, seq: u32, ufrag: &str) -> Event {
    Event::Described { epoch: epoch(count), seq, sdp: sdp(ufrag) }
}

fn applied(count: u32, seq: u32) -> Event {
    Event::Applied { epoch: epoch(count), seq }
}

fn broke(count: u32, seq: u32) -> Event {
    Event::Broke { epoch: epoch(count), seq }
}

fn gathered(count: u32, ufrag: &str) -> Event {
    Event::Gathered { epoch: epoch(count), candidate: Some(candidate(ufrag)) }
}

fn turned(count: u32, state: Transport) -> Event {
    Event::Transport { epoch: epoch(count), state }
}

fn says(count: u32, seq: u32, body: SignalBody) -> Action {
    Action::Send(signal(epoch(count), seq, body))
}

fn asks(count: u32, seq: u32, ask: Ask) -> Action {
    says(count, seq, SignalBody::Ask(ask))
}

fn opens(count: u32, role: Role) -> Action {
    Action::Open { epoch: epoch(count), role }
}

fn offers(count: u32, seq: u32, restart: bool) -> Action {
    Action::Offer { epoch: epoch(count), seq, restart }
}

fn rebuilds(count: u32) -> [Action; 2] {
    [opens(count, Role::Offerer), offers(count, 1, false)]
}

fn adds(count: u32, ufrag: &str) -> Action {
    Action::AddCandidate { epoch: epoch(count), candidate: Some(candidate(ufrag)) }
}

/// Lets things happen at a moment, and forgets what is to be done.
fn after(mut end: Negotiation, now: Moment, events: impl IntoIterator<Item = Event>) -> Negotiation {
    for event in events {
        end.handle(event, now);
    }
    end
}

/// Right, after it has said its first offer.
fn offered() -> Negotiation {
    after(right(), at(0.0), [Event::Begin, described(1, 1, "right")])
}

/// Right, with both descriptions in place, and working.
fn right_working() -> Negotiation {
    after(offered(), at(0.0), [answer(1, 1), applied(1, 1), turned(1, Transport::Connected)])
}

/// Left, with both descriptions in place, and working.
fn left_working() -> Negotiation {
    after(left(), at(0.0), [offer(1, 1), described(1, 1, "left"), turned(1, Transport::Connected)])
}

/// Ticks ten times a second until something is to be done, and returns when.
fn first_action(end: &mut Negotiation, from: Moment) -> (f64, Vec<Action>) {
    let mut now = from;
    for _ in 0..1_000 {
        now += at(0.1);
        let actions = end.handle(Event::Tick, now);
        if !actions.is_empty() {
            return ((now - from).as_secs_f64(), actions);
        }
    }
    panic!("nothing is done for 100 s");
}
