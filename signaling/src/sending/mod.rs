//! What is sent to each of the others: as much of one's pictures as they [show](crate::viewing), and as network and processor give.
//!
//! Sans-IO, like everything here: who shows what, and what browsers count, goes in; settings of senders (W3C WebRTC §5.2.9,
//! `RTCRtpEncodingParameters`) come out. In reading order: [`constants`], every number with its reason; [`sound`], which has its part
//! before all else; [`share`], the order of sacrifice; [`uplink`] and [`processor`], the budgets; here, what stands around them; and
//! [`reasons`], what a person is told of it.

mod backoff;
mod constants;
mod given;
mod other;
mod processor;
mod reasons;
mod settings;
mod share;
mod sound;
#[cfg(test)]
mod tests;
mod uplink;
mod way;

pub use constants::{CROWD, LOOK, MANY_CAMERAS};
pub use given::{Captured, Choice, Load, Report, Sources};
pub use settings::{Action, Encoding, Settings, Why, beginning};

use crate::few::Few;
use crate::identity::ParticipantId;
use crate::protocol::View;
use crate::time::Moment;
use constants::{
    BEGINNING, HEADROOM, LATE, LATE_REMEMBERED, PIXELS_LEAST, PIXELS_LEAST_OTHERS, SCALES, SCREEN_PIXELS, YOUNG,
};
use other::Other;
use processor::{Pixels, Processor};
use settings::{begin, camera_of, screen_of};
use share::{Ask, Budget, Level, Part, share};
use sound::Sound;
use uplink::{Allowed, Seen, Uplink};
use way::Way;

/// Of what there is too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scarce {
    /// What the uplink carries.
    bits: bool,
    /// What is encoded of the camera, and of the screen.
    camera: bool,
    screen: bool,
}

/// Decides what each of the others is sent.
#[derive(Debug, Clone, Default)]
pub struct Sender {
    others: Few<ParticipantId, Other>,
    sources: Sources,
    choice: Choice,
    speaks: bool,
    uplink: Uplink,
    processor: Processor,
    sound: Sound,
    /// Until when the machine itself answers late.
    late_until: Moment,
    light: bool,
}

impl Sender {
    /// There is a new connection to somebody, of so many others who are to have one, which has each piece of sound twice (RED, RFC
    /// 2198) or once. (Whoever comes back has them all anew, and one is the first.)
    pub fn opened(&mut self, id: ParticipantId, others: usize, twice: bool, now: Moment) {
        let other = Other::new(others, 1 + u32::from(twice), now);
        self.others.insert(id, other);
        if self.others.values().count().max(others) >= CROWD {
            self.processor.meet_crowd();
            self.prefer_light();
        }
    }

    /// From now on cameras are encoded by the codec that costs the processor least: because there are many, or because the machine
    /// has a part of its own for it. That stays so, since a change of the codec begins every picture anew.
    pub fn prefer_light(&mut self) {
        self.light = true;
    }

    /// Somebody is gone.
    pub fn closed(&mut self, id: ParticipantId) {
        self.others.remove(id);
    }

    /// Somebody tells how they show us. Who tells it without end has the last of it heeded now and then.
    pub fn viewed(&mut self, id: ParticipantId, view: View) {
        if let Some(other) = self.others.get_mut(id) {
            other.told = Some(view);
        }
    }

    /// There is something else to send than before.
    pub fn captured(&mut self, sources: Sources) {
        self.sources = sources;
    }

    /// The person chose; and does or does not speak.
    pub fn chose(&mut self, choice: Choice, speaks: bool) {
        (self.choice, self.speaks) = (choice, speaks);
    }

