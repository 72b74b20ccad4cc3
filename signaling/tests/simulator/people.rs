//! The people: who is in front of which page, and what they do with it.
//!
//! Separate from the [page](crate::page), because identity is theirs: it outlives a reload and a crash.

use crate::dice::Dice;
use crate::page::{Page, PageKey};
use crate::world::{Happening, World};
use signaling::call::{Call, Event, SocketNumber, Status};
use signaling::chat::Chat;
use signaling::identity::ResumeToken;
use signaling::protocol::{DisplayName, MediaState};
use signaling::time::Jitter;
use std::collections::BTreeMap;

/// Which of the schedule's people.
pub(crate) type PersonKey = usize;

/// Someone with a browser.
#[derive(Debug)]
pub(crate) struct Person {
    /// Whose link they have.
    pub(crate) room: usize,
    /// What the tab remembers over a reload.
    pub(crate) token: Option<ResumeToken>,
    /// What the devices really do.
    pub(crate) media: MediaState,
    pub(crate) page: Option<PageKey>,
}

impl Person {
    /// Draws the people of a schedule. With several rooms, everyone beyond the first two is spread over all.
    pub(crate) fn crowd(dice: &mut Dice, people: usize, rooms: usize) -> Vec<Self> {
        let room = |dice: &mut Dice, person: usize| if person < 2 { 0 } else { dice.below(rooms) };
        let drawn = (0..people).map(|person| Self {
            room: room(dice, person),
            token: None,
            media: MediaState { microphone: dice.per_mille(700), camera: dice.per_mille(700), ..MediaState::default() },
            page: None,
        });
        drawn.collect()
    }
}

impl World {
    /// Plans when everyone comes.
    pub(crate) fn gather_people(&mut self) {
        for person in 0..self.people.len() {
            let most = if self.dice.per_mille(300) { 20_000 } else { 800 };
            let at = self.dice.millis(0, most);
            self.agenda.after(at, Happening::Load(person));
        }
    }

    /// Loads the page anew, unless it is there.
    pub(crate) fn load(&mut self, person: PersonKey) {
        if self.people[person].page.is_some() {
            return;
        }
        let page = self.pages.len();
        let (room, token) = (self.rooms[self.people[person].room].clone(), self.people[person].token.clone());
        self.note(|| format!("person {person} loads page {page}, with token: {}", token.is_some()));
        self.pages.push(Page {
            person,
            call: Call::new(room, token, Jitter::new(self.dice.roll())),
            alive: true,
            status: None,
            socket: None,
            number: SocketNumber(0),
            connections: BTreeMap::new(),
            tiles: BTreeMap::new(),
            chat: Chat::default(),
            lanes: BTreeMap::new(),
            interval: self.dice.millis(100, 1_000),
            asleep: None,
        });
        self.people[person].page = Some(page);
        self.feed(page, Event::SetMedia(self.people[person].media));
        self.feed(page, Event::Prepare);
        self.agenda.after(core::time::Duration::ZERO, Happening::Tick(page));
        let most = if self.dice.per_mille(200) { 10_000 } else { 300 };
        let click = self.dice.millis(0, most);
        self.agenda.after(click, Happening::JoinClick(page));
    }

    pub(crate) fn click_join(&mut self, page: PageKey) {
        let name = DisplayName::new(format!("Person {}", self.pages[page].person)).expect("a name");
        self.feed(page, Event::Join { name });
    }

    /// The person leaves, and the page says goodbye.
    pub(crate) fn leave(&mut self, person: PersonKey) {
        if let Some(page) = self.people[person].page {
            self.note(|| format!("person {person} leaves"));
            self.pages[page].status = Some(Status::Left);
            self.feed(page, Event::Leave);
        }
    }

    /// The person comes back by the same page after a goodbye, or with a new page.
    pub(crate) fn come_back(&mut self, person: PersonKey) {
        match self.people[person].page {
            None => self.load(person),
            Some(page) if matches!(self.pages[page].status, Some(Status::Left | Status::Refused(_))) => {
                self.click_join(page);
            }
            Some(_) => {}
        }
    }

    /// The page ends; its socket does too, sooner or later than what comes next.
    pub(crate) fn end_page(&mut self, person: PersonKey, says_so: bool) {
        let Some(page) = self.people[person].page.take() else { return };
        self.note(|| format!("page {page} of person {person} ends, saying so: {says_so}"));
        if says_so {
            self.feed(page, Event::Closing);
        }
        let socket = self.pages[page].socket;
        let loses = self.dice.per_mille(300);
        match socket {
            // The computer is gone, with nothing to end the socket properly.
            Some(socket) if loses && !says_so => self.blackhole(socket),
            Some(socket) if loses => self.cut(socket),
            _ => self.hang_up(page),
        }
        self.pages[page].alive = false;
        self.reconsider_all();
    }

    pub(crate) fn reload(&mut self, person: PersonKey) {
        if self.people[person].page.is_some() {
            let says_so = self.dice.per_mille(800);
            self.end_page(person, says_so);
            let loading = self.dice.millis(50, 3_000);
            self.agenda.after(loading, Happening::Load(person));
        }
    }

    pub(crate) fn toggle(&mut self, person: PersonKey) {
        if self.people[person].page.is_some_and(|page| self.pages[page].asleep.is_some()) {
            return;
        }
        let microphone = self.dice.per_mille(500);
        let media = &mut self.people[person].media;
        let device = if microphone { &mut media.microphone } else { &mut media.camera };
        *device = !*device;
        let media = *media;
        self.note(|| format!("person {person} turns the devices to {media:?}"));
        if let Some(page) = self.people[person].page {
            self.feed(page, Event::SetMedia(media));
        }
    }
}
