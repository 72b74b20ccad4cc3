//! The relay: which client may have what, and which packet goes where.
//!
//! Separate from one client's protocol, because what is decided here is between clients.

use super::client::{Asked, Client};
use super::credentials::{Owner, Secret};
use super::figures::{Figures, Refused};
use super::flow::{Flow, Road};
use super::framing::DATAGRAM_BYTES;
use super::message::{Kind, bound, forbidden, peers, username};
use super::quota::{Limits, Quotas};
use super::relayed::Relayed;
use core::net::SocketAddr;
use core::time::Duration;
use signaling::time::Moment;
use std::collections::{HashMap, HashSet, VecDeque};
use stun_proto::types::attribute::Username;
use stun_proto::types::message::Message;

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
    pub(crate) secret: Secret,
    pub(crate) members: M,
    pub(crate) clients: HashMap<Flow, Client>,
    /// Those who have nothing, since when, the oldest first; some of them have something by now, or are gone.
    pub(crate) strangers: VecDeque<(Flow, Moment)>,
    pub(crate) relayed: Relayed,
    pub(crate) quotas: Quotas,
    pub(crate) figures: Figures,
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

    /// Returns everyone whose presence matters to [`Relay::advance`].
    pub fn owners(&self) -> Vec<Owner> {
        self.quotas.owners()
    }

    /// Lets time pass: ends what has run out, and what belongs to those who are `gone` from their room. To be called every second
    /// or so. `now` is Unix time.
    pub fn advance(&mut self, gone: &HashSet<Owner>, now: Moment) {
        let mut over = Vec::new();
        for (flow, client) in &mut self.clients {
            for address in client.settle(now) {
                give_up(&mut self.relayed, &mut self.quotas, client, &address);
            }
            let idle = client.relayed.is_empty() && client.since + PATIENCE <= now;
            if idle || client.user.as_ref().is_some_and(|user| gone.contains(&user.owner)) {
                over.push(*flow);
            }
        }
        for flow in over {
            self.forget(&flow);
        }
        self.quotas.tidy(now);
    }

    fn message(&mut self, flow: Flow, datagram: &[u8], out: &mut Vec<u8>, now: Moment) -> Option<Reply> {
        let message = Message::from_bytes(datagram).ok()?;
        let answer = match Kind::read(&message)? {
            Kind::Send => return self.data(flow, datagram, out, now),
            Kind::Binding => bound(&message, &flow),
            kind => match username(&message) {
                Ok(name) => self.request(flow, kind, &message, name.as_ref(), now),
                Err(refusal) => Some(refusal),
            },
        };
        self.release(&flow, now);
        *out = answer?;
        Some(Reply { to: flow, proved: self.serves(&flow) })
    }

    /// Answers what takes credentials.
    fn request(
        &mut self,
        flow: Flow,
        kind: Kind,
        request: &Message<'_>,
        name: Option<&Username>,
        now: Moment,
    ) -> Option<Vec<u8>> {
        let allowed = match kind {
            Kind::Allocate => return self.allocate(flow, request, name, now),
            Kind::Permission => peers(request).all(|peer| Relayed::is_one(peer.ip())),
            Kind::Channel => peers(request).all(|peer| self.reaches(&flow, &peer)),
            Kind::Refresh | Kind::Binding | Kind::Send => true,
        };
        let client = self.clients.get_mut(&flow)?;
        if !allowed {
            // Whoever asks: the machine is to know of nothing but peers of the room.
            self.figures.refuse(Refused::Peer);
            return forbidden(request, client.signed(request));
        }
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
        let data = datagram.get(data).filter(|data| data.len() <= DATAGRAM_BYTES)?;
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
        let gone = client.settle(now);
        for address in &gone {
            give_up(&mut self.relayed, &mut self.quotas, client, address);
        }
        if !gone.is_empty() && client.relayed.is_empty() {
            client.since = now;
            self.line_up(*flow, now);
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
        quotas.give_back(&user.owner, client.remote.ip());
    }
}
