//! What is to be seen of everything together.
//!
//! Separate from the steps, because it is looked at after each of them, and more closely when everybody has read.

use crate::session::Session;
use signaling::protocol::Presence;

impl Session {
    /// Checks what holds at every moment: which rooms there are, how many are inside, and what is kept of them.
    pub(crate) fn look_around(&mut self) {
        let now = self.process.now();
        let mut there = 0;
        for (room, account) in self.ledger.0.iter_mut().enumerate() {
            let present = self.sockets.iter().filter(|socket| socket.room == room && socket.is_present()).count();
            let glance = self.process.rooms.look(&account.id);
            account.observe(glance, present, now);
            assert_eq!(self.process.disk.holds(&account.id), glance.is_some(), "what is kept is not what there is");
            there += usize::from(glance.is_some());
        }
        assert_eq!(self.process.disk.len(), there, "more is kept than there is");
        let figures = self.process.rooms.figures();
        assert_eq!(figures.rooms, there);
        assert!(figures.participants + figures.lost <= there * self.config.capacity, "{figures:?}");
    }

    /// Has everybody read, and checks that everybody knows everybody who is there, as they are, and nobody else.
    pub(crate) fn gather(&mut self) {
        self.read_all();
        for (one, socket) in self.sockets.iter().enumerate().filter(|(_, socket)| socket.is_present()) {
            let people = &self.ledger.0[socket.room].people;
            for other in self.with_whom(one).map(|other| &self.sockets[other]) {
                assert_eq!(socket.others.get(&other.id), Some(&people[other.person].you), "{socket:?} and {other:?}");
            }
            for other in socket.others.values().filter(|other| other.presence == Presence::Online) {
                let present = self.with_whom(one).any(|there| self.sockets[there].id == other.id);
                let closing = || people.iter().any(|p| p.you.id == other.id && self.process.now() < p.closing_until);
                assert!(present || closing(), "{socket:?} believes in {other:?}");
            }
            let inside = self.process.rooms.look(&self.ledger.0[socket.room].id).map(|glance| glance.inside);
            assert_eq!(inside, Some(1 + self.with_whom(one).count()), "{socket:?} is alone with itself");
        }
    }

    pub(crate) fn read_all(&mut self) {
        // Backwards, because whoever has heard all there is to hear goes.
        (0..self.sockets.len()).rev().for_each(|socket| self.read(socket));
    }

    /// Returns everyone else who is in the same room.
    pub(crate) fn with_whom(&self, one: usize) -> impl Iterator<Item = usize> {
        let room = self.sockets[one].room;
        let is_there = move |(_, socket): &(usize, &crate::socket::Socket)| socket.room == room && socket.is_present();
        self.sockets.iter().enumerate().filter(is_there).map(|(other, _)| other).filter(move |other| *other != one)
    }
}
