//! The bounded queue between the registry and one connection.
//!
//! Separate from any runtime's channel, because its overflow must be *said*: the queue then gives up what it holds for a
//! single last word, which no channel lets its sender do.

use crate::limits;
use crate::protocol::{Refusal, ServerMessage, Signal, SignalBody};
use core::mem;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A queue that has held more than this gives its memory back when it is empty.
const KEPT_CAPACITY: usize = 8;

/// The registry's end: what it says goes in here.
#[derive(Debug)]
pub(super) struct Outbox(Arc<Mutex<Queue>>);

/// The connection's end: what the registry said comes out of here, in order, and ends when the membership has ended.
#[derive(Debug)]
pub struct Inbox(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    messages: VecDeque<ServerMessage>,
    bytes: usize,
    ended: bool,
    reader: Option<Waker>,
}

/// The queue is full: its reader does not read, and has been told so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Overflow;

/// Makes a queue and returns its two ends.
pub(super) fn outbox() -> (Outbox, Inbox) {
    let queue = Arc::new(Mutex::new(Queue::default()));
    (Outbox(Arc::clone(&queue)), Inbox(queue))
}

impl Outbox {
    /// Adds a message. What comes after the end is dropped.
    ///
    /// One participant must not be able to get another evicted by talking: signals fill half of the queue at most, and are
    /// lost beyond it (a pair says again what may be lost); of each participant's devices only the latest state waits.
    ///
    /// # Errors
    /// [`Overflow`] when there is no room for it: the queue then holds nothing but [`Refusal::TooSlow`], and has ended.
    pub(super) fn push(&self, message: ServerMessage) -> Result<(), Overflow> {
        let mut queue = lock(&self.0);
        if queue.ended || queue.loses(&message) || queue.updates(&message) {
            return Ok(());
        }
        let bytes = queue.bytes + weight(&message);
        if queue.messages.len() >= limits::OUTBOX_MESSAGES || bytes > limits::OUTBOX_BYTES {
            queue.messages = VecDeque::new();
            queue.end(Refusal::TooSlow);
            return Err(Overflow);
        }
        queue.bytes = bytes;
        queue.messages.push_back(message);
        queue.wake();
        Ok(())
    }

    /// Adds a last word, after what is already there, and ends the queue.
    pub(super) fn refuse(&self, reason: Refusal) {
        let mut queue = lock(&self.0);
        if !queue.ended {
            queue.end(reason);
        }
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let mut queue = lock(&self.0);
        queue.ended = true;
        queue.wake();
    }
}

impl Inbox {
    /// Returns the next message if there is one.
    #[cfg(test)]
    pub(super) fn try_next(&mut self) -> Option<ServerMessage> {
        lock(&self.0).take()
    }

