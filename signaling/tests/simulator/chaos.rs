//! The hostile part of a schedule: what goes wrong, when, and how often.
//!
//! Separate, because everything else only says how things behave.

use crate::mood::Disaster;
use crate::people::PersonKey;
use crate::world::{Happening, World};
use core::time::Duration;
use signaling::call::Event;
use signaling::identity::ParticipantId;
use signaling::protocol::{ClientMessage, ServerMessage};

const NIGHT: Duration = Duration::from_secs(60 * 60);

impl World {
    pub(crate) fn plan_chaos(&mut self) {
        let pause = self.dice.millis(1, self.mood.spacing * 2);
        self.agenda.after(pause, Happening::Chaos);
    }

    /// From now on nothing goes wrong any more, and what was kept away comes back.
    pub(crate) fn be_kind(&mut self) {
        self.note(|| "from here on the network is kind".to_owned());
        self.mood.disasters.clear();
        (self.mood.tardy, self.mood.drops) = (0, 0);
        (self.mood.dial_fails, self.mood.dial_hangs, self.mood.breaks, self.mood.reorders) = (0, 0, 0, 0);
        self.server_returns();
        (0..self.rooms.len()).for_each(|number| self.room_returns(number));
        for (one, other) in self.cuts.clone() {
            self.heal(one, other);
        }
        for page in 0..self.pages.len() {
            if self.pages[page].asleep.is_some() {
                self.thaw(page);
            }
        }
    }

    pub(crate) fn chaos(&mut self) {
        let Some(disaster) = self.dice.pick(&self.mood.disasters) else { return };
        let person = self.dice.below(self.people.len());
        match disaster {
            Disaster::Leave => self.leave(person),
            Disaster::ComeBack => self.come_back(person),
            Disaster::Reload => self.reload(person),
            Disaster::Crash => self.crash(person),
            Disaster::CloseButStay => self.close_but_stay(person),
            Disaster::Cut | Disaster::Blackhole | Disaster::Stall => self.hurt_socket(person, disaster),
            Disaster::Restart => self.restart(),
            Disaster::Partition => self.partition(person),
            Disaster::ChangeAddress => self.change_address(person),
            Disaster::Wake => self.tell(person, Event::Woke),
            Disaster::Sleep => self.put_to_sleep(person),
            Disaster::Toggle => self.toggle(person),
            Disaster::Repeat => self.repeat(person),
            Disaster::Trespass => self.trespass(person),
            Disaster::Renew => self.tell(person, Event::Renew),
            Disaster::Write => self.write(person),
        }
        self.plan_chaos();
    }

    fn tell(&mut self, person: PersonKey, event: Event) {
        if let Some(page) = self.people[person].page {
            self.note(|| format!("page {page} meets {event:?}"));
            self.feed(page, event);
        }
    }

    /// A tab that crashed may or may not give its token to the next one.
    fn crash(&mut self, person: PersonKey) {
        let says_so = self.dice.per_mille(200);
        self.end_page(person, says_so);
        if self.dice.per_mille(500) {
            self.people[person].token = None;
        }
    }

    /// The page was said to close, and did not: the browser kept it and shows it again.
    fn close_but_stay(&mut self, person: PersonKey) {
        let Some(page) = self.people[person].page else { return };
        self.tell(person, Event::Closing);
        let pause = self.dice.millis(0, 4_000);
        self.agenda.after(pause, Happening::Tell(page, Event::Woke));
    }

    fn hurt_socket(&mut self, person: PersonKey, how: Disaster) {
        let Some(socket) = self.people[person].page.and_then(|page| self.pages[page].socket) else { return };
        self.note(|| format!("{how:?} of socket {socket} of person {person}"));
        match how {
            Disaster::Cut => self.cut(socket),
            Disaster::Blackhole => self.blackhole(socket),
            _ => {
                let time = self.dice.millis(500, 9_000);
                self.stall(socket, time);
            }
        }
    }

    fn restart(&mut self) {
        if !self.server.up {
            return;
        }
        let (remembers, graceful) = (self.dice.per_mille(400), self.dice.per_mille(500));
        let rooms_survive = self.dice.per_mille(600);
        self.note(|| {
            format!("the server restarts; remembers: {remembers}, graceful: {graceful}, rooms survive: {rooms_survive}")
        });
        self.server.up = false;
        self.cut_relayed();
        let pause = self.dice.millis(0, 6_000);
        self.agenda.after(pause, Happening::ServerReturns);
        if graceful {
            self.server.stop();
            self.pump();
        }
        if remembers {
            self.server.restart();
            return self.cut_all();
        }
        self.server.forget_everything();
        self.cut_all();
        for number in 0..self.rooms.len() {
            let pause = if rooms_survive { Duration::ZERO } else { self.dice.millis(0, 20_000) };
            self.agenda.after(pause, Happening::RoomReturns(number));
        }
    }

