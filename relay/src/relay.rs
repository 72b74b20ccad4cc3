//! The relay: which client may have what, and which packet goes where.
//!
//! Separate from one client's protocol, because what is decided here is between clients.

use super::client::{Asked, Client};
use super::credentials::{Claim, Owner, Secret};
use super::figures::{Figures, Refused};
use super::flow::{Flow, Road};
use super::message::{Kind, bound, forbidden, only_datagrams, peers, wants_stream};
use super::quota::{Limits, Quotas};
use super::relayed::Relayed;
use core::net::SocketAddr;
use core::time::Duration;
use signaling::time::Moment;
use std::collections::{HashMap, VecDeque};
use stun_proto::types::attribute::Username;
use stun_proto::types::message::Message;

/// Clients at once that have proved nothing yet. The oldest give way: addresses can be forged.
const STRANGERS: usize = 4_096;
/// How long a client may have no allocation.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who is in which room.
pub trait Members: Send + Sync + 'static {
    /// Returns whether a participant is in its room, as far as the room remembers.
    fn include(&self, owner: &Owner) -> bool;
}

/// A datagram to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// To whom.
    pub to: Flow,
    /// Whether that one has proved to be where it says. Others are to be answered sparingly: the answer is longer than the
    /// question, and may hit somebody who asked nothing.
    pub proved: bool,
}

/// STUN and TURN for the rooms of one server.
#[derive(Debug)]
pub struct Relay<M> {
    secret: Secret,
    members: M,
    clients: HashMap<Flow, Client>,
    strangers: VecDeque<Flow>,
    relayed: Relayed,
    quotas: Quotas,
    figures: Figures,
}

impl<M: Members> Relay<M> {
    /// Begins without clients.
    pub fn new(secret: Secret, limits: Limits, members: M) -> Self {
        Self {
            secret,
            members,
            clients: HashMap::new(),
            strangers: VecDeque::new(),
            relayed: Relayed::new(),
            quotas: Quotas::new(limits),
            figures: Figures::default(),
        }
    }

    /// Counts what there is and what was.
    pub fn figures(&self) -> Figures {
        let mut figures = self.figures;
        for (flow, client) in &self.clients {
            let road = match flow.road {
                Road::Udp { .. } => 0,
                Road::Tcp(_) => 1,
                Road::Tls(_) => 2,
            };
            figures.allocations[road] += client.relayed.len();
        }
        figures
    }

    /// Counts the clients that are remembered.
    #[cfg(test)]
    pub(crate) fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Returns whether a client has an allocation.
    pub fn serves(&self, flow: &Flow) -> bool {
        self.clients.get(flow).is_some_and(|client| !client.relayed.is_empty())
    }

    /// Takes a datagram, and writes the one that has to be sent for it into `out`. `now` is Unix time.
    pub fn receive(&mut self, flow: Flow, datagram: &[u8], out: &mut Vec<u8>, now: Moment) -> Option<Reply> {
        match datagram.first()? {
            0..0x40 => self.message(flow, datagram, out, now),
            0x40..0x80 => self.data(flow, datagram, out, now),
            _ => None,
        }
    }

    /// Forgets a client whose stream has ended.
    pub fn ended(&mut self, flow: &Flow) {
        self.forget(flow);
    }

    /// Lets time pass: ends what has run out, and what belongs to people who are not in their room any more. To be called
    /// every second or so. `now` is Unix time.
    pub fn advance(&mut self, now: Moment) {
        let mut over = Vec::new();
        for (flow, client) in &mut self.clients {
            for address in client.settle(now) {
                give_up(&mut self.relayed, &mut self.quotas, client, &address);
            }
            let idle = client.relayed.is_empty() && client.since + PATIENCE <= now;
            if idle || client.user.as_ref().is_some_and(|user| !self.members.include(&user.owner)) {
                over.push(*flow);
            }
        }
        for flow in over {
            self.forget(&flow);
        }
    }

    fn message(&mut self, flow: Flow, datagram: &[u8], out: &mut Vec<u8>, now: Moment) -> Option<Reply> {
        let message = Message::from_bytes(datagram).ok()?;
        let answer = match Kind::read(&message)? {
            Kind::Send => return self.data(flow, datagram, out, now),
            Kind::Binding => bound(&message, &flow),
            Kind::Allocate => self.allocate(flow, &message, now),
            Kind::Refresh => self.clients.get_mut(&flow)?.hear(datagram, now).answer(),
            Kind::Permission => {
                let allowed = peers(&message).all(|peer| Relayed::is_one(peer.ip()));
                self.about_peers(flow, &message, allowed, now)
            }
            Kind::Channel => {
                let allowed = peers(&message).all(|peer| self.reaches(&flow, &peer));
                self.about_peers(flow, &message, allowed, now)
            }
        };
        self.release(&flow, now);
        *out = answer?;
        Some(Reply { to: flow, proved: self.serves(&flow) })
    }