    /// Takes what was counted since the last look: of each connection that works, and of the machine.
    pub fn counted(&mut self, reports: &[(ParticipantId, Report)], load: Load, now: Moment) {
        let is_old = |id| self.others.get(id).is_some_and(|other| now >= other.since + YOUNG);
        let old: Vec<_> = reports.iter().filter(|(id, _)| is_old(*id)).copied().collect();
        let mut seen = Vec::new();
        for (id, report) in &old {
            if let Some(other) = self.others.get_mut(*id) {
                let cost = other.cost(self.sources, self.sound);
                let short = Way::is_short(*report, cost);
                let (late, roomy) = (other.way.is_late(*report), Way::is_roomy(*report));
                seen.push(Seen { report: *report, late, roomy, short });
            }
        }
        if load.late > LATE / 2 {
            self.late_until = now + LATE_REMEMBERED;
        }
        let in_time = now >= self.late_until || old.iter().any(|(_, report)| report.limited);
        let scarce = self.scarce(now);
        // A voice that makes do with less would have more, too.
        let is_scarce = scarce.bits || self.sound.voice().is_some();
        self.uplink.look(&seen, self.allowed(), in_time, is_scarce, now);
        self.sound.look(self.all_sound(Sound::default()), self.allowed(), &self.uplink, now);
        let (is_uplink, wished) = (self.uplink.is_pressed(), self.sources.bits(Level::default(), false));
        for (id, report) in old {
            if let Some(other) = self.others.get_mut(id) {
                let cost = other.cost(self.sources, self.sound);
                other.way.look(report, cost, wished, is_uplink, now);
            }
        }
        self.processor.look(load, self.used(), scarce, self.least(self.lookers()), now);
    }

    /// Returns what is to be encoded now.
    fn used(&self) -> Pixels {
        let camera = |other: &Other| other.part.camera.map_or(0, |level| self.sources.pixels(level));
        let screen = |other: &Other| {
            let shown = other.part.screen.zip(other.view.and_then(|view| view.screen));
            shown.map_or(0, |(rate, shown)| self.sources.screen(rate, self.sources.screen_scale(shown)).0)
        };
        Pixels {
            camera: hundredths(self.others.values().map(camera).sum(), self.full_pixels().max(1)),
            screen: hundredths(self.others.values().map(screen).sum(), SCREEN_PIXELS),
        }
    }

    /// Returns what is to be done now: after each of the above, and now and then.
    pub fn settle(&mut self, now: Moment) -> Vec<Action> {
        self.others.iter_mut().for_each(|(_, other)| other.heed(now));
        let asks: Vec<_> = self.others.values().map(|other| self.ask(other, now)).collect();
        let (most, least) = (self.share(&asks, 100), self.share(&asks, HEADROOM));
        let plenty = self.costs_twice(&asks, &least);
        let (sources, alone) = (self.sources, asks.len() == 1);
        let mut actions = Vec::new();
        for (((id, other), ask), (most, least)) in self.others.iter_mut().zip(&asks).zip(most.iter().zip(&least)) {
            other.part = between(other.part, *most, *least, sources);
            let first = ask.view.first && plenty;
            let settings = Settings {
                sound: self.sound.voice(),
                camera: camera_of(sources, ask, other.part, first, asks.len()),
                screen: screen_of(sources, ask, other.part, alone),
                light: self.light,
            };
            if other.settings.replace(settings) != Some(settings) {
                actions.push(Action::Set(id, settings));
            }
            let shown = other.view.is_none_or(|view| view.camera.is_some());
            let held = shown && sources.camera.is_some() && settings.camera.is_none();
            if core::mem::replace(&mut other.held, held) != held {
                actions.push(Action::Hold(id, held));
            }
        }
        actions
    }

    /// Returns what somebody is to get, as far as they and the person here decide it.
    fn ask(&self, other: &Other, now: Moment) -> Ask {
        let unknown = View { camera: Some((u16::MAX, u16::MAX)), screen: Some((u16::MAX, u16::MAX)), first: false };
        let mut view = self.choice.limit(other.view.unwrap_or(unknown));
        if self.choice == Choice::Speakers && !self.speaks {
            view.camera = None;
        }
        // Of who has not told how they show it nothing large is believed.
        let (others, is_new) = (self.others.values().count(), now < other.since + BEGINNING);
        let least = match other.view {
            _ if is_new => begin(others.max(other.among)),
            None => begin(others),
            Some(_) => Level::default(),
        };
        Ask { view, least, bits: other.way.bits }
    }

    fn full_pixels(&self) -> u64 {
        self.sources.pixels(Level::default())
    }

    /// Returns how many show the camera, as far as is known.
    fn lookers(&self) -> usize {
        self.others.values().filter(|other| other.view.is_none_or(|view| view.camera.is_some())).count()
    }

