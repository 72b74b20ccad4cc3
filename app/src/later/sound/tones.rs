//! Short soft tones for what happens: someone comes, goes or raises a hand, or a connection is back.
//!
//! Separate, because it is a choice of four, each of which its listener may do without.

use super::output::Output;
use crate::browser::page;
use crate::call::memory::{is_marked, mark};
use crate::call::{CallState, Link, Signaling};
use core::time::Duration;
use leptos::prelude::*;
use signaling::identity::ParticipantId;
use signaling::time::Moment;
use std::cell::Cell;

/// One tone at most in this time: a crowd that comes together is heard once.
const APART: Duration = Duration::from_millis(500);

/// What there is a tone for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::later) enum Cue {
    /// Someone came.
    Joined,
    /// Someone went.
    Left,
    /// Someone raised their hand.
    Hand,
    /// A connection is back.
    Back,
}

impl Cue {
    /// All of them.
    pub(in crate::later) const ALL: [Self; 4] = [Self::Joined, Self::Left, Self::Hand, Self::Back];

    /// Up for who comes, down for who goes, and so on: thirds and fifths, in hertz.
    fn notes(self) -> &'static [f32] {
        match self {
            Self::Joined => &[523.3, 659.3],
            Self::Left => &[659.3, 523.3],
            Self::Hand => &[784.0, 784.0],
            Self::Back => &[392.0, 523.3, 659.3],
        }
    }

    /// Its switch, in the pages and in the memory of the browser.
    pub(in crate::later) fn name(self) -> &'static str {
        match self {
            Self::Joined => "sound-join",
            Self::Left => "sound-leave",
            Self::Hand => "sound-hand",
            Self::Back => "sound-back",
        }
    }
}

fn key(cue: Cue) -> String {
    ["parlour.no-", cue.name()].concat()
}

/// Which tones are wanted, and when the last one was.
pub(in crate::later) struct Tones {
    on: [RwSignal<bool>; 4],
    last: Cell<Option<Moment>>,
}

impl Tones {
    pub(super) fn new() -> Self {
        Self { on: Cue::ALL.map(|cue| RwSignal::new(!is_marked(&key(cue)))), last: Cell::default() }
    }

    /// Returns whether a tone is wanted.
    pub(in crate::later) fn is_on(&self, cue: Cue) -> RwSignal<bool> {
        self.on[cue as usize]
    }

    /// Wants a tone, or no more.
    pub(in crate::later) fn toggle(&self, cue: Cue) {
        let on = self.is_on(cue);
        on.update(|on| *on = !*on);
        mark(&key(cue), !on.get_untracked());
    }

    /// Plays one, if it is wanted and there was none just now.
    pub(super) fn play(&self, cue: Cue, output: &Output, deafened: bool) {
        let now = page::now();
        let crowded = self.last.get().is_some_and(|last| now < last + APART);
        if deafened || crowded || self.is_on(cue).try_get_untracked() != Some(true) {
            return;
        }
        self.last.set(Some(now));
        // Without it, the words are there.
        let _ = output.play(cue.notes());
    }
}

/// Whose connections were there and are not now; nobody's is the server's.
pub(super) fn broken(state: CallState) -> Vec<Option<ParticipantId>> {
    let away = (state.signaling.get() == Signaling::Away).then_some(None);
    let broken = |link| matches!(link, Link::Repairing | Link::Failed);
    let others = state.tiles.with(|tiles| {
        let tiles = tiles.iter().filter(|tile| broken(tile.link.get()));
        tiles.map(|tile| Some(tile.id)).collect::<Vec<_>>()
    });
    away.into_iter().chain(others).collect()
}

/// Whether someone, or the server, is there now.
pub(super) fn is_here(state: CallState, id: Option<ParticipantId>) -> bool {
    match id {
        None => state.signaling.get_untracked() == Signaling::Online,
        Some(id) => state.tiles.with_untracked(|tiles| {
            tiles.iter().any(|tile| tile.id == id && tile.link.get_untracked() == Link::Connected)
        }),
    }
}
