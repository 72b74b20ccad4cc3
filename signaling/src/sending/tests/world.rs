//! A world for the policy: an uplink with a queue that all connections share, and a machine that encodes so many pixels.

use super::*;
use core::time::Duration;

/// What an uplink and a machine can, and what became of it.
pub(super) struct World {
    /// Bits a second.
    pub uplink: f64,
    /// Bits a second that one of the others can take in.
    pub downlink: Option<(ParticipantId, f64)>,
    /// Pixels a second.
    pub machine: f64,
    pub sender: Sender,
    /// What waits, in bits. More than a third of a second of it is thrown away.
    queue: f64,
    second: u64,
    /// How much of a second was spoken into a queue that was full.
    pub stutter: f64,
    /// How often anybody's settings changed, since this was last set to 0.
    pub changes: u32,
    /// Bits a second of pictures that browsers believe in; and whether they hold back by themselves at all.
    target: f64,
    pub restrains: bool,
    /// Whether browsers tell what they believe that a way carries.
    pub tells: bool,
    /// Bits that went out, since this was last set to 0.
    pub sent: f64,
}

const QUEUE_SECONDS: f64 = 0.3;

impl World {
    pub(super) fn new(views: &[View], uplink: f64, machine: f64) -> Self {
        let mut sender = Sender::default();
        sender.captured(Sources { camera: Some(CAMERA), ..Sources::default() });
        for (id, view) in (1..).zip(views) {
            sender.opened(ParticipantId(id), views.len(), views.len() < CROWD, at(0));
            sender.viewed(ParticipantId(id), *view);
        }
        Self {
            uplink,
            machine,
            sender,
            downlink: None,
            queue: 0.0,
            second: 0,
            stutter: 0.0,
            changes: 0,
            target: f64::MAX,
            restrains: true,
            tells: true,
            sent: 0.0,
        }
    }

    /// Lets time pass, a second at a time.
    pub(super) fn run(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.second += 1;
            self.step();
        }
    }

    fn step(&mut self) {
        let now = at(self.second);
        let set = |action: &Action| matches!(action, Action::Set(..));
        self.changes += self.sender.settle(now).iter().filter(|action| set(action)).count() as u32;
        let (mut lost, mut delay) = (0.0, 0.0);
        let sound = f64::from(self.sender.allowed().sound) / self.sender.others.values().count() as f64;
        let flows: Vec<_> =
            self.sender.others.iter().map(|(id, other)| (id, Self::pictures(other, self.second))).collect();
        let pictures: f64 = flows.iter().map(|(_, bits)| bits).sum();
        let mut sent = vec![0.0; flows.len()];
        for _ in 0..10 {
            let restraint = (self.target / pictures.max(1.0)).min(1.0);
            let offered: f64 = flows.iter().map(|(_, bits)| (bits * restraint + sound) / 10.0).sum();
            for (sent, (_, bits)) in sent.iter_mut().zip(&flows) {
                *sent += (bits * restraint + sound) / 10.0;
            }
            self.queue = (self.queue + offered - self.uplink / 10.0).max(0.0);
            let thrown = (self.queue - self.uplink * QUEUE_SECONDS).max(0.0);
            self.queue -= thrown;
            lost += thrown / offered / 10.0;
            delay += self.queue / self.uplink / 10.0;
            // Browsers hold back by themselves when they see a queue: they send rather less than arrives, and climb slowly from there.
            let holds_back = self.restrains && self.queue / self.uplink > 0.08;
            let carried = (self.uplink * 0.85 - sound * flows.len() as f64).max(5_000.0);
            self.target = if holds_back { self.target.min(carried) } else { self.target * 1.008 };
        }
        self.sent += sent.iter().sum::<f64>();
        // What is thrown away was sound, too.
        self.stutter += lost;
        let work = pixels(&self.sender) as f64;
        let kept_up = (self.machine / work.max(1.0)).min(1.0);
        // Browsers believe in what they send, and in half as much more where nothing is in its way.
        let restrained = self.target < pictures;
        let belief = if restrained { 1.05 } else { 1.5 };
        let report = |((id, _), sent): (&(ParticipantId, f64), &f64)| {
            let far = self.downlink.filter(|(who, _)| who == id).map_or(f64::INFINITY, |(_, bits)| bits);
            let report = Report {
                available: self.tells.then(|| far.min(sent * belief + 10_000.0) as u32),
                sent: sent.min(far) as u32,
                lost: (lost * 1_000.0) as u32,
                round_trip: Some(Duration::from_secs_f64(0.04 + delay)),
                limited: restrained,
            };
            (*id, report)
        };
        let reports: Vec<_> = flows.iter().zip(&sent).map(report).collect();
        let load = Load {
            kept_up: (kept_up * 1_000.0) as u32,
            slowness: (1_000.0 * (work / self.machine).max(1.0)) as u32,
            late: if kept_up < 1.0 { 300 } else { 0 },
            encoding: (work / self.machine * 500.0) as u32,
            cores: 2,
        };
        self.sender.counted(&reports, load, now);
    }

    /// What a picture for one of the others takes, which is now more and now less than it may have.
    fn pictures(other: &Other, second: u64) -> f64 {
        let bits = |encoding: Option<Encoding>| encoding.map_or(0, |encoding| encoding.bits.unwrap_or(1_700_000));
        let settings = other.settings.unwrap_or_default();
        f64::from(bits(settings.camera) + bits(settings.screen)) * (0.85 + 0.15 * (second as f64 * 1.7).sin())
    }

    /// Pixels that are encoded a second.
    pub(super) fn pixels(&self) -> u64 {
        pixels(&self.sender)
    }

    /// What everybody is sent.
    pub(super) fn settings(&self) -> Vec<Settings> {
        self.sender.others.values().filter_map(|other| other.settings).collect()
    }
}
