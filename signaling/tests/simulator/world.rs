//! Everything there is in one schedule, and the loop that lets it happen.
//!
//! Separate from the parts, which each say how one thing behaves: here is only who they are and whose turn it is.

use crate::agenda::Agenda;
use crate::connection::{Connection, ConnectionKey};
use crate::dice::Dice;
use crate::mood::Mood;
use crate::page::{Page, PageKey};
use crate::people::{Person, PersonKey};
use crate::server::Server;
use crate::sockets::{Down, Socket, SocketKey, Up};
use core::time::Duration;
use signaling::call;
use signaling::identity::{ParticipantId, RoomId};
use signaling::negotiation::Transport;
use signaling::protocol::{Candidate, Signal};
use signaling::time::Moment;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How long a kind network has to bring everyone together.
pub(crate) const KIND: Duration = Duration::from_secs(120);
/// Lines of the trace that are kept.
const TRACE_LINES: usize = 400;

/// What can be next.
#[derive(Debug)]
pub(crate) enum Happening {
    Dialled { socket: SocketKey, reached: bool },
    Up(SocketKey, Up),
    Down(SocketKey, Down),
    PageNotices(SocketKey),
    ServerNotices(SocketKey),
    ServerReturns,
    RoomReturns(usize),
    Tick(PageKey),
    Thaw(PageKey),
    Tell(PageKey, call::Event),
    OperationDone(ConnectionKey),
    OperationTold(ConnectionKey),
    Gathered(ConnectionKey, Option<Candidate>),
    TransportTurns { connection: ConnectionKey, stamp: u32, state: Transport },
    Load(PersonKey),
    JoinClick(PageKey),
    Heal(PersonKey, PersonKey),
    Chaos,
}

/// Counts, to see that a schedule has met what it is about.
#[derive(Debug, Default, Clone)]
pub(crate) struct Figures {
    pub(crate) happenings: u64,
    pub(crate) signals: u64,
    pub(crate) offers: u64,
    pub(crate) connections: u64,
    pub(crate) broken: u64,
    /// Words between peers that are no signs of life.
    pub(crate) carried: u64,
    /// What people wrote.
    pub(crate) written: u64,
    pub(crate) last_offer: Moment,
    /// How long the kind network needed, once everything stayed right.
    pub(crate) converged: Option<Duration>,
}

/// One schedule.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) agenda: Agenda<Happening>,
    pub(crate) mood: Mood,
    pub(crate) server: Server,
    pub(crate) rooms: Vec<RoomId>,
    pub(crate) people: Vec<Person>,
    pub(crate) pages: Vec<Page>,
    pub(crate) sockets: Vec<Socket>,
    /// The sockets through which somebody has joined.
    pub(crate) taken: Vec<SocketKey>,
    pub(crate) connections: Vec<Connection>,
    /// Pairs of people between whom no packet passes.
    pub(crate) cuts: BTreeSet<(PersonKey, PersonKey)>,
    /// Who was given which id.
    pub(crate) given: BTreeMap<ParticipantId, PersonKey>,
    /// Signals that were once said, to be said again.
    pub(crate) overheard: Vec<(ParticipantId, ParticipantId, Signal)>,
    /// Whether nothing in this schedule is a reason to give up a connection that works.
    pub(crate) kept: bool,
    pub(crate) figures: Figures,
    pub(crate) broken: Option<String>,
    trace: Option<VecDeque<String>>,
}

impl World {
    pub(crate) fn new(seed: u64, traced: bool) -> Self {
        let mut dice = Dice::new(seed);
        let mood = Mood::draw(&mut dice);
        Self::begin(dice, mood, traced)
    }

    /// Begins a schedule of this mood.
    pub(crate) fn with_mood(seed: u64, mood: Mood) -> Self {
        Self::begin(Dice::new(seed), mood, false)
    }

    fn begin(mut dice: Dice, mood: Mood, traced: bool) -> Self {
        let server = Server::new();
        let rooms = (0..mood.rooms).map(|number| server.make_room(number)).collect();
        let people = Person::crowd(&mut dice, mood.people, mood.rooms);
        let kept = mood.keeps_connections();
        let mut world = Self {
            dice,
            agenda: Agenda::new(),
            mood,
            kept,
            server,
            rooms,
            people,
            pages: Vec::new(),
            sockets: Vec::new(),
            taken: Vec::new(),
            connections: Vec::new(),
            cuts: BTreeSet::new(),
            given: BTreeMap::new(),
            overheard: Vec::new(),
            figures: Figures::default(),
            broken: None,
            trace: traced.then(VecDeque::new),
        };
        world.gather_people();
        world.plan_chaos();
        world
    }

    /// Returns the time.
    pub(crate) fn agenda_now(&self) -> Moment {
        self.agenda.now()
    }

    /// Runs it to its end, or to the first broken invariant.
    pub(crate) fn run(&mut self) {
        self.run_until(self.mood.hostile);
        if self.mood.night {
            self.spend_night();
        }
        let hostile_until = self.agenda.now();
        self.be_kind();
        let end = hostile_until + KIND;
        while self.broken.is_none() && self.agenda.now() < end {
            self.run_until(self.agenda.now() + Duration::from_secs(1));
            self.measure(hostile_until);
        }
        self.check_end();
    }

    pub(crate) fn run_until(&mut self, until: Moment) {
        while self.broken.is_none()
            && let Some(happening) = self.agenda.next(until)
        {
            self.server.turn_clock(self.agenda.now());
            self.figures.happenings += 1;
            self.happen(happening);
            self.pump();
        }
        self.server.turn_clock(self.agenda.now());
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Dialled { socket, reached } => self.dialled(socket, reached),
            Happening::Up(socket, up) => self.arrive_up(socket, up),
            Happening::Down(socket, down) => self.arrive_down(socket, down),
            Happening::PageNotices(socket) => self.page_notices(socket),
            Happening::ServerNotices(socket) => self.server_notices(socket),
            Happening::ServerReturns => self.server_returns(),
            Happening::RoomReturns(number) => self.room_returns(number),
            Happening::Tick(page) => self.tick(page),
            Happening::Thaw(page) => self.thaw(page),
            Happening::Tell(page, event) => self.feed(page, event),
            Happening::OperationDone(connection) => self.operation_done(connection),
            Happening::OperationTold(connection) => self.operation_told(connection),
            Happening::Gathered(connection, candidate) => self.gathered(connection, candidate),
            Happening::TransportTurns { connection, stamp, state } => self.transport_turns(connection, stamp, state),
            Happening::Load(person) => self.load(person),
            Happening::JoinClick(page) => self.click_join(page),
            Happening::Heal(one, other) => self.heal(one, other),
            Happening::Chaos => self.chaos(),
        }
    }

    /// Notes a line for whoever reads about a failure.
    pub(crate) fn note(&mut self, line: impl FnOnce() -> String) {
        let now = self.agenda.now();
        if let Some(trace) = &mut self.trace {
            if trace.len() == TRACE_LINES {
                trace.pop_front();
            }
            trace.push_back(format!("{:>9.3} {}", now.as_secs_f64(), line()));
        }
    }

    /// Ends the schedule: this must never be.
    pub(crate) fn violate(&mut self, what: String) {
        self.note(|| format!("VIOLATION: {what}"));
        self.broken.get_or_insert(what);
    }

    /// Returns the last lines noted.
    pub(crate) fn trace(&self) -> String {
        self.trace.iter().flatten().fold(String::new(), |all, line| all + line + "\n")
    }
}
