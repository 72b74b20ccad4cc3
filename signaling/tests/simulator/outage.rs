//! How sockets end when nobody meant them to, and when the two ends learn of it.
//!
//! Separate from what they [carry](crate::sockets) while they live.

use crate::server::Desk;
use crate::sockets::{Plug, SocketKey};
use crate::world::{Happening, World};
use core::time::Duration;
use signaling::limits;

/// What the network does with a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Whole,
    /// Broken; both ends will notice.
    Cut,
    /// Forgotten by something in between: nothing passes, and only the server, which pings, will notice.
    Blackholed,
}

impl World {
    pub(crate) fn page_notices(&mut self, socket: SocketKey) {
        if !matches!(self.sockets[socket].plug, Plug::Closed) {
            self.sockets[socket].plug = Plug::Closed;
            self.tell_closed(socket);
        }
    }

    pub(crate) fn server_notices(&mut self, socket: SocketKey) {
        self.sockets[socket].desk = Desk::Closed;
    }

    /// Breaks a socket; everything on its way is lost.
    pub(crate) fn cut(&mut self, socket: SocketKey) {
        if self.sockets[socket].path == Path::Whole {
            self.sockets[socket].path = Path::Cut;
            let (page, server) = (self.dice.millis(0, 3_000), self.dice.millis(0, 3_000));
            self.agenda.after(page, Happening::PageNotices(socket));
            self.agenda.after(server, Happening::ServerNotices(socket));
        }
    }

    pub(crate) fn blackhole(&mut self, socket: SocketKey) {
        if self.sockets[socket].path == Path::Whole {
            self.sockets[socket].path = Path::Blackholed;
            let spare = self.dice.millis(0, 10_000);
            self.agenda.after(limits::SILENCE + spare, Happening::ServerNotices(socket));
        }
    }

    pub(crate) fn stall(&mut self, socket: SocketKey, time: Duration) {
        self.sockets[socket].stalled_until = self.agenda.now() + time;
    }

    /// Ends every socket because the server's process does.
    pub(crate) fn cut_all(&mut self) {
        for socket in 0..self.sockets.len() {
            self.sockets[socket].desk = Desk::Closed;
            if self.sockets[socket].path == Path::Whole {
                self.sockets[socket].path = Path::Cut;
                let notice = self.dice.millis(0, 1_500);
                self.agenda.after(notice, Happening::PageNotices(socket));
            }
        }
    }
}
