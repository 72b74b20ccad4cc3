//! The relay between its roads: takes what came in on one, and sends what goes out on another.
//!
//! Separate from the roads, because a packet comes in on one and may go out on any.

use super::access::Access;
use super::streams::framed;
use super::udp::{Outgoing, Socket};
use crate::allowance::{Allowance, PerMinute};
use crate::world::unix_time;
use core::net::{IpAddr, SocketAddr};
use core::num::NonZeroU32;
use core::sync::atomic::{AtomicU64, Ordering};
use relay::{Figures, Flow, Limits, Members as _, Relay, Reply, Road};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc::Sender;

/// Answers that an address may get in a minute before it has proved to be where it says. An office behind one address needs a
/// thousand to join a call together; a victim of forged questions gets 15 kB a second.
const UNPROVED: PerMinute = PerMinute(NonZeroU32::new(6_000).expect("not zero"));

/// The relay and its roads.
#[derive(Debug)]
pub(crate) struct Service {
    relay: Mutex<Relay<Access>>,
    sockets: Vec<Socket>,
    streams: Mutex<HashMap<u64, Sender<Vec<u8>>>>,
    numbers: AtomicU64,
    unproved: Allowance,
}

impl Service {
    pub(super) fn new(access: &Access, limits: Limits, sockets: Vec<Socket>) -> Self {
        Self {
            relay: Mutex::new(Relay::new(access.secret().clone(), limits, access.clone())),
            sockets,
            streams: Mutex::default(),
            numbers: AtomicU64::default(),
            unproved: Allowance::new(UNPROVED),
        }
    }

    /// Returns the sockets.
    pub(super) fn sockets(&self) -> &[Socket] {
        &self.sockets
    }

    /// Counts what there is and what was.
    pub(crate) fn figures(&self) -> Figures {
        self.relay().figures()
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, members: &Access) {
        let owners = self.relay().owners();
        // Asked without the lock: the rooms have one of their own, and packets need not wait for it.
        let gone = owners.into_iter().filter(|owner| !members.include(owner)).collect();
        self.relay().advance(&gone, unix_time());
    }

    /// Returns whether a client has an allocation.
    pub(super) fn serves(&self, flow: &Flow) -> bool {
        self.relay().serves(flow)
    }

    /// Takes in a stream, and returns its number.
    pub(super) fn enter(&self, queue: Sender<Vec<u8>>) -> u64 {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        self.streams().insert(number, queue);
        number
    }

    /// Takes a stream out that has ended.
    pub(super) fn leave(&self, flow: &Flow, number: u64) {
        self.streams().remove(&number);
        self.relay().ended(flow);
    }

    /// Takes a datagram that came on a stream. Returns whether it was carried to somebody else.
    pub(super) fn receive(&self, flow: Flow, datagram: &[u8]) -> bool {
        let mut out = Vec::new();
        let reply = self.relay().receive(flow, datagram, &mut out, unix_time());
        let mut outgoing = Outgoing::default();
        if let Some(reply) = reply {
            self.pass(reply, &out, &mut outgoing);
            self.finish(reply.to.road, &mut outgoing);
        }
        reply.is_some_and(|reply| reply.to != flow)
    }

    /// Takes datagrams that came together on a socket.
    pub(super) fn receive_many<'a>(
        &self,
        socket: u8,
        datagrams: impl Iterator<Item = (SocketAddr, Option<IpAddr>, &'a [u8])>,
    ) {
        let (mut out, mut outgoing, now) = (Vec::new(), Outgoing::default(), unix_time());
        let mut last = None;
        let mut relay = self.relay();
        for (remote, local, datagram) in datagrams {
            let flow = Flow { road: Road::Udp { socket, local }, remote };
            if let Some(reply) = relay.receive(flow, datagram, &mut out, now) {
                if last.is_some_and(|road| socket_of(road) != socket_of(reply.to.road)) {
                    self.finish(last.unwrap_or(reply.to.road), &mut outgoing);
                }
                self.pass(reply, &out, &mut outgoing);
                last = Some(reply.to.road);
            }
        }
        drop(relay);
        if let Some(road) = last {
            self.finish(road, &mut outgoing);
        }
    }

    /// Hands a datagram to its road; on a socket it may wait for [`Service::finish`].
    fn pass(&self, reply: Reply, datagram: &[u8], outgoing: &mut Outgoing) {
        let Flow { road, remote } = reply.to;
        match road {
            Road::Udp { socket, local } => {
                if !reply.proved && self.unproved.take(remote.ip().to_canonical(), Instant::now()).is_err() {
                    return;
                }
                if let Some(socket) = self.sockets.get(usize::from(socket)) {
                    socket.gather(outgoing, (remote, local), datagram);
                }
            }
            Road::Tcp(number) | Road::Tls(number) => {
                if let Some(queue) = self.streams().get(&number) {
                    // One that is not read loses what is for it, and holds nobody up.
                    let _ = queue.try_send(framed(datagram.to_vec()));
                }
            }
        }
    }

    fn finish(&self, road: Road, outgoing: &mut Outgoing) {
        if let Some(socket) = socket_of(road).and_then(|socket| self.sockets.get(usize::from(socket))) {
            socket.send(outgoing);
        }
    }

    fn relay(&self) -> MutexGuard<'_, Relay<Access>> {
        self.relay.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn streams(&self) -> MutexGuard<'_, HashMap<u64, Sender<Vec<u8>>>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn socket_of(road: Road) -> Option<u8> {
    match road {
        Road::Udp { socket, .. } => Some(socket),
        Road::Tcp(_) | Road::Tls(_) => None,
    }
}
