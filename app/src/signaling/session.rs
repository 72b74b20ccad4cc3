//! The server's half of one conversation: from the first message to the last word.
//!
//! Separate from the socket, so that it can be tested without one. It is *one* stream that owns its input, its inbox and its
//! membership: when it is dropped, by whatever end, the membership is, and the others are told.

use super::door::Door;
use super::error::SignalingError;
use super::transport::Said;
use core::future::Future as _;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use futures::{Stream, StreamExt as _, stream};
use signaling::limits;
use signaling::protocol::{ClientMessage, Join, Refusal, ServerMessage};
use signaling::rooms::{Connection, Inbox, Membership, Rooms};
use tokio::time::{Instant, Interval, MissedTickBehavior, Sleep, interval_at, sleep};

/// The patience of the server with one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionConfig {
    /// How long it may last without a [`ClientMessage::Join`].
    pub join_deadline: Duration,
    /// Between two renewals of the ICE servers, whose credentials do not last. `None` where they do, or there are none.
    pub ice_renewal: Option<Duration>,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self { join_deadline: limits::JOIN_DEADLINE, ice_renewal: None }
    }
}

/// One conversation.
#[derive(Debug)]
pub struct Session {
    said: Said,
    rooms: Rooms,
    connection: Connection,
    door: Door,
    ice_renewal: Option<Duration>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Not yet joined; until this ends.
    Outside(Pin<Box<Sleep>>),
    Inside {
        membership: Membership,
        inbox: Inbox,
        renewals: Option<Interval>,
    },
    Over,
}

impl Session {
    /// Begins a conversation about these rooms.
    pub fn new(said: Said, rooms: Rooms, door: Door, config: SessionConfig) -> Self {
        let stage = Stage::Outside(Box::pin(sleep(config.join_deadline)));
        let connection = rooms.connect();
        Self { said, rooms, connection, door, ice_renewal: config.ice_renewal, stage }
    }

    /// Returns what the server says. The stream ends after a refusal, after the client has left, and when it is lost.
    pub fn into_stream(mut self) -> impl Stream<Item = Result<ServerMessage, SignalingError>> + Send {
        stream::poll_fn(move |context| self.poll(context).map(|message| message.map(Ok)))
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<ServerMessage>> {
        loop {
            match &mut self.stage {
                Stage::Outside(deadline) => {
                    if deadline.as_mut().poll(context).is_ready() {
                        return self.refuse(Refusal::TooLate);
                    }
                }
                Stage::Inside { membership, inbox, renewals } => {
                    // What is due comes through the inbox.
                    while renewals.as_mut().is_some_and(|renewals| renewals.poll_tick(context).is_ready()) {
                        membership.renew_ice_servers();
                    }
                    if let Poll::Ready(message) = inbox.poll_next(context) {
                        if matches!(message, None | Some(ServerMessage::Refused { .. })) {
                            self.stage = Stage::Over;
                        }
                        return Poll::Ready(message);
                    }
                }
                Stage::Over => return Poll::Ready(None),
            }
            let Poll::Ready(said) = self.said.poll_next_unpin(context) else { return Poll::Pending };
            if let Some(answer) = self.hear(said) {
                return Poll::Ready(Some(answer));
            }
        }
    }

    /// Acts on what the client said, and returns the answer if there is one that does not come through the inbox.
    fn hear(&mut self, said: Option<Result<ClientMessage, SignalingError>>) -> Option<ServerMessage> {
        match said {
            Some(Ok(message)) => self.obey(message),
            Some(Err(SignalingError::Unreadable)) => Some(self.refused(Refusal::Malformed)),
            Some(Err(SignalingError::TooFast)) => Some(self.refused(Refusal::TooFast)),
            Some(Err(SignalingError::Closed)) | None => {
                self.stage = Stage::Over;
                None
            }
        }
    }

    fn obey(&mut self, message: ClientMessage) -> Option<ServerMessage> {
        match (message, &self.stage) {
            (ClientMessage::Probe { nonce }, _) => return Some(ServerMessage::Echo { nonce }),
            (ClientMessage::Join(join), Stage::Outside(_)) => return self.join(&join).err().map(|no| self.refused(no)),
            (ClientMessage::Signal { to, signal }, Stage::Inside { membership, .. }) => {
                membership.signal(to, signal);
            }
            (ClientMessage::SetMedia(media), Stage::Inside { membership, .. }) => membership.set_media(media),
            (ClientMessage::Health { reaches }, Stage::Inside { membership, .. }) => membership.health(reaches),
            (ClientMessage::Closing, _) => self.depart(Membership::closing),
            (ClientMessage::Leave, _) => self.depart(Membership::leave),
            (
                ClientMessage::Join(_)
                | ClientMessage::Signal { .. }
                | ClientMessage::SetMedia(_)
                | ClientMessage::Health { .. },
                _,
            ) => return Some(self.refused(Refusal::OutOfOrder)),
        }
        None
    }

    fn join(&mut self, join: &Join) -> Result<(), Refusal> {
        if !self.door.admits() {
            return Err(Refusal::TooFast);
        }
        let (membership, inbox) = self.rooms.join(self.connection, join, self.door.reached_at())?;
        self.stage = Stage::Inside { membership, inbox, renewals: self.ice_renewal.map(ticks) };
        Ok(())
    }

    fn depart(&mut self, how: impl FnOnce(Membership)) {
        if let Stage::Inside { membership, .. } = core::mem::replace(&mut self.stage, Stage::Over) {
            how(membership);
        }
    }

    fn refuse(&mut self, reason: Refusal) -> Poll<Option<ServerMessage>> {
        Poll::Ready(Some(self.refused(reason)))
    }

    fn refused(&mut self, reason: Refusal) -> ServerMessage {
        self.stage = Stage::Over;
        ServerMessage::Refused { reason }
    }
}

/// Ticks from now on, but not now; a tick that was missed is not made up for.
fn ticks(every: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

#[cfg(test)]
mod tests;
