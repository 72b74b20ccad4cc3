//! Left is us; right joined before us and third after, so we offer to the one and answer the other.

mod links;
mod people;
mod words;

use super::*;
use crate::identity::{Incarnation, JoinNumber};
use crate::negotiation::{Action as PairAction, Event, Transport};
use crate::protocol::{DisplayName, Sdp, SignalBody};

pub(super) const RIGHT: ParticipantId = ParticipantId(71);
pub(super) const LEFT: ParticipantId = ParticipantId(72);
const THIRD: ParticipantId = ParticipantId(73);

pub(super) fn at(seconds: u64) -> Moment {
    Moment::from_secs(seconds)
}

pub(super) fn someone(id: ParticipantId, incarnation: u32) -> Participant {
    Participant {
        id,
        number: JoinNumber(id.0 - 70),
        incarnation: Incarnation(incarnation),
        name: DisplayName::new("Ana").unwrap(),
        media: MediaState::default(),
        presence: Presence::Online,
    }
}

pub(super) fn right() -> Participant {
    someone(RIGHT, 1)
}

pub(super) fn third() -> Participant {
    someone(THIRD, 3)
}

pub(super) fn lost(participant: Participant) -> Participant {
    Participant { presence: Presence::Lost, ..participant }
}

fn mesh() -> Mesh {
    Mesh::new(someone(LEFT, 2), Jitter::new(1))
}

/// A mesh whose pair with right works.
pub(super) fn working() -> Mesh {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
    let epoch = epoch_of(&mesh, RIGHT);
    let sdp = Sdp::new("v=0").unwrap();
    let events = [
        Event::Described { epoch, seq: 1, sdp: sdp.clone() },
        Event::Signal(Signal { epoch, seq: 1, body: SignalBody::Answer(sdp) }),
        Event::Applied { epoch, seq: 1 },
        Event::Transport { epoch, state: Transport::Connected },
    ];
    events.into_iter().for_each(|event| drop(mesh.pair(RIGHT, event, at(1))));
    assert!(mesh.shown().all(|(_, pair)| pair.is_converged()));
    mesh
}

pub(super) fn epoch_of(mesh: &Mesh, id: ParticipantId) -> Epoch {
    mesh.shown().find(|(participant, _)| participant.id == id).unwrap().1.epoch()
}

fn shown(mesh: &Mesh) -> Vec<ParticipantId> {
    mesh.shown().map(|(participant, _)| participant.id).collect()
}

fn turn(mesh: &mut Mesh, state: Transport, now: Moment) -> Vec<Action> {
    let epoch = epoch_of(mesh, RIGHT);
    mesh.pair(RIGHT, Event::Transport { epoch, state }, now)
}

/// What there is to be done, but for signs of life and explanations.
pub(super) fn done(actions: Vec<Action>) -> Vec<Action> {
    let aside = |action: &Action| matches!(action, Action::Tell(_, PeerMessage::Beat { .. }) | Action::Explained(..));
    actions.into_iter().filter(|action| !aside(action)).collect()
}

pub(super) fn opens(actions: &[Action], who: ParticipantId) -> bool {
    actions.iter().any(|action| matches!(action, Action::Pair(id, PairAction::Open { .. }) if *id == who))
}
