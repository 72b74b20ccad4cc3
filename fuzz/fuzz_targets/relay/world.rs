//! The relay, the people, and what must hold.
//!
//! Separate from the script, because this is the yardstick: a simpler account of whose allocation is whose.

use crate::people::{Person, Present, Seat};
use crate::script::{Channel, Damage, Family, Peer, Pick, Request, Step, Transport, Word};
use crate::words::{self, Draft};
use core::net::SocketAddr;
use core::time::Duration;
use relay::credentials::{Owner, Secret};
use relay::framing::{DATAGRAM_BYTES, HEADER_BYTES, lengths, pad};
use relay::{Figures, Flow, Limits, Members, Relay, Road};
use signaling::time::Moment;
use std::collections::HashSet;

/// What an answer may have more than the question, for someone who has proved nothing.
const LONGER: usize = 150;
const FORBIDDEN: [&str; 7] =
    ["127.0.0.1:80", "[::1]:80", "10.0.0.1:80", "169.254.1.1:80", "[::ffff:127.0.0.1]:80", "[fe80::1]:1", "0.0.0.0:0"];

pub(crate) struct World {
    relay: Relay<Present>,
    limits: Limits,
    secret: Secret,
    present: Present,
    now: Moment,
    people: Vec<Person>,
    seats: Vec<Seat>,
    given: Vec<SocketAddr>,
    number: u64,
}

impl World {
    pub(crate) fn new(narrow: bool) -> Self {
        let limits = match narrow {
            true => Limits {
                allocations: 2,
                allocations_of_address: 3,
                allocations_in_all: 4,
                participant_rate: 500,
                room_rate: 700,
            },
            false => Limits { participant_rate: 0, room_rate: 0, ..Limits::default() },
        };
        let (secret, present, now) = (Secret::new(b"secret"), Present::default(), Duration::from_secs(1_700_000_000));
        let people: Vec<_> = (0..6).map(|number| Person::new(&secret, number, now)).collect();
        // The last one is in no room.
        present.0.lock().expect("not poisoned").extend(people[..5].iter().map(|person| person.owner.clone()));
        let local = Some([192, 0, 2, 9].into());
        let udp = Road::Udp { socket: 0, local: None };
        let seats = [
            (udp, "198.51.100.1:40000"),
            (udp, "198.51.100.1:40001"),
            (udp, "[::ffff:198.51.100.1]:40000"),
            (udp, "[2001:db8:1::1]:40000"),
            (Road::Udp { socket: 1, local }, "198.51.100.1:40000"),
            (Road::Tcp(0), "198.51.100.2:40000"),
            (Road::Tcp(1), "[2001:db8:1::1]:40000"),
            (Road::Tls(2), "198.51.100.2:40000"),
        ];
        let seats = seats.map(|(road, remote)| Seat::new(Flow { road, remote: remote.parse().expect("an address") }));
        let relay = Relay::new(secret.clone(), limits, present.clone());
        Self { relay, limits, secret, present, now, people, seats: seats.into(), given: Vec::new(), number: 0 }
    }

    /// Gives allocations to two of one room, and two of the other.
    pub(crate) fn settle(&mut self) {
        for (seat, person) in [(0, 0), (5, 1), (3, 3), (7, 4)] {
            let (transport, family) = (Transport::Udp, Family::Unsaid);
            self.ask(seat, person, Request::Allocate { transport, family, lifetime: None }, None);
        }
    }

    pub(crate) fn take(&mut self, step: &Step) {
        match step {
            Step::Ask { seat, person, request, damage } => {
                self.ask(self.seat(*seat), self.person(*person), *request, *damage)
            }
            Step::Acquaint { one, other } => {
                let (one, other) = (self.seat(*one), self.seat(*other));
                self.acquaint(one, other);
                self.acquaint(other, one);
            }
            Step::Say { seat, word, damage } => self.say(self.seat(*seat), *word, *damage),
            Step::Again { seat, allocate } => {
                let seat = self.seat(*seat);
                let Seat { last, last_allocate, .. } = &self.seats[seat];
                let (datagram, signer) = if *allocate { last_allocate.clone() } else { last.clone() };
                self.hand_in(seat, &datagram, signer);
            }
            Step::Garbage { seat, bytes } => drop(self.hand_in(self.seat(*seat), bytes, None)),
            Step::Stream { seat, bytes } => self.stream(self.seat(*seat), bytes),
            Step::End(seat) => {
                let seat = self.seat(*seat);
                self.relay.ended(&self.seats[seat].flow);
                self.seats[seat].owner = None;
            }
            Step::Pass(tenths) => {
                self.now += Duration::from_millis(u64::from(*tenths) * 100);
                let gone = self.relay.owners().into_iter().filter(|owner| !self.present.include(owner)).collect();
                self.relay.advance(&gone, self.now);
                self.nobody_absent_keeps_anything();
            }
            Step::Leave(person) => drop(self.present().remove(&self.people[self.person(*person)].owner)),
            // Never the one who is in no room.
            Step::Return(person) => drop(self.present().insert(self.people[self.person(*person) % 5].owner.clone())),
            Step::Renew(person) => {
                let person = self.person(*person);
                self.people[person].renew(&self.secret, self.now);
            }
        }
        self.check_counts();
    }

