//! The flight recorder: what happened to the connections of a call, as far as it may be shown to others.
//!
//! Separate, because of what it must not hold: it takes words of ours and numbers only, and people by the order in which it met
//! them. So there is no name, no address, no room and no identity in it that would have to be taken out.

use crate::call::{Action, Event};
use crate::identity::ParticipantId;
use crate::mesh::{self, Link};
use crate::negotiation::{self, Transport};
use crate::protocol::{ClientMessage, ServerMessage, SignalBody};
use crate::time::Moment;
use std::collections::VecDeque;

/// Lines that are kept; the oldest go first.
pub const MOST: usize = 2_000;

const COUNTED: &str = "pictures decoded";
/// Counts come every two seconds; of each person one in this time is kept, or they would drive out everything else.
const COUNT_MS: u32 = 10_000;

/// What is kept of one happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    milliseconds: u32,
    /// Which person it is about, from 1 in the order of meeting; 0 for nobody.
    person: u32,
    what: &'static str,
    number: u32,
}

/// What happened, in a ring.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    lines: VecDeque<Line>,
    people: Vec<ParticipantId>,
}

type Note = (Option<ParticipantId>, &'static str, u32);

impl Recorder {
    /// Notes what happened to a call, if that tells something.
    pub fn event(&mut self, event: &Event, now: Moment) {
        if let Some(note) = of_event(event) {
            self.note(note, now);
        }
    }

    /// Notes what a call did, if that tells something.
    pub fn action(&mut self, action: &Action, now: Moment) {
        if let Some(note) = of_action(action) {
            self.note(note, now);
        }
    }

    /// Returns everything, a line each: milliseconds since the page began, the person, what, a number.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Line { milliseconds, person, what, number } in &self.lines {
            let (milliseconds, person, number) = (milliseconds.to_string(), person.to_string(), number.to_string());
            text.extend([&milliseconds, " ", &person, " ", what, " ", &number, "\n"]);
        }
        text
    }

    fn note(&mut self, (id, what, number): Note, now: Moment) {
        let person = id.map_or(0, |id| self.person(id));
        let milliseconds = u32::try_from(now.as_millis()).unwrap_or(u32::MAX);
        let before = || self.lines.iter().rev().find(|line| (line.person, line.what) == (person, what));
        if what == COUNTED && before().is_some_and(|line| milliseconds < line.milliseconds.saturating_add(COUNT_MS)) {
            return;
        }
        if self.lines.len() == MOST {
            self.lines.pop_front();
        }
        self.lines.push_back(Line { milliseconds, person, what, number });
    }

    fn person(&mut self, id: ParticipantId) -> u32 {
        let known = self.people.iter().position(|known| *known == id);
        let index = known.unwrap_or_else(|| {
            self.people.push(id);
            self.people.len() - 1
        });
        index as u32 + 1
    }
}

fn of_event(event: &Event) -> Option<Note> {
    Some(match event {
        Event::Received(_, message) => return of_message(message),
        Event::Closed(number) => (None, "socket closed", number.0),
        Event::Woke => (None, "woke", 0),
        Event::Pair(id, event) => match event {
            negotiation::Event::Transport { epoch, state } => (Some(*id), transport(*state), epoch.count),
            negotiation::Event::Applied { seq, .. } => (Some(*id), "answer applied", *seq),
            negotiation::Event::Broke { seq, .. } => (Some(*id), "browser refused", *seq),
            _ => return None,
        },
        Event::Counted { id, decoded, .. } => (Some(*id), COUNTED, *decoded),
        Event::Hurry(id) => (Some(*id), "hurried", 0),
        _ => return None,
    })
}

fn of_message(message: &ServerMessage) -> Option<Note> {
    Some(match message {
        ServerMessage::Welcome(welcome) => (None, "welcome", welcome.participants.len() as u32),
        ServerMessage::Joined(participant) => (Some(participant.id), "joined", participant.incarnation.0),
        ServerMessage::Left { id } => (Some(*id), "left", 0),
        ServerMessage::Lost { id } => (Some(*id), "lost", 0),
        ServerMessage::Repair { with } => (Some(*with), "repair ordered", 0),
        ServerMessage::Signal { from, signal } => match signal.body {
            SignalBody::Offer(_) => (Some(*from), "offer heard", signal.seq),
            SignalBody::Answer(_) => (Some(*from), "answer heard", signal.seq),
            SignalBody::Ask(_) => (Some(*from), "asked", signal.seq),
            SignalBody::Candidate(_) | SignalBody::EndOfCandidates => return None,
        },
        ServerMessage::Refused { reason } => (None, reason.name(), 0),
        ServerMessage::MediaChanged { .. } | ServerMessage::IceServers(_) | ServerMessage::Echo { .. } => return None,
    })
}

fn of_action(action: &Action) -> Option<Note> {
    Some(match action {
        Action::Dial(number) => (None, "dialled", number.0),
        Action::Send(ClientMessage::Join(_)) => (None, "join said", 0),
        Action::Send(ClientMessage::Probe { nonce }) => (None, "server asked", *nonce),
        Action::Mesh(mesh::Action::Pair(id, negotiation::Action::Open { epoch, .. })) => {
            (Some(*id), "opened", epoch.count)
        }
        Action::Mesh(mesh::Action::Pair(id, negotiation::Action::Offer { seq, .. })) => (Some(*id), "offered", *seq),
        Action::Mesh(mesh::Action::Linked(id, link)) => (Some(*id), shown(*link), 0),
        Action::Mesh(mesh::Action::Disappeared(id)) => (Some(*id), "disappeared", 0),
        _ => return None,
    })
}

fn transport(state: Transport) -> &'static str {
    match state {
        Transport::New => "transport new",
        Transport::Connected => "transport connected",
        Transport::Disconnected => "transport disconnected",
        Transport::Failed => "transport failed",
    }
}

fn shown(link: Link) -> &'static str {
    match link {
        Link::Connecting => "shown connecting",
        Link::Connected => "shown connected",
        Link::Repairing => "shown repairing",
        Link::Failed => "shown failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::SocketNumber;

    fn lost(id: u32) -> Event {
        Event::Received(SocketNumber(1), ServerMessage::Lost { id: ParticipantId(id) })
    }

    #[test]
    fn people_are_numbered_in_the_order_of_meeting_them() {
        let mut recorder = Recorder::default();
        recorder.event(&lost(4_711), Moment::from_millis(12));
        recorder.event(&lost(42), Moment::from_millis(1_300));
        recorder.event(&Event::Hurry(ParticipantId(4_711)), Moment::from_secs(2));
        recorder.action(&Action::Dial(SocketNumber(7)), Moment::from_secs(3));
        assert_eq!(recorder.text(), "12 1 lost 0\n1300 2 lost 0\n2000 1 hurried 0\n3000 0 dialled 7\n");
    }

    #[test]
    fn the_oldest_lines_go_first() {
        let mut recorder = Recorder::default();
        for second in 0..MOST as u64 + 5 {
            recorder.event(&Event::Woke, Moment::from_secs(second));
        }
        let text = recorder.text();
        assert_eq!((text.lines().count(), text.lines().next()), (MOST, Some("5000 0 woke 0")));
    }
}
