//! A page: a real [`Call`], what it shows, and what it does with the browser.
//!
//! Separate from the [person](crate::people) in front of it, because a reload ends the one and not the other.

use crate::connection::ConnectionKey;
use crate::people::PersonKey;
use crate::sockets::SocketKey;
use crate::world::{Happening, World};
use core::time::Duration;
use signaling::call::{Action, Call, Event, SocketNumber, Status};
use signaling::chat::Chat;
use signaling::identity::ParticipantId;
use signaling::mesh::{self, Link};
use signaling::protocol::{ClientMessage, Participant, Refusal};
use std::collections::BTreeMap;

/// Which of the schedule's pages.
pub(crate) type PageKey = usize;

/// Someone as shown.
#[derive(Debug)]
pub(crate) struct Tile {
    pub(crate) participant: Participant,
    pub(crate) link: Link,
}

/// One page of one person.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) person: PersonKey,
    pub(crate) call: Call,
    pub(crate) alive: bool,
    pub(crate) status: Option<Status>,
    pub(crate) socket: Option<SocketKey>,
    /// The call's number of the socket.
    pub(crate) number: SocketNumber,
    pub(crate) connections: BTreeMap<ParticipantId, ConnectionKey>,
    pub(crate) tiles: BTreeMap<ParticipantId, Tile>,
    pub(crate) chat: Chat,
    /// The connections whose channel for the chat is open.
    pub(crate) lanes: BTreeMap<ParticipantId, ConnectionKey>,
    pub(crate) interval: Duration,
    /// What waits while the computer sleeps.
    pub(crate) asleep: Option<Vec<Event>>,
}

impl Page {
    /// Returns who the page thinks it is.
    pub(crate) fn id(&self) -> Option<ParticipantId> {
        self.call.mesh().map(|mesh| mesh.own().id)
    }

    /// Returns whether its person is, or will be, in the call.
    pub(crate) fn is_in(&self) -> bool {
        self.alive && matches!(self.status, Some(Status::Joining | Status::Online(_) | Status::Away))
    }
}

impl World {
    /// Lets a page know, and does what it wants.
    pub(crate) fn feed(&mut self, page: PageKey, event: Event) {
        let now = self.agenda.now();
        let one = &mut self.pages[page];
        if !one.alive || self.broken.is_some() {
            return;
        }
        if let Some(waiting) = &mut one.asleep {
            waiting.push(event);
            return;
        }
        let actions = one.call.handle(event, now);
        actions.into_iter().for_each(|action| self.perform(page, action));
        self.check_page(page);
    }

    fn perform(&mut self, page: PageKey, action: Action) {
        let person = self.pages[page].person;
        match action {
            Action::Dial(number) => self.dial(page, number),
            Action::HangUp => self.hang_up(page),
            Action::Send(message) => self.speak(page, message),
            Action::HideAddresses | Action::UseIceServers(_) => {}
            Action::Remember(token) => self.people[person].token = Some(token),
            Action::Forget => self.people[person].token = None,
            Action::Show(status) => self.show(page, status),
            Action::Mesh(action) => self.perform_mesh(page, action),
        }
    }

    fn speak(&mut self, page: PageKey, message: ClientMessage) {
        self.note(|| format!("page {page} says: {}", format!("{message:?}").chars().take(200).collect::<String>()));
        let truth = self.people[self.pages[page].person].media;
        let claimed = match &message {
            ClientMessage::SetMedia(media) => Some(*media),
            ClientMessage::Join(join) => Some(join.media),
            _ => None,
        };
        if claimed.is_some_and(|media| media != truth) {
            self.violate(format!("page {page} announces {claimed:?} while its devices are {truth:?}"));
        }
        self.say(page, message);
    }

    fn show(&mut self, page: PageKey, status: Status) {
        self.note(|| format!("page {page} shows {status:?}"));
        let person = self.pages[page].person;
        match status {
            Status::Online(id) => {
                self.given.insert(id, person);
            }
            Status::Refused(Refusal::RoomFull | Refusal::UnknownRoom) => {}
            Status::Refused(reason) => self.violate(format!("page {page} is turned away with {reason:?}")),
            Status::Joining | Status::Away | Status::Left => {}
        }
        self.pages[page].status = Some(status);
    }

    fn perform_mesh(&mut self, page: PageKey, action: mesh::Action) {
        match action {
            mesh::Action::Pair(id, action) => self.operate(page, id, action),
            mesh::Action::Close(id) => self.close(page, id),
            mesh::Action::Appeared(participant) => self.appear(page, participant),
            mesh::Action::Changed(participant) => {
                let id = participant.id;
                match self.pages[page].tiles.get_mut(&id) {
                    Some(tile) => tile.participant = participant,
                    None => self.violate(format!("page {page} is told of changes of {id}, who is not shown")),
                }
            }
            mesh::Action::Linked(id, link) => {
                self.note(|| format!("page {page} shows {id} as {link:?}"));
                if let Some(tile) = self.pages[page].tiles.get_mut(&id) {
                    tile.link = link;
                }
            }
            mesh::Action::Tell(id, message) => self.tell_peer(page, id, message),
            mesh::Action::Reacted(id, what) => self.note(|| format!("page {page} shows {what:?} of {id}")),
            mesh::Action::Explained(id, why) => self.note(|| format!("page {page} explains {id} by {why:?}")),
            mesh::Action::Disappeared(id) => {
                self.note(|| format!("page {page} shows {id} no more"));
                if self.pages[page].tiles.remove(&id).is_none() {
                    self.violate(format!("{id} disappears from page {page} without having been there"));
                }
            }
        }
    }

    fn appear(&mut self, page: PageKey, participant: Participant) {
        let id = participant.id;
        self.note(|| format!("page {page} shows {participant:?}"));
        if self.pages[page].id() == Some(id) {
            self.violate(format!("page {page} shows its own participant {id} as someone else"));
        }
        let tile = Tile { participant, link: Link::Connecting };
        if self.pages[page].tiles.insert(id, tile).is_some() {
            self.violate(format!("page {page} shows {id} twice"));
        }
    }

    pub(crate) fn tick(&mut self, page: PageKey) {
        if !self.pages[page].alive {
            return;
        }
        self.server.advance();
        if self.pages[page].asleep.is_none() {
            self.tell_ways(page);
            self.feed(page, Event::Tick);
            self.tend_chat(page);
        }
        let interval = self.pages[page].interval;
        self.agenda.after(interval, Happening::Tick(page));
    }

    /// The computer sleeps: nothing runs, and what happens is told later.
    pub(crate) fn sleep(&mut self, page: PageKey, time: Duration) {
        if self.pages[page].alive && self.pages[page].asleep.is_none() {
            self.note(|| format!("page {page} sleeps"));
            self.pages[page].asleep = Some(Vec::new());
            self.agenda.after(time, Happening::Thaw(page));
        }
    }

    pub(crate) fn thaw(&mut self, page: PageKey) {
        let waiting = self.pages[page].asleep.take().unwrap_or_default();
        self.note(|| format!("page {page} is awake again, and {} things waited", waiting.len()));
        waiting.into_iter().for_each(|event| self.feed(page, event));
        self.feed(page, Event::Woke);
    }
}