    /// Returns the next message, or `None` after the last, or wakes the task when there is one or the other.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<ServerMessage>> {
        let mut queue = lock(&self.0);
        match queue.take() {
            Some(message) => Poll::Ready(Some(message)),
            None if queue.ended => Poll::Ready(None),
            None => {
                queue.reader = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Queue {
    fn take(&mut self) -> Option<ServerMessage> {
        let message = self.messages.pop_front()?;
        self.bytes = self.bytes.saturating_sub(weight(&message));
        if self.messages.is_empty() && self.messages.capacity() > KEPT_CAPACITY {
            self.messages = VecDeque::new();
        }
        Some(message)
    }

    /// Returns whether this is a signal, and its half of the queue is full.
    fn loses(&self, message: &ServerMessage) -> bool {
        let full = self.messages.len() >= limits::OUTBOX_MESSAGES / 2
            || self.bytes + weight(message) > limits::OUTBOX_BYTES / 2;
        full && matches!(message, ServerMessage::Signal { .. })
    }

    /// Returns whether this has taken the place of an older state of the same participant's devices.
    fn updates(&mut self, message: &ServerMessage) -> bool {
        let ServerMessage::MediaChanged { id, media } = message else { return false };
        // Not past anything else about that participant: a state belongs to the life that it was said in.
        for waiting in self.messages.iter_mut().rev() {
            match waiting {
                ServerMessage::MediaChanged { id: known, media: old } if known == id => {
                    *old = *media;
                    return true;
                }
                ServerMessage::Joined(participant) if participant.id == *id => return false,
                _ => {}
            }
        }
        false
    }

    fn end(&mut self, reason: Refusal) {
        self.messages.push_back(ServerMessage::Refused { reason });
        self.ended = true;
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

/// Returns about how many bytes a message keeps on the heap, for what can be large in it.
fn weight(message: &ServerMessage) -> usize {
    let said = match message {
        ServerMessage::Signal { signal: Signal { body, .. }, .. } => match body {
            SignalBody::Offer(sdp) | SignalBody::Answer(sdp) => sdp.as_str().len(),
            SignalBody::Candidate(candidate) => candidate.candidate.as_str().len(),
            SignalBody::EndOfCandidates | SignalBody::Ask(_) => 0,
        },
        _ => 0,
    };
    mem::size_of::<ServerMessage>() + said
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ParticipantId;
    use crate::protocol::MediaState;

    fn echo(nonce: u32) -> ServerMessage {
        ServerMessage::Echo { nonce }
    }

    #[test]
    fn signals_fill_half_of_the_queue_and_are_lost_beyond() {
        let (outbox, mut inbox) = outbox();
        let body = SignalBody::EndOfCandidates;
        let signal = Signal { epoch: (1, 1).into(), seq: 1, body };
        for _ in 0..2 * limits::OUTBOX_MESSAGES {
            outbox.push(ServerMessage::Signal { from: ParticipantId(1), signal: signal.clone() }).unwrap();
        }
        outbox.push(echo(1)).unwrap();
        let waiting: Vec<_> = core::iter::from_fn(|| inbox.try_next()).collect();
        assert_eq!(waiting.len(), limits::OUTBOX_MESSAGES / 2 + 1);
        assert_eq!(waiting.last(), Some(&echo(1)));
    }

    #[test]
    fn only_the_latest_state_of_devices_waits() {
        let (outbox, mut inbox) = outbox();
        let state = |id, camera| ServerMessage::MediaChanged {
            id: ParticipantId(id),
            media: MediaState { microphone: false, camera, ..MediaState::default() },
        };
        for turn in 0..2 * limits::OUTBOX_MESSAGES {
            outbox.push(state(1, turn % 2 == 0)).unwrap();
            outbox.push(state(2, true)).unwrap();
        }
        let waiting: Vec<_> = core::iter::from_fn(|| inbox.try_next()).collect();
        assert_eq!(waiting, [state(1, false), state(2, true)]);
    }

    #[test]
    fn messages_come_out_in_order() {
        let (outbox, mut inbox) = outbox();
        outbox.push(echo(1)).unwrap();
        outbox.push(echo(2)).unwrap();
        assert_eq!(inbox.try_next(), Some(echo(1)));
        assert_eq!(inbox.try_next(), Some(echo(2)));
        assert_eq!(inbox.try_next(), None);
    }

    #[test]
    fn overflow_leaves_one_last_word() {
        let (outbox, mut inbox) = outbox();
        for nonce in 0..limits::OUTBOX_MESSAGES as u32 {
            outbox.push(echo(nonce)).unwrap();
        }
        assert_eq!(outbox.push(echo(0)), Err(Overflow));
        assert_eq!(inbox.try_next(), Some(ServerMessage::Refused { reason: Refusal::TooSlow }));
        assert!(matches!(inbox.poll_next(&mut Context::from_waker(Waker::noop())), Poll::Ready(None)));
    }

    #[test]
    fn large_signals_are_lost_sooner() {
        let (outbox, mut inbox) = outbox();
        let body = SignalBody::Offer(crate::protocol::Sdp::new("v".repeat(limits::SDP_BYTES)).unwrap());
        let offer =
            ServerMessage::Signal { from: ParticipantId(1), signal: Signal { epoch: (1, 1).into(), seq: 1, body } };
        for _ in 0..limits::OUTBOX_MESSAGES {
            outbox.push(offer.clone()).unwrap();
        }
        let waiting = core::iter::from_fn(|| inbox.try_next()).count();
        assert!(waiting > 0 && waiting * limits::SDP_BYTES <= limits::OUTBOX_BYTES / 2);
    }

    #[test]
    fn dropping_the_outbox_ends_the_inbox() {
        let (outbox, mut inbox) = outbox();
        drop(outbox);
        assert!(matches!(inbox.poll_next(&mut Context::from_waker(Waker::noop())), Poll::Ready(None)));
    }
}
