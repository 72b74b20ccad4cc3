//! A model of the server's relay: whose packets go through it, and what becomes of them when its process ends.
//!
//! Separate from [ICE](crate::ice), which neither knows nor cares which way packets take.

use crate::connection::ConnectionKey;
use crate::page::PageKey;
use crate::world::World;
use signaling::call::Event;
use signaling::negotiation::Transport;

impl World {
    /// About every fourth pair finds no other way. Both ends agree on that, since it is a matter of their networks.
    fn is_relayed(&self, key: ConnectionKey) -> bool {
        let one = &self.connections[key];
        let own = self.pages[one.page].id();
        self.mood.relays && own.is_some_and(|own| (own.0 ^ one.peer.0).is_multiple_of(4))
    }

    /// Tells a page which way the packets of its connections take.
    pub(crate) fn tell_ways(&mut self, page: PageKey) {
        for (id, key) in self.pages[page].connections.clone() {
            let (epoch, relayed) = (self.connections[key].epoch, self.is_relayed(key));
            if self.connections[key].transport == Transport::Connected {
                self.feed(page, Event::Counted { id, epoch, sent: 0, decoded: 0, relayed });
            }
        }
    }

    /// The relay's process has ended: what went through it never moves again, until ICE starts over.
    pub(crate) fn cut_relayed(&mut self) {
        for key in 0..self.connections.len() {
            if !self.connections[key].closed && self.is_relayed(key) {
                let one = &mut self.connections[key];
                one.failed = one.local.zip(one.remote);
                one.working = None;
            }
        }
        self.reconsider_all();
    }
}