    fn ask(&mut self, seat: usize, person: usize, request: Request, damage: Option<Damage>) {
        if self.seats[seat].nonce.is_empty() {
            self.say(seat, Word::Knock, None);
        }
        let number = self.next();
        let draft = match request {
            Request::Allocate { transport, family, lifetime } => Draft::allocate(number, transport, family, lifetime),
            Request::Refresh { seconds } => Draft::refresh(number, seconds.into()),
            Request::Permit { first, second } => {
                Draft::permit(number, self.peer(first), second.map(|second| self.peer(second)))
            }
            Request::Bind { channel, peer } => Draft::bind(number, channel, self.peer(peer)),
        };
        let mut datagram = draft.signed(&self.people[person].credentials, &self.seats[seat].nonce);
        damage.inspect(|damage| damage.befall(&mut datagram));
        if matches!(request, Request::Allocate { .. }) {
            self.seats[seat].last_allocate = (datagram.clone(), Some(person));
        }
        self.hand_in(seat, &datagram, Some(person));
    }

    /// Lets one permit the other, in whatever room that is, and bind a channel to it.
    fn acquaint(&mut self, one: usize, other: usize) {
        let Some(address) = self.seats[other].given else { return };
        let Some(owner) = self.seats[one].owner else { return };
        let number = self.next();
        let Seat { nonce, .. } = &self.seats[one];
        let credentials = &self.people[owner].credentials;
        let permit = Draft::permit(number, address, None).signed(credentials, nonce);
        let bind = Draft::bind(number + 1, Channel::Usual(false), address).signed(credentials, nonce);
        self.number = number + 1;
        self.hand_in(one, &permit, Some(owner));
        self.hand_in(one, &bind, Some(owner));
    }

    fn say(&mut self, seat: usize, word: Word, damage: Option<Damage>) {
        let number = self.next();
        let data = |bytes: u16| vec![number as u8; usize::from(bytes) % 1_500];
        let (mut datagram, said) = match word {
            Word::Binding => (Draft::binding(number).unsigned(), None),
            Word::Knock => (Draft::allocate(number, Transport::Udp, Family::Unsaid, None).unsigned(), None),
            Word::Send { peer, bytes } => {
                (Draft::send(number, self.peer(peer), &data(bytes)).unsigned(), Some(data(bytes)))
            }
            Word::Channel { channel, bytes } => (channel.frame(&data(bytes)), Some(data(bytes))),
        };
        damage.inspect(|damage| damage.befall(&mut datagram));
        let heard = self.hand_in(seat, &datagram, None);
        if damage.is_none() && heard.is_some() {
            assert_eq!(heard, said, "what was said is heard");
        }
    }

    /// Cuts a stream as its road does.
    fn stream(&mut self, seat: usize, mut bytes: &[u8]) {
        while let [a, b, c, d, ..] = *bytes {
            let Ok((length, padded)) = lengths([a, b, c, d]) else { break };
            assert!(HEADER_BYTES <= length && length <= padded && padded <= DATAGRAM_BYTES + 3);
            if bytes.len() < padded {
                break;
            }
            self.hand_in(seat, &bytes[..length], None);
            bytes = &bytes[padded..];
        }
    }

