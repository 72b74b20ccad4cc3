//! The sockets between pages and the server: in order while they live, and everything that can become of them.
//!
//! Separate, because a socket's two ends learn of its death at different times, or never.

use crate::outage::Path;
use crate::page::PageKey;
use crate::server::{Desk, Reply, Server};
use crate::world::{Happening, World};
use core::time::Duration;
use signaling::call::{Event, SocketNumber};
use signaling::limits;
use signaling::protocol::{ClientMessage, Refusal, ServerMessage, read_client_message};
use signaling::time::Moment;

/// Which of the schedule's sockets.
pub(crate) type SocketKey = usize;

/// What travels towards the server.
#[derive(Debug)]
pub(crate) enum Up {
    Message(ClientMessage),
    Close,
}

/// What travels towards the page.
#[derive(Debug)]
pub(crate) enum Down {
    Message(ServerMessage),
    Close,
}

/// The page's end.
#[derive(Debug)]
pub(crate) enum Plug {
    Dialling(Vec<ClientMessage>),
    Open,
    Closed,
}

/// One socket.
#[derive(Debug)]
pub(crate) struct Socket {
    pub(crate) page: PageKey,
    number: SocketNumber,
    pub(crate) plug: Plug,
    pub(crate) desk: Desk,
    pub(crate) path: Path,
    /// When the last thing sent will arrive, in each direction: nothing overtakes.
    up_until: Moment,
    down_until: Moment,
    /// Until then nothing gets through, and nothing is lost.
    pub(crate) stalled_until: Moment,
}

impl Socket {
    /// Returns how many messages wait for it to open.
    pub(crate) fn backlog(&self) -> usize {
        if let Plug::Dialling(waiting) = &self.plug { waiting.len() } else { 0 }
    }
}

impl World {
    pub(crate) fn dial(&mut self, page: PageKey, number: SocketNumber) {
        self.hang_up(page);
        let (socket, now) = (self.sockets.len(), self.agenda.now());
        self.sockets.push(Socket {
            page,
            number,
            plug: Plug::Dialling(Vec::new()),
            desk: Desk::Closed,
            path: Path::Whole,
            up_until: now,
            down_until: now,
            stalled_until: now,
        });
        (self.pages[page].socket, self.pages[page].number) = (Some(socket), number);
        if self.dice.per_mille(self.mood.dial_hangs) {
            self.sockets[socket].path = Path::Blackholed;
            return;
        }
        let reached = self.server.up && !self.dice.per_mille(self.mood.dial_fails);
        let delay = self.delay();
        self.agenda.after(delay, Happening::Dialled { socket, reached });
    }

    pub(crate) fn dialled(&mut self, socket: SocketKey, reached: bool) {
        let one = &mut self.sockets[socket];
        let Plug::Dialling(waiting) = &mut one.plug else { return };
        if reached && self.server.up && one.path == Path::Whole {
            let waiting = core::mem::take(waiting);
            (one.plug, one.desk) = (Plug::Open, self.server.accept());
            waiting.into_iter().for_each(|message| self.send_up(socket, Up::Message(message)));
        } else {
            one.plug = Plug::Closed;
            self.tell_closed(socket);
        }
    }

    /// Says something through the page's present socket.
    pub(crate) fn say(&mut self, page: PageKey, message: ClientMessage) {
        let Some(socket) = self.pages[page].socket else {
            return self.violate(format!("page {page} speaks without a socket: {message:?}"));
        };
        match &mut self.sockets[socket].plug {
            Plug::Dialling(waiting) => waiting.push(message),
            Plug::Open => self.send_up(socket, Up::Message(message)),
            Plug::Closed => {}
        }
    }

    /// Closes the page's present socket, if any: what was said before still arrives.
    pub(crate) fn hang_up(&mut self, page: PageKey) {
        let Some(socket) = self.pages[page].socket.take() else { return };
        if matches!(core::mem::replace(&mut self.sockets[socket].plug, Plug::Closed), Plug::Open) {
            self.send_up(socket, Up::Close);
        }
    }

    fn send_up(&mut self, socket: SocketKey, up: Up) {
        let delay = self.delay();
        let one = &mut self.sockets[socket];
        one.up_until = one.up_until.max(self.agenda.now() + delay).max(one.stalled_until);
        self.agenda.at(one.up_until, Happening::Up(socket, up));
    }

