//! A schedule, carried out.
//!
//! Separate from what judges it: this only does what is asked, tells the yardsticks, and looks around after each step.

use crate::ledger::{Account, Ledger};
use crate::person::Attempt;
use crate::post::Post;
use crate::process::Process;
use crate::script::{Addressee, Body, Devices, Entry, Farewell, Pick, Script, Step, Word};
use crate::socket::{Fate, Socket};
use signaling::identity::ParticipantId;
use signaling::limits;
use signaling::protocol::{DisplayName, Join, MediaState, Page, Resume};
use signaling::rooms::{Connection, RoomsConfig, Rules};
use signaling::time::Moment;

/// All there is at one moment.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) config: RoomsConfig,
    pub(crate) process: Process,
    pub(crate) ledger: Ledger,
    pub(crate) post: Post,
    /// Sockets through which nobody has joined.
    vacant: Vec<Connection>,
    pub(crate) sockets: Vec<Socket>,
}

impl Session {
    pub(crate) fn new(script: &Script) -> Self {
        let capacity = 1 + usize::from(script.capacity % 8);
        let config = RoomsConfig { capacity, rooms: 1 + usize::from(script.rooms % 4), ..RoomsConfig::default() };
        let (vacant, sockets) = (Vec::new(), Vec::new());
        let (ledger, post) = (Ledger::default(), Post::default());
        let mut session = Self { config, process: Process::new(config), ledger, post, vacant, sockets };
        session.create();
        session
    }

    /// Takes a step, and looks around.
    pub(crate) fn take(&mut self, step: &Step) {
        match step {
            Step::Create => self.create(),
            Step::Open => self.vacant.push(self.process.rooms.connect()),
            Step::Join { socket, entry } => {
                if let Some(vacant) = socket.of(self.vacant.len()) {
                    let connection = self.vacant.swap_remove(vacant);
                    self.join(connection, entry);
                }
            }
            Step::Enter(entry) => {
                self.join(self.process.rooms.connect(), entry);
            }
            Step::Say { socket, word } => self.with(*socket, |session, socket| session.say(socket, word)),
            Step::Renew(socket) => self.with(*socket, Self::renew),
            Step::Break(socket) => self.with(*socket, |session, socket| session.depart(socket, Farewell::Break)),
            Step::Read(socket) => self.with(*socket, Self::read),
            Step::Gather => self.gather(),
            Step::Crowd { room, people, farewell } => self.crowd(*room, *people, *farewell),
            Step::Wait(wait) => self.process.wait((*wait).into()),
            Step::Restart { goodbye, downtime } => {
                self.restart(*goodbye, downtime.map(Moment::from).unwrap_or_default());
            }
        }
        self.look_around();
    }

    /// Ends: everybody reads, then everybody speaks with everybody, and then all go.
    pub(crate) fn end(mut self) {
        self.gather();
        let said = self.post.len();
        for from in (0..self.sockets.len()).filter(|from| self.sockets[*from].is_present()).collect::<Vec<_>>() {
            let others: Vec<_> = self.with_whom(from).map(|to| self.sockets[to].id).collect();
            others.into_iter().for_each(|to| self.signal(from, to, Body::Offer(u8::MAX)));
        }
        self.gather();
        self.post.check_heard(said);
        (0..self.sockets.len()).for_each(|socket| self.depart(socket, Farewell::Break));
        self.look_around();
    }

    /// Makes a room; the oldest that nobody has entered gives way if there are too many.
    fn create(&mut self) {
        let now = self.process.now();
        let unused = |account: &&mut Account| !account.gone && !account.entered;
        let many = self.ledger.0.iter().filter(|account| !account.gone).count() >= self.config.rooms;
        let oldest = self.ledger.0.iter_mut().filter(unused).min_by_key(|account| (account.made, account.id.clone()));
        let made = self.process.rooms.create(Rules::default());
        assert_eq!(made.is_ok(), !many || oldest.is_some(), "{made:?}");
        if let Some(oldest) = oldest.filter(|_| many) {
            oldest.gone = true;
        }
        self.ledger.0.extend(made.map(|id| Account::new(id, self.config.capacity, now)));
    }