    /// Returns below what the processor's limit of the camera makes no sense while so many show it, in hundredths of what it gives: then
    /// it would not be enough for the smallest pictures to each.
    fn least(&self, lookers: usize) -> u32 {
        let smallest = self.sources.pixels(Level::LEAST) * lookers.min(PIXELS_LEAST_OTHERS) as u64;
        hundredths(smallest, self.full_pixels().max(1)).max(PIXELS_LEAST)
    }

    /// Returns what there is to give for pictures, a part of it in hundredths.
    fn budget(&self, part: u32) -> Budget {
        let bits = self.uplink.limit().saturating_sub(self.all_sound(self.sound));
        let limit = self.processor.limit();
        let of = |whole: u64| whole * u64::from(part) / 100;
        let pixels = |limit: u32| self.full_pixels() * u64::from(limit) / 100;
        Budget {
            bits: u32::try_from(of(bits.into())).unwrap_or(u32::MAX),
            pixels: of(pixels(limit.camera)).max(pixels(self.least(self.lookers()))),
            screen_pixels: of(SCREEN_PIXELS * u64::from(limit.screen) / 100),
        }
    }

    /// Returns what the sound for all of them takes, in bits a second.
    fn all_sound(&self, sound: Sound) -> u32 {
        self.others.values().map(|other| sound.bits(other.copies)).fold(0, u32::saturating_add)
    }

    fn share(&self, asks: &[Ask], part: u32) -> Vec<Part> {
        share(asks, self.sources, self.budget(part))
    }

    /// Returns of what there is too little to give everyone what they show.
    fn scarce(&self, now: Moment) -> Scarce {
        let asks: Vec<_> = self.others.values().map(|other| self.ask(other, now)).collect();
        let budget = self.budget(HEADROOM);
        let all = share(&asks, self.sources, Budget::ENDLESS);
        let lacks = |budget| share(&asks, self.sources, budget) != all;
        let is_first = asks.iter().any(|ask| ask.view.first);
        Scarce {
            bits: lacks(Budget { bits: budget.bits, ..Budget::ENDLESS })
                || (is_first && !self.costs_twice(&asks, &all)),
            camera: lacks(Budget { pixels: budget.pixels, ..Budget::ENDLESS }),
            screen: lacks(Budget { screen_pixels: budget.screen_pixels, ..Budget::ENDLESS }),
        }
    }

    /// Returns what may go out now.
    fn allowed(&self) -> Allowed {
        let camera = |part: Part| part.camera.map_or(0, |level| self.sources.bits(level, false));
        let screen = |part: Part| part.screen.map_or(0, |rate| self.sources.screen(rate, SCALES[0]).1);
        let each = |other: &Other| camera(other.part).saturating_add(screen(other.part));
        Allowed {
            sound: self.all_sound(self.sound),
            pictures: self.others.values().map(each).fold(0, u32::saturating_add),
        }
    }

    /// Returns whether there is enough for those who are looked at to have more bits for each pixel.
    fn costs_twice(&self, asks: &[Ask], parts: &[Part]) -> bool {
        let cost = |(ask, part): (&Ask, &Part)| {
            let bits = part.camera.map_or(0, |level| self.sources.bits(level, ask.view.first));
            u64::from(bits) + u64::from(part.screen.map_or(0, |rate| self.sources.screen(rate, SCALES[0]).1))
        };
        asks.iter().zip(parts).map(cost).sum::<u64>() <= u64::from(self.budget(HEADROOM).bits)
    }
}

/// Returns a part of something in hundredths, rounded up.
fn hundredths(part: u64, of: u64) -> u32 {
    u32::try_from((part * 100).div_ceil(of)).unwrap_or(u32::MAX)
}

/// Returns what there is now, unless it is more than there may be or less than there may well be.
fn between(now: Part, most: Part, least: Part, sources: Sources) -> Part {
    let cost = |camera: Option<Level>| camera.map(|level| sources.pixels(level));
    let camera = match now.camera {
        camera if cost(camera) > cost(most.camera) => most.camera,
        camera if cost(camera) < cost(least.camera) => least.camera,
        camera => camera,
    };
    let screen = match (now.screen, most.screen, least.screen) {
        // Smaller is faster.
        (Some(now), Some(most), Some(least)) => Some(now.clamp(most, least)),
        (_, _, least) => least,
    };
    Part { camera, screen }
}
