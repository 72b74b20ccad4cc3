//! A model of one `RTCPeerConnection`: whose it is, what is wanted of it, and whether that may be wanted.
//!
//! Separate from what it [does](crate::operations) and from the model of [ICE](crate::ice).

use crate::description::Ufrag;
use crate::page::PageKey;
use crate::world::World;
use signaling::chat::Message;
use signaling::identity::{Epoch, ParticipantId};
use signaling::negotiation::{Action, Event, Role, Transport};
use signaling::protocol::{Candidate, Sdp};
use signaling::time::Moment;
use std::collections::{BTreeSet, VecDeque};

/// Which of the schedule's connections.
pub(crate) type ConnectionKey = usize;

/// Where the exchange of descriptions stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signaling {
    Stable,
    HaveLocalOffer(Ufrag),
    /// An operation failed half way: nothing but a new connection helps.
    Broken,
}

/// One thing to do.
#[derive(Debug)]
pub(crate) enum Operation {
    Offer { seq: u32, restart: bool },
    Answer { seq: u32, offer: Sdp },
    Apply { seq: u32, answer: Sdp },
    AddCandidate(Option<Candidate>),
}

/// One connection of one page.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) page: PageKey,
    pub(crate) peer: ParticipantId,
    pub(crate) epoch: Epoch,
    pub(crate) closed: bool,
    pub(crate) signaling: Signaling,
    pub(crate) queue: VecDeque<Operation>,
    /// What the running operation will have to say.
    pub(crate) outcome: Option<Event>,
    pub(crate) offer_in_flight: bool,
    /// Never does what it is asked, and never says so.
    deaf: bool,
    pub(crate) told_broken: bool,
    /// Never carries a packet, however often ICE starts over.
    pub(crate) wedged: bool,
    /// Never works at this end (as when DTLS fails), though the other end believes in it.
    pub(crate) one_sided: bool,
    pub(crate) generation: u32,
    pub(crate) local: Option<Ufrag>,
    pub(crate) remote: Option<Ufrag>,
    /// The far end's candidates that were added, for all generations.
    pub(crate) added: BTreeSet<(Ufrag, u32)>,
    pub(crate) transport: Transport,
    /// When it became that.
    pub(crate) turned_at: Moment,
    /// Whether packets pass, and since when: what the browser says of it comes later, or not at all.
    pub(crate) flows: bool,
    pub(crate) flow_turned_at: Moment,
    pub(crate) outlook: Option<crate::ice::Outlook>,
    pub(crate) stamp: u32,
    pub(crate) working: Option<(Ufrag, Ufrag)>,
    pub(crate) failed: Option<(Ufrag, Ufrag)>,
    /// What waits in its channel for the chat.
    pub(crate) chat: Vec<Message>,
}

impl Connection {
    /// Says whether this may be asked of it now.
    fn allow(&mut self, epoch: Epoch, operation: &Operation) -> Result<(), &'static str> {
        if self.epoch != epoch {
            return Err("asked for something of another epoch");
        }
        if self.told_broken {
            return Err("broken, and asked for something");
        }
        let offers = matches!(operation, Operation::Offer { .. });
        if offers && core::mem::replace(&mut self.offer_in_flight, true) {
            return Err("a second offer while one is in flight");
        }
        Ok(())
    }
}

impl World {
    pub(crate) fn open(&mut self, page: PageKey, peer: ParticipantId, epoch: Epoch, role: Role) {
        self.close(page, peer);
        let key = self.connections.len();
        self.note(|| format!("page {page} opens connection {key} to {peer} as {role:?}, {epoch:?}"));
        let signaling = if self.dice.per_mille(self.mood.breaks / 2) { Signaling::Broken } else { Signaling::Stable };
        self.figures.connections += 1;
        self.connections.push(Connection {
            page,
            peer,
            epoch,
            closed: false,
            signaling,
            queue: VecDeque::new(),
            outcome: None,
            offer_in_flight: false,
            deaf: self.dice.per_mille(self.mood.breaks / 4),
            told_broken: false,
            wedged: self.dice.per_mille(self.mood.breaks / 2),
            one_sided: self.dice.per_mille(self.mood.breaks / 2),
            generation: 0,
            local: None,
            remote: None,
            added: BTreeSet::new(),
            transport: Transport::New,
            turned_at: self.agenda.now(),
            flows: false,
            flow_turned_at: self.agenda.now(),
            outlook: None,
            stamp: 0,
            working: None,
            failed: None,
            chat: Vec::new(),
        });
        self.pages[page].connections.insert(peer, key);
    }

    pub(crate) fn close(&mut self, page: PageKey, peer: ParticipantId) {
        if let Some(key) = self.pages[page].connections.remove(&peer) {
            self.check_closing(key);
            let one = &mut self.connections[key];
            one.closed = true;
            // What runs may still tell its end; what waited never begins.
            one.queue.truncate(1);
            self.reconsider_all();
        }
    }

    /// The model of a browser has no sound to listen to; but what is listened to must be there.
    fn knock(&mut self, page: PageKey, peer: ParticipantId, epoch: Epoch) {
        let known = self.pages[page].connections.get(&peer).map(|key| self.connections[*key].epoch);
        if known != Some(epoch) {
            self.violate(format!("page {page} listens to {peer} by {epoch:?}, and has {known:?}"));
        }
    }

    /// Takes what the call wants of a connection, and whether it may want that.
    pub(crate) fn operate(&mut self, page: PageKey, peer: ParticipantId, action: Action) {
        let (epoch, operation) = match action {
            Action::Open { epoch, role } => return self.open(page, peer, epoch, role),
            Action::Send(_) => return self.violate(format!("{action:?} was given to a connection")),
            // The model of a browser sends no pictures.
            Action::Refresh { .. } => return,
            Action::Knock { epoch } => return self.knock(page, peer, epoch),
            Action::Offer { epoch, seq, restart } => (epoch, Operation::Offer { seq, restart }),
            Action::Answer { epoch, seq, offer } => (epoch, Operation::Answer { seq, offer }),
            Action::Apply { epoch, seq, answer } => (epoch, Operation::Apply { seq, answer }),
            Action::AddCandidate { epoch, candidate } => (epoch, Operation::AddCandidate(candidate)),
        };
        let Some(key) = self.pages[page].connections.get(&peer).copied() else {
            return self.violate(format!("page {page} has no connection to {peer} for {operation:?}"));
        };
        if let Err(why) = self.connections[key].allow(epoch, &operation) {
            return self.violate(format!("connection {key}: {why}: {operation:?}"));
        }
        if matches!(operation, Operation::Offer { .. }) {
            self.figures.offers += 1;
            self.figures.last_offer = self.agenda.now();
        }
        self.note(|| format!("connection {key} of page {page} to {peer}: {operation:?}"));
        let one = &mut self.connections[key];
        if one.deaf {
            return;
        }
        one.queue.push_back(operation);
        if one.queue.len() == 1 {
            self.begin_operation(key);
        }
    }
}