    /// The server's process ends, and comes back when it is told to.
    pub(crate) fn server_goes(&mut self) {
        self.note(|| "the server is down".to_owned());
        self.server.up = false;
        self.server.restart();
        self.cut_all();
    }

    /// No packet will ever pass again over the connection that two people have now.
    pub(crate) fn break_pair(&mut self, one: PersonKey, other: PersonKey) {
        self.kept = false;
        let ids = [one, other].map(|person| self.people[person].page.and_then(|page| self.pages[page].id()));
        for (person, peer) in [(one, ids[1]), (other, ids[0])] {
            let page = self.people[person].page.expect("in the call");
            let key = self.pages[page].connections[&peer.expect("in the call")];
            let connection = &mut self.connections[key];
            connection.failed = connection.local.zip(connection.remote);
            connection.working = None;
        }
        self.reconsider_all();
    }

    pub(crate) fn server_returns(&mut self) {
        self.note(|| "the server is up".to_owned());
        self.server.up = true;
    }

    pub(crate) fn room_returns(&mut self, number: usize) {
        if !self.server.has_room(&self.rooms[number]) {
            let room = self.server.make_room(number);
            assert_eq!(room, self.rooms[number], "a room is made again under its name");
        }
    }

    fn partition(&mut self, person: PersonKey) {
        let other = self.dice.below(self.people.len());
        if other != person {
            self.cut_path(person, other);
            let most = if self.dice.per_mille(500) { 4_000 } else { 60_000 };
            let time = self.dice.millis(200, most);
            self.agenda.after(time, Happening::Heal(person, other));
        }
    }

    /// From one network to another: the socket and every path at once.
    fn change_address(&mut self, person: PersonKey) {
        let time = self.dice.millis(200, 15_000);
        for other in (0..self.people.len()).filter(|other| *other != person) {
            self.cut_path(person, other);
            self.agenda.after(time, Happening::Heal(person, other));
        }
        let how = if self.dice.per_mille(500) { Disaster::Cut } else { Disaster::Blackhole };
        self.hurt_socket(person, how);
        if let Some(page) = self.people[person].page {
            self.agenda.after(time, Happening::Tell(page, Event::Woke));
        }
    }

    fn put_to_sleep(&mut self, person: PersonKey) {
        if let Some(page) = self.people[person].page {
            let time = self.dice.millis(500, 40_000);
            self.sleep(page, time);
        }
    }

    /// Everyone sleeps for an hour but, sometimes, one; what is between them forgets their sockets.
    pub(crate) fn spend_night(&mut self) {
        self.note(|| "night".to_owned());
        let awake = self.dice.below(2 * self.people.len());
        self.mood.disasters.clear();
        for person in (0..self.people.len()).filter(|person| *person != awake) {
            let Some(page) = self.people[person].page else { continue };
            self.sleep(page, NIGHT);
            if let Some(socket) = self.pages[page].socket {
                self.blackhole(socket);
            }
        }
        self.run_until(self.agenda.now() + NIGHT);
    }

    /// Something that was said once, to this person, is said again.
    fn repeat(&mut self, person: PersonKey) {
        let Some(page) = self.people[person].page else { return };
        let Some(id) = self.pages[page].id() else { return };
        let said: Vec<_> = self.overheard.iter().filter(|(_, to, _)| *to == id).collect();
        // Mostly of late, when it may still matter.
        let recent = if self.dice.per_mille(700) { said.len().saturating_sub(12) } else { 0 };
        let Some((from, _, signal)) = self.dice.pick(&said[recent..]).cloned() else { return };
        self.note(|| format!("page {page} hears again, from {from}: {signal:?}"));
        let heard = Event::Received(self.pages[page].number, ServerMessage::Signal { from, signal });
        self.feed(page, heard);
    }

    /// Says something to someone of another room.
    fn trespass(&mut self, person: PersonKey) {
        let room = self.people[person].room;
        let foreign = |id: &ParticipantId| self.people[self.given[id]].room != room;
        let ids: Vec<_> = self.given.keys().copied().filter(foreign).collect();
        let (Some(to), Some(page)) = (self.dice.pick(&ids), self.people[person].page) else { return };
        let Some((_, _, signal)) = self.overheard.last().cloned() else { return };
        if self.pages[page].call.is_online() {
            self.note(|| format!("page {page} trespasses, to {to}"));
            self.say(page, ClientMessage::Signal { to, signal });
        }
    }
}
