//! Who becomes a client, and who gets an allocation.
//!
//! Separate from the carrying, because everything that proves who somebody is happens here.

use super::client::{Asked, Client};
use super::credentials::Claim;
use super::figures::Refused;
use super::flow::Flow;
use super::message::{only_datagrams, wants_stream};
use super::relay::{Members, Relay};
use signaling::time::Moment;
use std::collections::hash_map::Entry;
use stun_proto::types::attribute::Username;
use stun_proto::types::message::Message;
use stun_proto::types::prelude::*;
use turn_types::attribute::AdditionalAddressFamily;

/// Clients at once that have nothing. The oldest give way: addresses can be forged.
const STRANGERS: usize = 4_096;

impl<M: Members> Relay<M> {
    /// Makes an allocation for whoever has credentials that have not run out and is in the room.
    pub(crate) fn allocate(
        &mut self,
        flow: Flow,
        request: &Message<'_>,
        name: Option<&Username>,
        now: Moment,
    ) -> Option<Vec<u8>> {
        // One that has been given up since is not confirmed once more.
        if let Some(client) = self.clients.get(&flow)
            && !client.relayed.is_empty()
            && let Some(answer) = client.answered(request)
        {
            return Some(answer.to_vec());
        }
        if !self.serves(&flow) {
            self.introduce(flow, name, now);
        }
        let client = self.clients.get_mut(&flow)?;
        if wants_stream(request)
            && let Some(key) = client.signed(request)
        {
            return only_datagrams(request, key);
        }
        if let Asked::Answer(answer) = client.hear(request.as_bytes(), now) {
            return Some(answer);
        }
        // All that is asked for or nothing: the machine keeps no half of it.
        let families = if request.has_attribute(AdditionalAddressFamily::TYPE) { 2 } else { 1 };
        let owner = client.user.as_ref().map(|user| user.owner.clone());
        let admitted = owner.filter(|owner| self.quotas.admits(owner, client.remote.ip(), families));
        if admitted.is_none() {
            self.figures.refuse(Refused::Allocations);
        }
        while let Some(family) = client.wanted(now) {
            let address = admitted.as_ref().and_then(|_| self.relayed.give(family, flow));
            if let (Some(owner), Some(_)) = (&admitted, address) {
                self.quotas.take(owner, client.remote.ip(), now);
            }
            client.allocate(family, address, now);
        }
        client.told(request.transaction_id(), now)
    }

    /// Makes a client of whoever asks for an allocation, and lets it prove to be who it says if that one may have something. A
    /// machine is told of one name in its life: it forgets none.
    fn introduce(&mut self, flow: Flow, name: Option<&Username>, now: Moment) {
        if let Entry::Vacant(unknown) = self.clients.entry(flow) {
            unknown.insert(Client::new(&flow, now));
            self.line_up(flow, now);
        }
        let (Some(client), Some(name)) = (self.clients.get_mut(&flow), name.map(Username::username)) else { return };
        let claim = Claim::read(name).filter(|claim| claim.expires > now);
        let welcome = match claim.map(|claim| claim.owner) {
            Some(owner) if self.members.include(&owner) => Some(owner),
            unwelcome => {
                let why = if unwelcome.is_some() { Refused::Stranger } else { Refused::Credentials };
                self.figures.refuse(why);
                None
            }
        };
        if client.user.as_ref().is_some_and(|user| welcome.is_none() || user.username != name) {
            *client = Client::new(&flow, client.since);
        }
        if let Some(owner) = welcome
            && client.user.is_none()
        {
            client.expect(owner, name, self.secret.password(name));
        }
    }

    /// Lets a client that has nothing wait for its turn to give way.
    pub(crate) fn line_up(&mut self, flow: Flow, now: Moment) {
        self.strangers.push_back((flow, now));
        while self.strangers.len() > STRANGERS {
            let Some((oldest, since)) = self.strangers.pop_front() else { break };
            let is_still = |client: &Client| client.relayed.is_empty() && client.since == since;
            if self.clients.get(&oldest).is_some_and(is_still) {
                self.clients.remove(&oldest);
            }
        }
    }
}
