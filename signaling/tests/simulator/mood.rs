//! What kind of schedule it is: which disasters it knows, and how often.
//!
//! Separate from the [disasters](crate::chaos) themselves. Each schedule draws its own few, so that some are all reloads and
//! others all lost sockets (swarm testing, Groce 2012).

use crate::dice::Dice;
use core::time::Duration;

/// Something that goes wrong, or that somebody does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Disaster {
    Leave,
    ComeBack,
    Reload,
    Crash,
    CloseButStay,
    Cut,
    Blackhole,
    Stall,
    Restart,
    Partition,
    ChangeAddress,
    Wake,
    Sleep,
    Toggle,
    Repeat,
    Trespass,
    Renew,
    Write,
}

const DISASTERS: [Disaster; 18] = [
    Disaster::Leave,
    Disaster::ComeBack,
    Disaster::Reload,
    Disaster::Crash,
    Disaster::CloseButStay,
    Disaster::Cut,
    Disaster::Blackhole,
    Disaster::Stall,
    Disaster::Restart,
    Disaster::Partition,
    Disaster::ChangeAddress,
    Disaster::Wake,
    Disaster::Sleep,
    Disaster::Toggle,
    Disaster::Repeat,
    Disaster::Trespass,
    Disaster::Renew,
    Disaster::Write,
];

/// What kind of schedule it is.
#[derive(Debug)]
pub(crate) struct Mood {
    pub(crate) people: usize,
    pub(crate) rooms: usize,
    /// When the network becomes kind.
    pub(crate) hostile: Duration,
    pub(crate) disasters: Vec<Disaster>,
    /// Whether at last everyone's computer sleeps for an hour.
    pub(crate) night: bool,
    /// Whether the packets of some pairs go through the server.
    pub(crate) relays: bool,
    /// Between two disasters, in milliseconds, about.
    pub(crate) spacing: u64,
    /// The most that a message takes, in milliseconds; a few take ten times as long.
    pub(crate) slow: u64,
    /// Of a thousand: messages that do so, dials that fail, dials that hang, operations of the browser that fail, signals
    /// that are overtaken, signals that are lost.
    pub(crate) tardy: usize,
    pub(crate) dial_fails: usize,
    pub(crate) dial_hangs: usize,
    pub(crate) breaks: usize,
    pub(crate) reorders: usize,
    pub(crate) drops: usize,
}

impl Mood {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let mut disasters: Vec<_> = DISASTERS.into_iter().filter(|_| dice.per_mille(400)).collect();
        // Whoever can go can come back.
        disasters.push(Disaster::ComeBack);
        let night = dice.per_mille(20);
        let mut some = |of: &[usize]| dice.pick(of).unwrap_or_default();
        Self {
            night,
            relays: true,
            people: some(&[2, 2, 3, 3, 4, 5]),
            rooms: some(&[1, 1, 1, 2]),
            hostile: Duration::from_secs(some(&[10, 30, 60, 100]) as u64),
            spacing: some(&[100, 400, 1_500, 4_000]) as u64,
            slow: some(&[20, 80, 300]) as u64,
            tardy: 50,
            dial_fails: some(&[0, 50, 300]),
            dial_hangs: some(&[0, 0, 50]),
            breaks: some(&[0, 0, 10, 60]),
            reorders: some(&[0, 0, 30, 200]),
            drops: some(&[0, 0, 30, 200]),
            disasters,
        }
    }
}

impl Mood {
    /// Returns a mood in which nothing goes wrong by itself.
    pub(crate) fn calm(people: usize) -> Self {
        Self {
            people,
            rooms: 1,
            hostile: Duration::ZERO,
            disasters: Vec::new(),
            night: false,
            relays: false,
            spacing: 1_000,
            slow: 80,
            tardy: 0,
            dial_fails: 0,
            dial_hangs: 0,
            breaks: 0,
            reorders: 0,
            drops: 0,
        }
    }

    /// Returns whether nothing ever gives a reason to give up a connection over which packets flow.
    pub(crate) fn keeps_connections(&self) -> bool {
        let reason = |disaster: &Disaster| {
            matches!(
                disaster,
                Disaster::CloseButStay | Disaster::Restart | Disaster::Repeat | Disaster::Sleep | Disaster::Renew
            )
        };
        !self.night && self.breaks == 0 && self.reorders == 0 && !self.disasters.iter().any(reason)
    }
}