    /// Joins, and returns the socket of whoever is let in.
    fn join(&mut self, connection: Connection, entry: &Entry) -> Option<usize> {
        let (room, token) = self.ledger.claim(entry)?;
        let account = &mut self.ledger.0[room];
        let page = if entry.reloaded { Page::Reloaded } else { Page::Same };
        let join = Join {
            room: account.id.clone(),
            name: DisplayName::new("Ana").expect("a name"),
            media: media(entry.devices),
            resume: token.map(|token| Resume { token, page }),
        };
        let glance = self.process.rooms.look(&join.room);
        let attempt = Attempt { connection, join: &join, glance, now: self.process.now() };
        let (membership, inbox) = match self.process.rooms.join(connection, &join, None) {
            Ok(place) => place,
            Err(why) => {
                account.refuse(&attempt, why);
                return None;
            }
        };
        let (mut socket, welcome) = Socket::new(membership, inbox, room);
        socket.person = account.admit(&attempt, &welcome);
        let same = |other: &&mut Socket| (other.room, other.person) == (room, socket.person);
        self.sockets.iter_mut().filter(same).for_each(|other| other.end(Fate::Superseded));
        self.sockets.push(socket);
        Some(self.sockets.len() - 1)
    }

    fn renew(&mut self, socket: usize) {
        if let Some(membership) = &self.sockets[socket].membership {
            membership.renew_ice_servers();
        }
    }

    fn say(&mut self, socket: usize, word: &Word) {
        let one = &mut self.sockets[socket];
        let account = &mut self.ledger.0[one.room];
        let Some(membership) = &one.membership else { return };
        match word {
            Word::Signal { to, body, again } => {
                let to = id(account, *to);
                (0..=*again).for_each(|_| self.signal(socket, to, *body));
            }
            Word::SetMedia(devices) => {
                membership.set_media(media(*devices));
                if one.is_present() {
                    account.people[one.person].you.media = media(*devices);
                }
            }
            Word::Health(reaches) => {
                let reaches = reaches.iter().take(limits::ROOM_MOST).map(|reached| id(account, *reached));
                membership.health(reaches.collect());
                one.told_health = true;
            }
            Word::Closing => self.depart(socket, Farewell::Closing),
            Word::Leave => self.depart(socket, Farewell::Leave),
        }
    }

    fn signal(&mut self, from: usize, to: ParticipantId, body: Body) {
        let one = &self.sockets[from];
        if let Some(membership) = &one.membership {
            membership.signal(to, self.post.write(one, &self.ledger.0[one.room], to, body));
        }
    }

    fn depart(&mut self, socket: usize, farewell: Farewell) {
        let now = self.process.now();
        let one = &mut self.sockets[socket];
        let person = &mut self.ledger.0[one.room].people[one.person];
        let Some(membership) = one.membership.take() else { return };
        if one.fate == Fate::Present {
            match farewell {
                Farewell::Leave => person.go(now),
                Farewell::Closing => {
                    person.closing_until = now + limits::CLOSING_SEAT;
                    person.go(person.closing_until);
                }
                Farewell::Break => {}
            }
        }
        one.end(Fate::Departed);
        match farewell {
            Farewell::Leave => membership.leave(),
            Farewell::Closing => membership.closing(),
            Farewell::Break => drop(membership),
        }
    }

    pub(crate) fn read(&mut self, socket: usize) {
        let one = &mut self.sockets[socket];
        one.read(&mut self.ledger.0[one.room], &mut self.post, self.process.now());
        if one.ended && one.membership.is_none() {
            self.sockets.swap_remove(socket);
        }
    }

    fn crowd(&mut self, room: Pick, people: u8, farewell: Farewell) {
        let entry = Entry { room, proof: None, reloaded: false, devices: Devices(false, false) };
        for _ in 0..people % 48 {
            let Some(socket) = self.join(self.process.rooms.connect(), &entry) else { return };
            self.depart(socket, farewell);
            self.read(socket);
            match farewell {
                Farewell::Leave => {}
                Farewell::Closing => self.process.wait(limits::CLOSING_SEAT),
                Farewell::Break => self.process.wait(limits::LOST_SEAT),
            }
        }
    }

    fn restart(&mut self, goodbye: bool, downtime: Moment) {
        let ended = self.process.now();
        if goodbye {
            self.process.rooms.stop();
            self.sockets.iter_mut().for_each(|socket| socket.end(Fate::Stopped));
        }
        self.read_all();
        self.process.restart(downtime);
        // What is left of the ended process says and writes nothing any more.
        self.vacant.clear();
        self.sockets.clear();
        let now = self.process.now();
        self.ledger.0.iter_mut().for_each(|account| account.survive(ended, now));
    }

    fn with(&mut self, socket: Pick, act: impl FnOnce(&mut Self, usize)) {
        if let Some(socket) = socket.of(self.sockets.len()) {
            act(self, socket);
        }
    }
}

fn media(Devices(microphone, camera): Devices) -> MediaState {
    MediaState { microphone, camera, ..MediaState::default() }
}

fn id(account: &Account, of: Addressee) -> ParticipantId {
    match of {
        Addressee::Anyone(id) => ParticipantId(id.into()),
        Addressee::Known(person) => {
            person.of(account.people.len()).map_or(ParticipantId(0), |person| account.people[person].you.id)
        }
    }
}
