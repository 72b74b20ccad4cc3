//! The connections and the tiles, as the mesh wants them.
//!
//! Separate from the [engine](super::engine), because it is all about other people.

use super::engine::Engine;
use super::later::Aside;
use super::state::{Link, Notice, Route, Stage, Tile};
use crate::ADAPTS;
use crate::browser::dictionaries::encoding;
use crate::browser::error::BrowserError;
use crate::browser::local_media::LocalTrack;
use crate::browser::peer_connection::{PeerConnection, SlotTracks};
use crate::browser::peer_news::News;
use crate::browser::peer_queue::{Operation, Peer, Tracks};
use crate::browser::slot::{Slot, Source};
use leptos::prelude::*;
use signaling::call::Event;
use signaling::identity::{Epoch, ParticipantId};
use signaling::mesh::Action;
use signaling::negotiation::{self, Role};
use signaling::protocol::{MediaState, Participant};
use signaling::sending::beginning;
use std::rc::Rc;

impl Engine {
    /// Does what the mesh says.
    pub(super) fn act_on_mesh(self: &Rc<Self>, action: Action) {
        match action {
            Action::Pair(id, action) => self.act_on_pair(id, action),
            Action::Close(id) => {
                self.peers.borrow_mut().remove(id);
                self.part_aside(id);
                for screen in self.screens_of(id) {
                    // The last picture of a connection that is gone would pass for a living one.
                    screen.video.set_src_object(None);
                }
            }
            Action::Appeared(participant) => self.appear(&participant),
            Action::Changed(participant) => {
                if let Some(tile) = self.tile(participant.id) {
                    tile.name.set(participant.name.as_str().to_owned());
                    self.show_media(&tile, participant.media);
                }
            }
            Action::Tell(id, message) => {
                if let Some(peer) = self.peers.borrow().get(id) {
                    peer.tell(&message);
                }
            }
            Action::Linked(id, link) => self.link(id, link),
            Action::Explained(id, trouble) => {
                if let Some(tile) = self.tile(id) {
                    tile.trouble.set(trouble);
                }
            }
            Action::Reacted(id, reaction) => self.reacted(id, reaction),
            Action::Disappeared(id) => self.disappear(id),
        }
    }

    fn act_on_pair(self: &Rc<Self>, id: ParticipantId, action: negotiation::Action) {
        use negotiation::Action::{AddCandidate, Answer, Apply, Knock, Offer, Open, Refresh, Send};
        let (epoch, operation) = match action {
            Open { epoch, role } => return self.open(id, epoch, role),
            Offer { epoch, seq, restart } => (epoch, Operation::Offer { seq, restart }),
            Answer { epoch, seq, offer } => (epoch, Operation::Answer { seq, offer }),
            Apply { epoch, seq, answer } => (epoch, Operation::Apply { seq, answer }),
            AddCandidate { epoch, candidate } => (epoch, Operation::AddCandidate(candidate)),
            Refresh { epoch } => (epoch, Operation::SendWhole),
            Knock { epoch } => {
                let peers = self.peers.borrow();
                if let Some((peer, tile)) = peers.get(id).filter(|peer| peer.epoch() == epoch).zip(self.tile(id)) {
                    peer.doubt(tile.media.get_untracked());
                }
                return;
            }
            // It is said before it comes here, by the server.
            Send(_) => return,
        };
        if let Some(peer) = self.peers.borrow().get(id).filter(|peer| peer.epoch() == epoch) {
            let flows = matches!(operation, Operation::Answer { .. } | Operation::Apply { .. });
            peer.perform(operation);
            // Once: whoever only finds another way goes on as they were.
            if flows && !peer.begun.replace(true) {
                self.begin_small(peer);
            }
        }
    }