    /// Makes an allocation for whoever has credentials that have not run out and is in the room.
    fn allocate(&mut self, flow: Flow, request: &Message<'_>, now: Moment) -> Option<Vec<u8>> {
        // One that has been given up since is not confirmed once more.
        if let Some(client) = self.clients.get(&flow)
            && !client.relayed.is_empty()
            && let Some(answer) = client.answered(request)
        {
            return Some(answer.to_vec());
        }
        if !self.serves(&flow) {
            self.introduce(flow, request, now);
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
        while let Some(family) = client.wanted(now) {
            let owner = client.user.as_ref().map(|user| user.owner.clone());
            let admitted = owner.filter(|owner| self.quotas.admits(owner));
            let address = admitted.as_ref().and_then(|_| self.relayed.give(family, flow));
            match (&admitted, address) {
                (Some(owner), Some(_)) => self.quotas.take(owner, now),
                _ => self.figures.refuse(Refused::Allocations),
            }
            client.allocate(family, address, now);
        }
        client.told(request.transaction_id(), now)
    }

    /// Makes a client of whoever asks for an allocation, and knows it by the name it gives if the name is good.
    fn introduce(&mut self, flow: Flow, request: &Message<'_>, now: Moment) {
        if !self.clients.contains_key(&flow) {
            self.meet(flow, now);
        }
        let Ok(username) = request.attribute::<Username>() else { return };
        let username = username.username();
        let Some(client) = self.clients.get_mut(&flow) else { return };
        let claim = Claim::read(username).filter(|claim| claim.expires > now);
        let owner = match claim.map(|claim| claim.owner) {
            Some(owner) if self.members.include(&owner) => owner,
            unwelcome => {
                let why = if unwelcome.is_some() { Refused::Stranger } else { Refused::Credentials };
                self.figures.refuse(why);
                if client.user.is_some() {
                    // What was good once is not any more: the machine must not go on knowing it.
                    self.clients.insert(flow, Client::new(&flow, now));
                }
                return;
            }
        };
        if client.user.as_ref().is_none_or(|user| user.username != username) {
            client.expect(owner, username, self.secret.password(username));
        }
    }

    fn meet(&mut self, flow: Flow, now: Moment) {
        while self.strangers.len() >= STRANGERS {
            let Some(oldest) = self.strangers.pop_front() else { break };
            if !self.serves(&oldest) {
                self.clients.remove(&oldest);
            }
        }
        self.strangers.push_back(flow);
        self.clients.insert(flow, Client::new(&flow, now));
    }

    /// Takes a request that names peers.
    fn about_peers(&mut self, flow: Flow, request: &Message<'_>, allowed: bool, now: Moment) -> Option<Vec<u8>> {
        let client = self.clients.get_mut(&flow)?;
        if !allowed && let Some(key) = client.signed(request) {
            self.figures.refuse(Refused::Peer);
            return forbidden(request, key);
        }
        // Unsigned or wrongly signed, it is refused by the machine whatever it names.
        client.hear(request.as_bytes(), now).answer()
    }

    /// Returns whether an address is an allocation of the same room.
    fn reaches(&self, flow: &Flow, peer: &SocketAddr) -> bool {
        let room = |flow: &Flow| Some(&self.clients.get(flow)?.user.as_ref()?.owner.room);
        let other = self.relayed.flow(peer);
        other.is_some_and(|other| room(&other).is_some() && room(&other) == room(flow))
    }

    /// Carries what a client sends to a peer.
    fn data(&mut self, flow: Flow, datagram: &[u8], out: &mut Vec<u8>, now: Moment) -> Option<Reply> {
        let client = self.clients.get_mut(&flow)?;
        let Asked::Carry { from, to, data } = client.hear(datagram, now) else { return None };
        let data = datagram.get(data)?;
        let Some(peer) = self.relayed.flow(&to).filter(|_| self.reaches(&flow, &to)) else {
            self.figures.refuse(Refused::Peer);
            return None;
        };
        let owner = &self.clients.get(&flow)?.user.as_ref()?.owner;
        if !self.quotas.carry(owner, data.len(), now) {
            self.figures.refuse(Refused::Bandwidth);
            return None;
        }
        self.clients.get_mut(&peer)?.deliver(from, to, data, out, now).then_some(())?;
        self.figures.packets += 1;
        self.figures.bytes += data.len() as u64;
        Some(Reply { to: peer, proved: true })
    }

    /// Takes back what a client has given up.
    fn release(&mut self, flow: &Flow, now: Moment) {
        let Some(client) = self.clients.get_mut(flow) else { return };
        for address in client.settle(now) {
            give_up(&mut self.relayed, &mut self.quotas, client, &address);
        }
        if client.relayed.is_empty() {
            client.since = client.since.max(now);
        }
    }

    fn forget(&mut self, flow: &Flow) {
        let Some(client) = self.clients.remove(flow) else { return };
        for address in &client.relayed {
            give_up(&mut self.relayed, &mut self.quotas, &client, address);
        }
    }
}

fn give_up(relayed: &mut Relayed, quotas: &mut Quotas, client: &Client, address: &SocketAddr) {
    relayed.take_back(address);
    if let Some(user) = &client.user {
        quotas.give_back(&user.owner);
    }
}