    /// Hands a datagram to the relay, and judges what comes out; returns what was carried to somebody.
    fn hand_in(&mut self, seat: usize, datagram: &[u8], signer: Option<usize>) -> Option<Vec<u8>> {
        self.seats[seat].last = (datagram.to_vec(), signer);
        let flow = self.seats[seat].flow;
        let (before, served) = (self.relay.figures(), self.relay.serves(&flow));
        let mut out = Vec::new();
        let reply = self.relay.receive(flow, datagram, &mut out, self.now);
        let after = self.relay.figures();
        let Some(reply) = reply else {
            assert_eq!((after.packets, after.bytes), (before.packets, before.bytes), "nothing was relayed");
            self.note(seat);
            return None;
        };
        assert_eq!(reply.proved, self.relay.serves(&reply.to));
        cut_out_again(reply.to.road, &out);
        if after.packets == before.packets {
            assert_eq!(reply.to, flow, "nobody but who asks is answered");
            assert!(reply.proved || out.len() <= datagram.len() + LONGER, "{} for {}", out.len(), datagram.len());
            let answer = words::answer(&out, datagram);
            self.seats[seat].nonce = answer.nonce.unwrap_or(core::mem::take(&mut self.seats[seat].nonce));
            if !answer.given.is_empty() {
                self.gave(seat, served, answer.given);
            }
            self.note(seat);
            return None;
        }
        let other = self.seats.iter().position(|seat| seat.flow == reply.to).expect("someone whom we know");
        let room = |seat: usize| Some(&self.people[self.seats[seat].owner?].owner.room);
        assert!(room(seat).is_some() && room(seat) == room(other), "from one room to another");
        let heard = words::carried(&out);
        assert_eq!((after.packets, after.bytes), (before.packets + 1, before.bytes + heard.len() as u64));
        Some(heard)
    }

    /// Somebody was told of an allocation.
    fn gave(&mut self, seat: usize, served: bool, given: Vec<SocketAddr>) {
        assert!(self.relay.serves(&self.seats[seat].flow), "what was given is there");
        if served {
            // It was told once more: two requests of one number are one, signed or not.
            return;
        }
        let signer = self.seats[seat].last.1.expect("nobody is given anything who has signed nothing");
        let person = &self.people[signer];
        assert!(self.now < person.expires && self.present.include(&person.owner), "not to have anything");
        self.seats[seat].owner = Some(signer);
        self.seats[seat].given = given.iter().find(|address| address.is_ipv4()).copied();
        self.given.extend(given);
    }

    fn note(&mut self, seat: usize) {
        if !self.relay.serves(&self.seats[seat].flow) {
            self.seats[seat].owner = None;
        }
    }

    fn nobody_absent_keeps_anything(&mut self) {
        for seat in 0..self.seats.len() {
            self.note(seat);
            let owner = self.seats[seat].owner;
            assert!(owner.is_none_or(|owner| self.present.include(&self.people[owner].owner)), "seat {seat}");
        }
    }

    fn check_counts(&self) {
        let Figures { allocations, .. } = self.relay.figures();
        let all: usize = allocations.iter().sum();
        let held = self.seats.iter().filter(|seat| seat.owner.is_some()).count();
        assert!(held <= all && all <= (2 * held).min(self.limits.allocations_in_all), "{all} of {held} seats");
        for person in 0..self.people.len() {
            let own = self.seats.iter().filter(|seat| seat.owner == Some(person)).count();
            assert!(own <= self.limits.allocations, "{own} of one person");
        }
    }

    fn peer(&self, peer: Peer) -> SocketAddr {
        match peer {
            Peer::Given(pick) => pick.of(self.given.len()).map_or(([192, 0, 2, 1], 1).into(), |at| self.given[at]),
            Peer::Like { six: true, port } => ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], port).into(),
            Peer::Like { six: false, port } => ([192, 0, 2, 1], port).into(),
            Peer::Forbidden(pick) => FORBIDDEN[pick.of(FORBIDDEN.len()).unwrap_or(0)].parse().expect("an address"),
            Peer::Any(address, port) => (address, port).into(),
        }
    }

    fn present(&self) -> std::sync::MutexGuard<'_, HashSet<Owner>> {
        self.present.0.lock().expect("not poisoned")
    }

    fn seat(&self, pick: Pick) -> usize {
        pick.of(self.seats.len()).unwrap_or(0)
    }

    fn person(&self, pick: Pick) -> usize {
        pick.of(self.people.len()).unwrap_or(0)
    }

    fn next(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
}

/// Checks that a stream with this datagram in it can be read.
fn cut_out_again(road: Road, datagram: &[u8]) {
    if matches!(road, Road::Udp { .. }) || datagram.len() > DATAGRAM_BYTES {
        return;
    }
    let mut framed = datagram.to_vec();
    pad(&mut framed);
    let header = [framed[0], framed[1], framed[2], framed[3]];
    assert_eq!(lengths(header), Ok((datagram.len(), framed.len())), "it says how long it is");
}
