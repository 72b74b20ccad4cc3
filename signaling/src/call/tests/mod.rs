//! Left is a call, and the tests are its server.

mod joining;
mod leaving;
mod pairs;
mod socket;

use super::*;
use crate::identity::{Epoch, Incarnation, JoinNumber, RelayGeneration, RoomId};
use crate::negotiation::Transport;
use crate::protocol::{Join, Page, Participant, PeerMessage, Presence, Resume, RoomSettings, Signal, Welcome};
use crate::time::{Jitter, Moment};

fn at(seconds: f64) -> Moment {
    Moment::from_secs_f64(seconds)
}

fn room() -> RoomId {
    RoomId::from_bytes([1; 16])
}

fn token(byte: u8) -> ResumeToken {
    ResumeToken::from_bytes([byte; 16])
}

fn name() -> DisplayName {
    DisplayName::new("Ana").unwrap()
}

fn someone(id: u32) -> Participant {
    Participant {
        id: ParticipantId(id),
        number: JoinNumber(id),
        incarnation: Incarnation(id),
        name: name(),
        media: MediaState::default(),
        presence: Presence::Online,
    }
}

fn welcome(own: u32, others: &[u32]) -> ServerMessage {
    ServerMessage::Welcome(Box::new(Welcome {
        you: someone(own),
        token: token(own as u8),
        participants: others.iter().copied().map(someone).collect(),
        ice_servers: Vec::new(),
        relay: None,
        room: RoomSettings { capacity: 8, relay_only: false },
    }))
}

fn refused(reason: Refusal) -> ServerMessage {
    ServerMessage::Refused { reason }
}

fn new_call(token: Option<ResumeToken>) -> Call {
    Call::new(room(), token, Jitter::new(1))
}

fn says_join(media: MediaState, resume: Option<(u8, Page)>) -> Action {
    let resume = resume.map(|(byte, page)| Resume { token: token(byte), page });
    Action::Send(ClientMessage::Join(Join { room: room(), name: name(), media, resume }))
}

fn hears(call: &mut Call, socket: u32, message: ServerMessage, now: f64) -> Vec<Action> {
    call.handle(Event::Received(SocketNumber(socket), message), at(now))
}

/// A call that is about to be welcomed through its first socket.
fn joining() -> Call {
    let mut call = new_call(None);
    call.handle(Event::Join { name: name() }, at(0.0));
    call
}

/// A call that is in, with one other, who joined before.
fn inside() -> Call {
    let mut call = joining();
    hears(&mut call, 1, welcome(2, &[1]), 0.1);
    assert!(call.is_online());
    call
}

/// Ticks ten times a second until something is to be done, and returns when.
fn first_action(call: &mut Call, from: f64) -> (f64, Vec<Action>) {
    for step in 1..1_000 {
        let wait = f64::from(step) / 10.0;
        let actions: Vec<_> = call.handle(Event::Tick, at(from + wait));
        let outside = |action: &Action| !matches!(action, Action::Mesh(_) | Action::Send(ClientMessage::Health { .. }));
        if actions.iter().any(outside) {
            return (wait, actions.into_iter().filter(outside).collect());
        }
    }
    panic!("nothing is done for 100 s");
}

fn shown(actions: &[Action]) -> Vec<Status> {
    actions.iter().filter_map(|action| if let Action::Show(status) = action { Some(*status) } else { None }).collect()
}

/// A call that is in, with two others: the first is heard, the second is not.
fn inside_with_one_heard() -> Call {
    let mut call = joining();
    hears(&mut call, 1, welcome(3, &[1, 2]), 0.1);
    let epoch = epoch_of(&call, 1);
    let sdp = crate::protocol::Sdp::new("v=0").unwrap();
    let body = crate::protocol::SignalBody::Answer(sdp.clone());
    let events = [
        negotiation::Event::Described { epoch, seq: 1, sdp },
        negotiation::Event::Signal(Signal { epoch, seq: 1, body }),
        negotiation::Event::Applied { epoch, seq: 1 },
        negotiation::Event::Transport { epoch, state: Transport::Connected },
    ];
    for event in events {
        call.handle(Event::Pair(ParticipantId(1), event), at(0.2));
    }
    call
}

fn epoch_of(call: &Call, id: u32) -> Epoch {
    call.mesh().unwrap().shown().find(|(participant, _)| participant.id.0 == id).unwrap().1.epoch()
}
