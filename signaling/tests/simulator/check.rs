//! The invariants: what must hold at every moment, and what must hold once the network has been kind for a while.
//!
//! Separate, because this is what a schedule is for. Legality of what is asked of a connection is checked in
//! [`connection`](crate::connection); what is shown, in [`page`](crate::page).

use crate::connection::{Connection, ConnectionKey};
use crate::page::PageKey;
use crate::people::PersonKey;
use crate::world::World;
use core::time::Duration;
use signaling::identity::ParticipantId;
use signaling::mesh::{Link, Mesh};
use signaling::negotiation::Transport;
use signaling::protocol::{Presence, ServerMessage};
use std::collections::BTreeSet;

/// A mesh that works does not renegotiate: this long before the end, no offer is made any more.
const QUIET: Duration = Duration::from_secs(20);

/// The most candidates of a kind that a pair keeps, and things that a connection has to do.
const CANDIDATES: usize = 64;
/// The most messages that wait for a socket to open: one introduces oneself, and perhaps says goodbye.
const BACKLOG: usize = 2;
/// A wish to give up what does not work may cross with its beginning to work; later than this there is no excuse.
const LASTING: Duration = Duration::from_secs(5);

impl World {
    /// Checks a page after everything it does.
    pub(crate) fn check_page(&mut self, page: PageKey) {
        let one = &self.pages[page];
        let shown: BTreeSet<_> = one.tiles.keys().copied().collect();
        let known: BTreeSet<_> = one.call.mesh().into_iter().flat_map(Mesh::shown).map(|(p, _)| p.id).collect();
        if shown != known {
            self.violate(format!("page {page} shows {shown:?}, and the mesh says {known:?}"));
        } else if one.id().is_some_and(|own| shown.contains(&own)) {
            self.violate(format!("page {page} shows itself as someone else"));
        } else if let Some(what) = self.what_grows(page) {
            self.violate(format!("page {page} keeps too much: {what}"));
        }
    }