    fn open(self: &Rc<Self>, id: ParticipantId, epoch: Epoch, role: Role) {
        let engine = Rc::downgrade(self);
        let tracks: Tracks = {
            let engine = engine.clone();
            Rc::new(move || engine.upgrade().map(|engine| engine.tracks()).unwrap_or_default())
        };
        let told: Rc<dyn Fn(News)> = {
            let engine = engine.clone();
            Rc::new(move |news| {
                if let Some(engine) = engine.upgrade() {
                    engine.hear(id, news);
                }
            })
        };
        let spare = self.spare.take().filter(|(made_for, _)| *made_for == role).map(|(_, connection)| connection);
        let peer = spare
            .map_or_else(|| self.new_connection(role), Ok)
            .and_then(|connection| Peer::open(epoch, connection, tracks, move || Self::media_of(&engine), &told));
        // Without a connection to give, the pair stays as it is, and its negotiation tries again by its clock.
        if let Ok(peer) = peer {
            for screen in self.screens_of(id) {
                self.show_on(&screen, peer.stream(screen.source));
            }
            self.peers.borrow_mut().insert(id, peer);
            self.part_aside(id);
        }
    }

    /// Lets a picture begin small that is not the only one to be sent: joining needs the processor itself. What is loaded later
    /// decides how it goes on.
    fn begin_small(&self, peer: &Peer) {
        let others = self.network.borrow().people.saturating_sub(1);
        if ADAPTS && others > 1 {
            let (scale, rate) = beginning(others);
            let small = encoding(&[("scaleResolutionDownBy", scale), ("maxFramerate", rate)]);
            peer.perform(Operation::Encode(Slot::Camera, small));
        }
    }

    /// Keeps a connection ready for the next one who is met, because whoever meets waits for it. Before the call those are
    /// the people inside, to whom one makes the offer; in the call it is a newcomer, who makes it.
    pub(super) fn keep_spare(&self) {
        let role = if self.state.stage.get_untracked() == Stage::InCall { Role::Answerer } else { Role::Offerer };
        let kept = self.spare.borrow().as_ref().is_some_and(|(made_for, _)| *made_for == role);
        if !kept {
            // Without one, a connection is made when it is needed.
            *self.spare.borrow_mut() = self.new_connection(role).ok().map(|connection| (role, connection));
        }
    }

    fn new_connection(&self, role: Role) -> Result<PeerConnection, BrowserError> {
        PeerConnection::new(role, self.media.borrow().label(), &self.network)
    }

    fn hear(self: &Rc<Self>, id: ParticipantId, news: News) {
        match news {
            News::Negotiation(event) => self.tell(Event::Pair(id, event)),
            News::Told(epoch, message) => self.tell(Event::Told(id, epoch, message)),
            News::Aside(lane, payload) => self.hear_aside(Aside { from: id, lane, payload }),
        }
    }

    /// Returns what to send: the microphone while it is not muted, and the others while they are captured.
    pub(super) fn tracks(&self) -> SlotTracks {
        let media = self.media.borrow();
        let on = self.state.media();
        let is_sent = |slot| match slot {
            Slot::Microphone => on.microphone,
            Slot::Camera => on.camera,
            Slot::Screen | Slot::ScreenSound => on.screen,
        };
        Slot::ALL.map(|slot| media.track(slot).filter(|_| is_sent(slot)).map(LocalTrack::track).cloned())
    }

    /// Sends to everyone what is captured for a slot now.
    pub(super) fn refresh(&self, slot: Slot) {
        for peer in self.peers.borrow().values() {
            peer.perform(Operation::Refresh(slot));
        }
    }

    /// Returns someone's tile.
    pub(crate) fn tile(&self, id: ParticipantId) -> Option<Tile> {
        self.state.tiles.with_untracked(|tiles| tiles.iter().find(|tile| tile.id == id).copied())
    }

    fn count_people(&self) {
        self.network.borrow_mut().people = self.state.tiles.with_untracked(Vec::len);
    }

