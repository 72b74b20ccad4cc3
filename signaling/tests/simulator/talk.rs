//! What people write while everything around them breaks: a real [`Chat`] for each page, over the model's connections.
//!
//! Separate, because a chat goes over channels that open and close with a connection and keep what they hold through an
//! outage, which nothing else here does.

use crate::connection::ConnectionKey;
use crate::page::PageKey;
use crate::people::PersonKey;
use crate::world::World;
use signaling::chat::{Action, Body, Event, Message};
use signaling::identity::ParticipantId;
use signaling::negotiation::Transport;
use signaling::protocol::{ChatText, DisplayName};

impl World {
    /// The person writes something.
    pub(crate) fn write(&mut self, person: PersonKey) {
        let Some(page) = self.people[person].page.filter(|page| self.pages[*page].asleep.is_none()) else { return };
        let Some(from) = self.pages[page].id().filter(|_| self.pages[page].is_in()) else { return };
        self.figures.written += 1;
        let at = self.figures.written;
        let name = DisplayName::new(format!("Person {person}")).expect("a name");
        let body = Body::Text(ChatText::new(format!("word {at}")).expect("a word"));
        self.note(|| format!("page {page} writes word {at}"));
        self.feed_chat(page, Event::Write { from, name, at, body });
    }

    /// Looks which channels of a page are open, brings what waits in them, and lets time pass for its chat.
    pub(crate) fn tend_chat(&mut self, page: PageKey) {
        let lanes: Vec<_> = self.pages[page].lanes.iter().map(|(id, key)| (*id, *key)).collect();
        for (id, key) in lanes {
            if self.pages[page].connections.get(&id) != Some(&key) {
                self.pages[page].lanes.remove(&id);
                self.feed_chat(page, Event::Closed(id));
            }
        }
        let connections: Vec<_> = self.pages[page].connections.iter().map(|(id, key)| (*id, *key)).collect();
        for (id, key) in connections {
            let open = self.connections[key].transport == Transport::Connected && self.flowing(key).is_some();
            if open && self.pages[page].lanes.get(&id) != Some(&key) {
                self.pages[page].lanes.insert(id, key);
                self.feed_chat(page, Event::Opened(id));
            }
            self.bring(page, key);
        }
        self.feed_chat(page, Event::Tick);
    }

    /// Brings over a connection what waits in it, if packets pass and the other end has its channel open, too.
    fn bring(&mut self, page: PageKey, key: ConnectionKey) {
        let (Some((_, theirs)), Some(own)) = (self.flowing(key), self.pages[page].id()) else { return };
        let far = self.connections[theirs.connection].page;
        let listens = self.pages[far].asleep.is_none() && self.pages[far].lanes.get(&own) == Some(&theirs.connection);
        if listens {
            for message in core::mem::take(&mut self.connections[key].chat) {
                self.feed_chat(far, Event::Received(own, message));
            }
        }
    }

    fn feed_chat(&mut self, page: PageKey, event: Event) {
        let now = self.agenda_now();
        for action in self.pages[page].chat.handle(event, now) {
            if let Action::Send(to, message) = action {
                self.put_in(page, to, message);
            }
        }
    }

    fn put_in(&mut self, page: PageKey, to: ParticipantId, message: Message) {
        if let Some(key) = self.pages[page].lanes.get(&to) {
            self.connections[*key].chat.push(message);
        }
    }

    /// Returns whether two people of a room, both in the call, have the same before them.
    pub(crate) fn what_is_wrong_in_chat(&self, here: PageKey, there: PageKey) -> Option<String> {
        let (ours, theirs) = (self.pages[here].chat.log(), self.pages[there].chat.log());
        (ours.marks() != theirs.marks()).then(|| {
            let (ours, theirs) = (ours.entries().count(), theirs.entries().count());
            format!("page {here} has {ours} entries of the chat and page {there} has {theirs}, or others")
        })
    }
}
