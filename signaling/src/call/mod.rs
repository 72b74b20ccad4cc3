//! One participant's side of a whole call: getting in, staying in while sockets come and go, and getting out.
//!
//! A sans-IO machine above the [mesh]. Separate, because the life of a socket and the life of a call are
//! two things: a lost socket is a badge, never a goodbye.
//!
//! | stage | meaning | a lost socket |
//! |---|---|---|
//! | `Outside` | looking at the green room; the socket is opened ahead of the click | is opened again at leisure |
//! | `Joining` | `join` is to be said, or said and not answered | is opened again at once |
//! | `Inside` | welcomed once; whether a socket is open is another matter | is opened again for ever |
//! | `Over` | left, or turned away | stays lost |
//!
//! **Invariant.** From `Inside` only leaving and being superseded lead to `Over`: no refusal and no silence of the server
//! ends a call whose media lives.

use crate::identity::{Epoch, ParticipantId, ResumeToken};
use crate::mesh;
use crate::negotiation;
use crate::protocol::{ClientMessage, DisplayName, IceServer, MediaState, PeerMessage, Refusal, ServerMessage};

mod health;
mod line;
mod machine;
mod pairs;
#[cfg(test)]
mod tests;

pub use machine::Call;

/// Numbers the sockets of a call, so that news of an old one is not taken for news of the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketNumber(pub u32);

impl SocketNumber {
    /// Returns the number of the next socket.
    fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The page is there: the socket may be opened ahead of time.
    Prepare,
    /// The visitor wants in.
    Join {
        /// Under this name.
        name: DisplayName,
    },
    /// The devices do something else now.
    SetMedia(MediaState),
    /// The server said something.
    Received(SocketNumber, ServerMessage),
    /// A socket is closed, or could not be opened.
    Closed(SocketNumber),
    /// The network or the page came back: whatever waits need not wait.
    Woke,
    /// Something happened to a pair.
    Pair(ParticipantId, negotiation::Event),
    /// Someone said something over the connection of this epoch itself.
    Told(ParticipantId, Epoch, PeerMessage),
    /// Pictures were counted on the connection of this epoch.
    Counted {
        /// Whose connection.
        id: ParticipantId,
        /// Which one.
        epoch: Epoch,
        /// Sent so far.
        sent: u32,
        /// Decoded so far.
        decoded: u32,
        /// Whether its packets go through a relay now, as far as is known.
        relayed: bool,
    },
    /// The connections are to be made anew: what they are made with is not the same any more.
    Renew,
    /// The visitor does not want to wait for someone.
    Hurry(ParticipantId),
    /// The page is being closed or reloaded.
    Closing,
    /// The visitor leaves.
    Leave,
    /// Time passed.
    Tick,
}

/// What is to be done, or shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Open a socket, in place of any other.
    Dial(SocketNumber),
    /// Close the socket.
    HangUp,
    /// Say this through the present socket.
    Send(ClientMessage),
    /// Let no connection tell our addresses, whatever the visitor says: it is the room's rule.
    HideAddresses,
    /// Let connections use these servers, when they are made and when ICE starts over.
    UseIceServers(Vec<IceServer>),
    /// Keep this for a reload of the page.
    Remember(ResumeToken),
    /// Keep nothing for a reload of the page.
    Forget,
    /// Show where the call stands.
    Show(Status),
    /// Do this with a connection or a tile.
    Mesh(mesh::Action),
}

/// Where the call stands, as the page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Wants in, not welcomed yet.
    Joining,
    /// In, under this identity, and the server is there.
    Online(ParticipantId),
    /// In, and the server is away.
    Away,
    /// Left.
    Left,
    /// Turned away.
    Refused(Refusal),
}