    fn send_down(&mut self, socket: SocketKey, down: Down) {
        let delay = self.delay();
        let one = &mut self.sockets[socket];
        one.down_until = one.down_until.max(self.agenda.now() + delay).max(one.stalled_until);
        self.agenda.at(one.down_until, Happening::Down(socket, down));
    }

    pub(crate) fn arrive_up(&mut self, socket: SocketKey, up: Up) {
        if self.sockets[socket].path != Path::Whole {
            return;
        }
        match up {
            Up::Message(message) => {
                let message = self.over_the_wire(message);
                self.note(|| format!("server hears, by socket {socket}: {}", brief(&message)));
                let replies = self.server.receive(&mut self.sockets[socket].desk, message);
                self.reply(socket, replies);
                if matches!(self.sockets[socket].desk, Desk::Seated(..)) && !self.taken.contains(&socket) {
                    self.taken.push(socket);
                }
            }
            Up::Close => self.sockets[socket].desk = Desk::Closed,
        }
    }

    fn reply(&mut self, socket: SocketKey, replies: Vec<Reply>) {
        for reply in replies {
            match reply {
                Reply::Say(message) => self.send_down(socket, Down::Message(message)),
                Reply::Close => self.send_down(socket, Down::Close),
            }
        }
    }

    /// Lets the sockets carry what the registry has said.
    pub(crate) fn pump(&mut self) {
        for index in (0..self.taken.len()).rev() {
            let socket = self.taken[index];
            let replies = Server::drain(&mut self.sockets[socket].desk);
            if replies.len() > limits::OUTBOX_MESSAGES + 1 {
                self.violate(format!("{} messages waited for socket {socket}", replies.len()));
            }
            self.reply(socket, replies);
            if !matches!(self.sockets[socket].desk, Desk::Seated(..)) {
                self.taken.swap_remove(index);
            }
        }
    }

    pub(crate) fn arrive_down(&mut self, socket: SocketKey, down: Down) {
        let one = &mut self.sockets[socket];
        if one.path != Path::Whole {
            return;
        }
        let (page, number) = (one.page, one.number);
        match down {
            Down::Message(message) => self.deliver(page, number, &message),
            Down::Close => {
                one.plug = Plug::Closed;
                self.tell_closed(socket);
            }
        }
    }

    fn deliver(&mut self, page: PageKey, number: SocketNumber, message: &ServerMessage) {
        let json = serde_json::to_vec(message).expect("every message can be written");
        let message: ServerMessage = serde_json::from_slice(&json).expect("every message can be read");
        self.check_delivery(page, &message);
        if let ServerMessage::Signal { from, signal } = &message
            && let Some(to) = self.pages[page].id().filter(|_| self.pages[page].number == number)
        {
            self.figures.signals += 1;
            self.overheard.push((*from, to, signal.clone()));
            if self.dice.per_mille(self.mood.drops) {
                self.note(|| format!("page {page} does not hear: {}", brief(&message)));
                return;
            }
            if self.dice.per_mille(self.mood.reorders) {
                // As if it had come another way, through someone else.
                let detour = self.dice.millis(1, 6_000);
                self.agenda.after(detour, Happening::Tell(page, Event::Received(number, message)));
                return;
            }
        }
        self.note(|| format!("page {page} hears: {}", brief(&message)));
        self.feed(page, Event::Received(number, message));
    }

    pub(crate) fn tell_closed(&mut self, socket: SocketKey) {
        let (page, number) = (self.sockets[socket].page, self.sockets[socket].number);
        self.feed(page, Event::Closed(number));
    }

    fn delay(&mut self) -> Duration {
        let most = if self.dice.per_mille(self.mood.tardy) { self.mood.slow * 10 } else { self.mood.slow };
        self.dice.millis(1, most)
    }

    /// Writes and reads a message as the two ends do.
    fn over_the_wire(&mut self, message: ClientMessage) -> ClientMessage {
        let json = serde_json::to_vec(&message).expect("every message can be written");
        read_client_message(&json).unwrap_or_else(|refusal: Refusal| {
            self.violate(format!("the server would refuse a client's own words, as {refusal:?}: {message:?}"));
            message
        })
    }
}

/// A message in few words.
fn brief(message: &impl core::fmt::Debug) -> String {
    format!("{message:?}").chars().take(260).collect()
}