    fn appear(&self, participant: &Participant) {
        if self.tile(participant.id).is_none() {
            let tile = self.new_tile(participant.id, false, participant.name.as_str(), participant.media);
            self.state.tiles.update(|tiles| tiles.push(tile));
            self.count_people();
            self.count_hand(&tile, participant.media.hand);
            if !self.arriving.get() {
                self.notice(Notice::Joined(participant.name.as_str().to_owned()));
            }
        }
    }

    fn disappear(&self, id: ParticipantId) {
        if let Some(tile) = self.tile(id) {
            self.notice(Notice::Left(tile.name.get_untracked()));
            self.detach(id, None);
            self.state.tiles.update(|tiles| tiles.retain(|tile| tile.id != id));
            self.count_people();
        }
    }

    fn link(&self, id: ParticipantId, link: Link) {
        let Some(tile) = self.tile(id) else { return };
        tile.link.set(link);
        if link != Link::Connected {
            tile.route.set(Route::Unknown);
        }
    }

    /// Shows oneself first among the tiles.
    pub(super) fn show_own_tile(&self, id: ParticipantId) {
        if let Some(before) = self.state.own.get_untracked() {
            if before == id && self.tile(id).is_some() {
                return;
            }
            self.detach(before, None);
        }
        let media = self.state.media();
        let tile = self.new_tile(id, true, &self.state.name.get_untracked(), media);
        tile.link.set(Link::Connected);
        self.state.own.set(Some(id));
        self.state.tiles.update(|tiles| {
            tiles.retain(|tile| !tile.own);
            tiles.insert(0, tile);
        });
        self.count_hand(&tile, media.hand);
    }

    /// Shows on one's own tile what the others are told.
    pub(super) fn show_own_media(&self, media: MediaState) {
        if let Some(tile) = self.state.own.get_untracked().and_then(|id| self.tile(id)) {
            set_if_new(tile.media, media);
            self.count_hand(&tile, media.hand);
        }
    }

    /// Keeps the order in which hands were raised.
    fn count_hand(&self, tile: &Tile, up: bool) {
        let before = tile.hand.get_untracked();
        if up != (before > 0) {
            let last =
                || self.state.tiles.with_untracked(|tiles| tiles.iter().map(|tile| tile.hand.get_untracked()).max());
            tile.hand.set(if up { last().unwrap_or_default().saturating_add(1) } else { 0 });
        }
    }

    /// Shows what somebody does; of what asks for attention, it is said.
    fn show_media(&self, tile: &Tile, media: MediaState) {
        let before = tile.media.get_untracked();
        set_if_new(tile.media, media);
        self.count_hand(tile, media.hand);
        if !media.screen {
            self.detach(tile.id, Some(Source::Screen));
        }
        let name = tile.name.get_untracked();
        if media.hand && !before.hand {
            self.notice(Notice::HandRaised(name));
        } else if media.screen && !before.screen {
            self.notice(Notice::Sharing(name));
        }
    }

    fn new_tile(&self, id: ParticipantId, own: bool, name: &str, media: MediaState) -> Tile {
        self.owner.with(|| Tile::new(id, own, name, media))
    }

    /// Says something. The link that could not be copied stays until it is taken, or copied after all; and what waits for a
    /// click is not pushed aside by what others do.
    pub(crate) fn notice(&self, notice: Notice) {
        use Notice::{DeviceBack, HandRaised, Joined, Left, MicrophoneHeld, MicrophoneSilent, Said, Sharing, Wrote};
        let is_by_others = matches!(notice, Joined(_) | Left(_) | HandRaised(_) | Sharing(_) | Wrote(..) | Said(_));
        let stays = self.state.notice.with_untracked(|before| match before {
            Some(Notice::LinkNotCopied) => notice != Notice::LinkCopied,
            Some(DeviceBack(_) | MicrophoneHeld | MicrophoneSilent) => is_by_others,
            _ => false,
        });
        if !stays {
            self.state.notice.set(Some(notice));
        }
    }
}

/// Sets a signal only to a new value, so that what shows it stays as it is otherwise.
pub(super) fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