    /// Returns what a page keeps more of than it may.
    fn what_grows(&self, page: PageKey) -> Option<&'static str> {
        let one = &self.pages[page];
        let mut pairs = one.call.mesh().into_iter().flat_map(Mesh::shown);
        let queues = one.connections.values().map(|key| self.connections[*key].queue.len());
        if pairs.any(|(_, pair)| pair.candidates() > 3 * CANDIDATES) {
            return Some("candidates");
        }
        if queues.max().is_some_and(|waiting| waiting > CANDIDATES) {
            return Some("operations");
        }
        let backlog = one.socket.map_or(0, |socket| self.sockets[socket].backlog());
        (backlog > BACKLOG).then_some("messages for a socket that is not open")
    }

    /// Checks that nobody gives up a connection that works for both, while both are in the call.
    pub(crate) fn check_closing(&mut self, key: ConnectionKey) {
        let Some((_, theirs)) = self.flowing(key) else { return };
        let (one, other) = (&self.connections[key], &self.connections[theirs.connection]);
        let lasting = |end: &Connection| {
            let since = end.turned_at.max(end.flow_turned_at);
            end.transport == Transport::Connected && self.agenda.now() >= since + LASTING
        };
        let works = lasting(one) && lasting(other);
        let wanted = self.pages[one.page].is_in() && self.pages[other.page].is_in();
        if works && wanted && self.kept {
            self.violate(format!("connection {key} works and is given up"));
        }
    }

    /// Checks what a socket brings, before the page sees it.
    pub(crate) fn check_delivery(&mut self, page: PageKey, message: &ServerMessage) {
        let room = self.people[self.pages[page].person].room;
        if let ServerMessage::Signal { from, .. } = message
            && self.given.get(from).is_some_and(|sender| self.people[*sender].room != room)
        {
            self.violate(format!("page {page} hears {from}, who is in another room"));
        }
    }

    /// Notes how long it took until everything was right, and stayed so.
    pub(crate) fn measure(&mut self, since: Duration) {
        let right = self.what_is_wrong().is_none();
        let now = self.agenda.now();
        let converged = &mut self.figures.converged;
        *converged = if right { converged.or(Some(now - since)) } else { None };
    }

    pub(crate) fn check_end(&mut self) {
        if self.broken.is_some() {
            return;
        }
        if let Some(what) = self.what_is_wrong() {
            self.note_pairs();
            self.violate(format!("at the end, {what}"));
        } else if self.figures.last_offer + QUIET > self.agenda.now() {
            self.violate(format!("still negotiating at {:?}", self.figures.last_offer));
        }
    }

    /// Notes the state of every pair, for whoever reads about a failure.
    fn note_pairs(&mut self) {
        for page in 0..self.pages.len() {
            let Some(mesh) = self.pages[page].call.mesh().filter(|_| self.pages[page].alive) else { continue };
            let own = mesh.own().clone();
            let pairs: Vec<_> = mesh.shown().map(|(participant, pair)| format!("{participant:?} {pair:?}")).collect();
            self.note(|| format!("page {page} is {own:?}"));
            pairs.into_iter().for_each(|pair| self.note(|| pair));
        }
    }

    /// Returns the first thing that is not as it must be in the end.
    pub(crate) fn what_is_wrong(&self) -> Option<String> {
        let inside: Vec<_> = self.pages.iter().filter(|page| page.is_in()).map(|page| page.person).collect();
        let nobody = self.pages.iter().position(|page| page.alive && !page.is_in() && !page.tiles.is_empty());
        if let Some(page) = nobody {
            return Some(format!("page {page} is out of the call and still shows someone"));
        }
        inside.iter().find_map(|person| self.what_is_wrong_with(*person, &inside))
    }

    fn what_is_wrong_with(&self, person: PersonKey, inside: &[PersonKey]) -> Option<String> {
        let key = self.people[person].page?;
        let page = &self.pages[key];
        let room = self.people[person].room;
        if !page.call.is_online() {
            return Some(format!("page {key} is not online: {:?}", page.status));
        }
        let others = inside.iter().copied().filter(|other| *other != person && self.people[*other].room == room);
        let others: Vec<_> = others.collect();
        let expected: BTreeSet<_> = others.iter().filter_map(|other| self.id_of(*other)).collect();
        let shown: BTreeSet<_> = page.tiles.keys().copied().collect();
        if shown != expected {
            return Some(format!("page {key} shows {shown:?} instead of {expected:?}"));
        }
        others.iter().find_map(|other| self.what_is_wrong_between(person, *other))
    }

    fn what_is_wrong_between(&self, here: PersonKey, there: PersonKey) -> Option<String> {
        let (page, far) = (self.people[here].page?, self.people[there].page?);
        let (own, id) = (self.id_of(here)?, self.id_of(there)?);
        let tile = &self.pages[page].tiles[&id];
        if tile.participant.media != self.people[there].media {
            return Some(format!("page {page} shows {:?} of {id}", tile.participant.media));
        }
        if tile.link != Link::Connected || tile.participant.presence != Presence::Online {
            return Some(format!("page {page} shows {id} as {:?}, {:?}", tile.link, tile.participant.presence));
        }
        let (ours, theirs) = (self.round(page, id)?, self.round(far, own)?);
        if ours != theirs {
            return Some(format!("page {page} is in {ours:?} with {id}, who is in {theirs:?}"));
        }
        let connection = self.pages[page].connections.get(&id);
        let works = connection.is_some_and(|key| {
            self.connections[*key].transport == Transport::Connected && self.flowing(*key).is_some()
        });
        if works {
            self.what_is_wrong_in_chat(page, far)
        } else {
            Some(format!("nothing flows from page {page} to {id}"))
        }
    }

    /// Returns what the browser says of the connection of one person to another.
    pub(crate) fn transport_between(&self, here: PersonKey, there: PersonKey) -> Option<Transport> {
        let (page, id) = (self.people[here].page?, self.id_of(there)?);
        let key = self.pages[page].connections.get(&id)?;
        self.flowing(*key).map(|_| self.connections[*key].transport)
    }

    fn id_of(&self, person: PersonKey) -> Option<ParticipantId> {
        self.people[person].page.and_then(|page| self.pages[page].id())
    }

    /// Returns which round of which epoch a pair is in, and whether that round is complete.
    fn round(&self, page: PageKey, id: ParticipantId) -> Option<((u32, u32), u32, bool)> {
        let mesh = self.pages[page].call.mesh()?;
        let (_, pair) = mesh.shown().find(|(participant, _)| participant.id == id)?;
        Some((pair.epoch().into(), pair.seq(), pair.is_converged()))
    }
}
