//! A model of ICE and DTLS: when two connections that describe each other carry packets, and when they say so.
//!
//! Separate from [descriptions](crate::connection), because here the network decides, and the two ends need not agree.

use crate::connection::ConnectionKey;
use crate::description::Ufrag;
use crate::page::PageKey;
use crate::people::PersonKey;
use crate::world::{Happening, World};
use core::time::Duration;
use signaling::call::Event as CallEvent;
use signaling::identity::ParticipantId;
use signaling::negotiation::{Event, Transport};
use signaling::protocol::PeerMessage;

/// What a connection's future depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outlook {
    transport: Transport,
    flows: bool,
    described: Option<(Ufrag, Ufrag)>,
}

impl World {
    /// Looks at every living connection again, after anything that may matter to one.
    pub(crate) fn reconsider_all(&mut self) {
        let alive = self.pages.iter().filter(|page| page.alive);
        let keys: Vec<_> = alive.flat_map(|page| page.connections.values().copied()).collect();
        keys.into_iter().for_each(|key| self.reconsider(key));
    }

    fn reconsider(&mut self, key: ConnectionKey) {
        let flows = self.flowing(key).is_some();
        let now = self.agenda.now();
        let one = &mut self.connections[key];
        if core::mem::replace(&mut one.flows, flows) != flows {
            one.flow_turned_at = now;
        }
        let outlook = Outlook { transport: one.transport, flows, described: one.local.zip(one.remote) };
        if one.outlook == Some(outlook) {
            return;
        }
        let next = self.forecast(key, outlook);
        let one = &mut self.connections[key];
        one.outlook = Some(outlook);
        one.stamp += 1;
        if let Some((delay, state)) = next {
            self.agenda.after(delay, Happening::TransportTurns { connection: key, stamp: one.stamp, state });
        }
    }

    /// Says what the browser will say next of a connection, if things stay as they are.
    fn forecast(&mut self, key: ConnectionKey, outlook: Outlook) -> Option<(Duration, Transport)> {
        let (dice, one_sided) = (&mut self.dice, self.connections[key].one_sided);
        match (outlook.transport, outlook.flows) {
            (Transport::New, true) if !one_sided => Some((dice.millis(20, 600), Transport::Connected)),
            (Transport::New, _) => outlook.described.map(|_| (dice.millis(12_000, 30_000), Transport::Failed)),
            (Transport::Connected, true) => None,
            (Transport::Connected, false) => Some((dice.millis(1_000, 7_000), Transport::Disconnected)),
            // Not every connection comes back by itself.
            (Transport::Disconnected, true) if dice.per_mille(700) => {
                Some((dice.millis(20, 3_000), Transport::Connected))
            }
            (Transport::Disconnected, _) => Some((dice.millis(3_000, 20_000), Transport::Failed)),
            (Transport::Failed, _) if outlook.described != self.connections[key].failed => {
                Some((Duration::ZERO, Transport::New))
            }
            (Transport::Failed, _) => None,
        }
    }

    pub(crate) fn transport_turns(&mut self, key: ConnectionKey, stamp: u32, state: Transport) {
        let flowing = self.flowing(key);
        let one = &mut self.connections[key];
        if one.stamp != stamp || one.closed {
            return;
        }
        (one.transport, one.turned_at) = (state, self.agenda.now());
        match state {
            Transport::Connected => one.working = flowing,
            Transport::Failed => (one.working, one.failed) = (None, one.local.zip(one.remote)),
            Transport::New | Transport::Disconnected => {}
        }
        let (page, peer, epoch) = (one.page, one.peer, one.epoch);
        self.note(|| format!("connection {key} of page {page} to {peer} is {state:?}"));
        self.reconsider_all();
        self.feed(page, CallEvent::Pair(peer, Event::Transport { epoch, state }));
    }

    /// Returns the pair of ICE generations over which packets pass, or could.
    pub(crate) fn flowing(&self, key: ConnectionKey) -> Option<(Ufrag, Ufrag)> {
        let one = &self.connections[key];
        let described = one.local.zip(one.remote).filter(|pair| self.is_mirrored(*pair) && self.is_reachable(*pair));
        // While ICE restarts, the old way is kept until there is a new one.
        described.or_else(|| one.working.filter(|pair| self.is_mirrored(*pair)))
    }

    /// Carries what one page tells another over their connection, if packets pass.
    pub(crate) fn tell_peer(&mut self, page: PageKey, peer: ParticipantId, message: PeerMessage) {
        let flowing = self.pages[page].connections.get(&peer).and_then(|key| self.flowing(*key));
        let (Some((_, theirs)), Some(own)) = (flowing, self.pages[page].id()) else { return };
        if !matches!(message, PeerMessage::Beat { .. }) {
            self.figures.carried += 1;
            self.note(|| format!("page {page} tells {peer}: {message:?}"));
        }
        let far = &self.connections[theirs.connection];
        let told = CallEvent::Told(own, far.epoch, message);
        let (far, delay) = (far.page, self.dice.millis(1, 60));
        self.agenda.after(delay, Happening::Tell(far, told));
    }

    fn is_mirrored(&self, (ours, theirs): (Ufrag, Ufrag)) -> bool {
        let (one, other) = (&self.connections[ours.connection], &self.connections[theirs.connection]);
        let mirror = Some((theirs, ours));
        let holds = other.local.zip(other.remote) == mirror || other.working == mirror;
        let alive = !other.closed && self.pages[other.page].alive && !one.closed && self.pages[one.page].alive;
        let failed =
            (one.failed == Some((ours, theirs)) && !one.one_sided) || (other.failed == mirror && !other.one_sided);
        let (here, there) = (self.pages[one.page].person, self.pages[other.page].person);
        holds && alive && !failed && !self.is_cut(here, there)
    }

    /// Whether both ends know a candidate of the other that leads somewhere.
    fn is_reachable(&self, (ours, theirs): (Ufrag, Ufrag)) -> bool {
        let knows = |end: Ufrag, of: Ufrag| {
            // For some, only one of the candidates works.
            let picky = (of.connection + of.generation as usize).is_multiple_of(3);
            let mut known = self.connections[end.connection].added.iter().filter(|(ufrag, _)| *ufrag == of);
            known.any(|(_, index)| !picky || *index == 0)
        };
        let wedged = [ours, theirs].iter().any(|end| self.connections[end.connection].wedged);
        !wedged && knows(ours, theirs) && knows(theirs, ours)
    }

    fn is_cut(&self, one: PersonKey, other: PersonKey) -> bool {
        self.cuts.contains(&(one.min(other), one.max(other)))
    }

    pub(crate) fn cut_path(&mut self, one: PersonKey, other: PersonKey) {
        self.note(|| format!("no packet passes between {one} and {other}"));
        self.cuts.insert((one.min(other), one.max(other)));
        self.reconsider_all();
    }

    pub(crate) fn heal(&mut self, one: PersonKey, other: PersonKey) {
        if self.cuts.remove(&(one.min(other), one.max(other))) {
            self.note(|| format!("packets pass again between {one} and {other}"));
            self.reconsider_all();
        }
    }
}
