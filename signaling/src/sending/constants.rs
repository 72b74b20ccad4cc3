//! Every number by which it is decided what is sent, each with its reason.
//!
//! Separate, so that whoever tunes the one thing sees all others.

use core::time::Duration;

// How large.

/// By how much a camera's picture may be made smaller on each side, in hundredths: whole, two thirds, a half, a third, a quarter.
/// A camera of 640×360 becomes 426×240, 320×180, 213×120, 160×90. Finer steps would begin pictures anew (a key frame each time)
/// for a difference that nobody sees.
pub(super) const SCALES: [u16; 5] = [100, 150, 200, 300, 400];
/// The scale that a picture which somebody looks at keeps as long as others can be made smaller or slower: half of each side is still
/// a face with an expression. A small one tells who is there, and the large one what they feel.
pub(super) const HALF: usize = 2;
/// The size of what is shown, in device pixels, for who wants small pictures.
pub(super) const SMALL: (u16, u16) = (160, 90);
/// A shown size may exceed what is sent by this, in hundredths: the eye takes a soft face of 320 pixels at 430, and the next
/// step would cost twice the pixels.
pub(super) const STRETCH: u32 = 135;

// How often.

/// Pictures a second of a camera. 15 is where speech and lips still go together, and one more is asked for, since browsers give
/// rather less than that; below 7 a face is a slide show, and at 4 it still nods, which is better than none.
pub(super) const RATES: [u8; 6] = [30, 20, 16, 10, 7, 4];
/// The rate at which pictures to a crowd begin: who comes sees faces, and the machine has time for what else a beginning takes.
pub(super) const BEGINNING_RATE: usize = 4;
/// So many others are a crowd. To it, the rates begin at the second: nobody sees in a quarter of a page what is between 20 and 30.
pub const CROWD: usize = 4;
/// The last of them that still is a moving picture: what is less is a sacrifice that is said.
pub(super) const FLUENT: usize = 2;
/// Pictures a second of a screen that is to be sharp; and that is to be smooth. Text does not move, and a film does.
pub(super) const SCREEN_RATES: [u8; 4] = [15, 8, 4, 2];
/// See [`SCREEN_RATES`].
pub(super) const SMOOTH_SCREEN_RATES: [u8; 4] = [30, 20, 10, 5];

// How much of the uplink.

/// Bits for each pixel of a camera, in thousandths, for pictures of at least so many pixels. Small pictures have more in each
/// pixel. What a real-time VP8 takes to show a face without blocks; a limit, not a goal.
pub(super) const PIXEL_BITS: [(u32, u32); 4] = [(200_000, 110), (80_000, 140), (40_000, 170), (0, 220)];
/// As many times that for a picture that somebody looks at, where the uplink has it: motion without blocks.
pub(super) const FIRST_BITS: u32 = 2;
/// Bits for each pixel of a screen, in thousandths: most of it stands still.
pub(super) const SCREEN_PIXEL_BITS: u32 = 60;
/// What a screen has at least, in bits a second, so that a page of text is sharp within a second or two.
pub(super) const SCREEN_LEAST_BITS: u32 = 300_000;
/// What a voice takes, in bits a second: browsers' Opus. Where it is sent twice (RED, RFC 2198), the second one takes as much.
pub(super) const SOUND_VOICE_BITS: u32 = 32_000;
/// And what is around it, with at most 50 packets a second (RTP, SRTP, UDP, IP: some 60 bytes).
pub(super) const SOUND_AROUND_BITS: u32 = 24_000;
/// Of an uplink, in hundredths, the sound for all takes no more, if it can be helped: speech that waits in its own queue stutters.
pub(super) const SOUND_MOST: u32 = 50;
/// A voice makes do with this then, in bits a second: speech sounds nearly as good, music does not.
pub(super) const SOUND_THRIFTY_BITS: u32 = 16_000;
/// It does so for this long at least.
pub(super) const SOUND_THRIFTY_FOR: Duration = Duration::from_secs(20);

/// What is believed of an uplink of which nothing is known yet, in bits a second: enough for a room of four. It is climbed from.
pub(super) const UPLINK_START: u32 = 2_000_000;
/// An uplink that has never been full is believed to be this wide at most, in bits a second; more is of no use here.
pub(super) const UPLINK_MOST: u32 = 20_000_000;
/// And this narrow at least: an estimate below it is one of a browser that has just begun.
pub(super) const UPLINK_LEAST: u32 = 100_000;
/// Of what an uplink was seen to carry while it was full, in hundredths, so much is used from then on: the rest keeps its
/// queue empty, and speech on time.
pub(super) const UPLINK_SHARE: u32 = 85;
/// Pictures that are lost, in thousandths, before an uplink counts as full. Less is what wireless networks lose by themselves.
pub(super) const FULL_LOSS: u32 = 40;
/// And before speech suffers from it although it is sent twice.
pub(super) const CHOKING_LOSS: u32 = 100;
/// What was lost when an uplink was cut for it, and is still, is the network's own: less does not help, and all is given that there
/// was. That is so between these shares of it, in hundredths: losses come and go by a quarter, and twice as much is news.
pub(super) const SAME_LOSS: (u32, u32) = (75, 200);
/// It is remembered for this long after it was over.
pub(super) const LOSS_REMEMBERED: Duration = Duration::from_secs(10);
/// A way there and back that is so much longer than its shortest is one with a queue: a router's buffer that fills.
pub(super) const FULL_DELAY: Duration = Duration::from_millis(120);
/// What is remembered as the shortest follows what is measured by this part of the difference, at each look: a way that became
/// a longer one for good is believed in after a minute or two.
pub(super) const FORGETTING: u32 = 40;
/// After it was full, nothing is climbed for this long: a queue needs a while to empty, and reports are a second old.
pub(super) const UPLINK_HOLD: Duration = Duration::from_millis(2_500);
/// Each climb after which it is full again doubles that, up to this: a line that stays thin is tried now and then, and pictures do not
/// change their size all the time. Whose line is wide again waits so long at the worst.
pub(super) const UPLINK_HOLD_MOST: Duration = Duration::from_secs(20);
/// A climb has lasted when nothing was cut for so long. In a crowd it is looked every three seconds, and twice before a cut.
pub(super) const UPLINK_PROOF: Duration = Duration::from_secs(10);
/// Then it is climbed by so much, in hundredths, and by as much more with each step, up to the second: the first is small enough that it
/// only lengthens a queue if it is one too many, and two make up for what was cut.
pub(super) const UPLINK_CLIMB: u32 = 15;
pub(super) const UPLINK_CLIMB_MOST: u32 = 150;
/// And so many looks lie between two steps: it takes two to see a queue.
pub(super) const UPLINK_LOOKS: u8 = 2;

// How much of the way to one of the others.

/// After the way to somebody carried less than they were to get, more is tried after this long; each try in vain doubles it, up
/// to [`WAY_PATIENCE_MOST`]. A try is a picture begun anew at their end.
pub(super) const WAY_PATIENCE: Duration = Duration::from_secs(3);
/// See [`WAY_PATIENCE`].
pub(super) const WAY_PATIENCE_MOST: Duration = Duration::from_secs(30);
/// What a browser believes that a way carries counts where so much of it is in use, in hundredths.
pub(super) const WAY_USED: u32 = 70;
/// Where it believes in more than so many times what is sent, in hundredths, late answers are not for want of room: a browser that sees
/// a queue grow believes in less than it sends.
pub(super) const WAY_ROOM: u32 = 200;
/// So much is tried, in hundredths of what is carried: half a step in size.
pub(super) const WAY_CLIMB: u32 = 140;

// How much of the processor.

/// Pixels that are encoded a second for all others together, as many times what the camera gives, in hundredths: at first, at
/// the most, and at the least. A laptop that encodes its camera once does not notice twice that; five times is a fan.
pub(super) const PIXELS_START: u32 = 120;
/// See [`PIXELS_START`]. To a crowd it begins with this, until the machine has shown what it can: five others at a third of each
/// side. Whoever joins many has the most to do just then, and what is begun too large is begun twice.
pub(super) const PIXELS_START_CROWD: u32 = 50;
/// See [`PIXELS_START`].
pub(super) const PIXELS_MOST: u32 = 190;
/// See [`PIXELS_START`]. It lets so many others as the next have the smallest pictures at the slowest rate.
pub(super) const PIXELS_LEAST: u32 = 14;
/// To so many it gives that of a camera that is slow by itself, too: the time that its pictures leave is free.
pub(super) const PIXELS_LEAST_OTHERS: usize = 16;
/// Pixels of a shared screen that are encoded a second for all others together: four others at 1080p and 8 pictures a second.
pub(super) const SCREEN_PIXELS: u64 = 66_000_000;
/// Of that, in hundredths, so much at the most and at the least: two pictures a second of it are below that.
pub(super) const SCREEN_MOST: u32 = 100;
/// See [`SCREEN_MOST`].
pub(super) const SCREEN_LEAST: u32 = 20;
/// Of the pictures that were to be encoded, in thousandths, so many are: if fewer, the processor does not keep up.
pub(super) const KEPT_UP: u32 = 800;
/// That is so where each also takes longer than it does at best, by this in hundredths: others want the processor, too. A camera
/// in the dark gives fewer pictures as well.
pub(super) const SLOWED: u32 = 180;
/// And so it is where even fewer are, in thousandths, and it is not at ease besides: the camera itself starves.
pub(super) const BROKEN_DOWN: u32 = 450;
/// Above that, it is at its limit where fewer than the first of these are encoded, in thousandths, and each takes longer than at best
/// by the second, in hundredths; or where the clock is half as late as [`LATE`]. Then nothing is cut, and nothing is added.
pub(super) const AT_EASE: (u32, u32) = (900, 130);
/// What was best is forgotten by this part with each look, since machines slow down as they get warm.
pub(super) const BEST_FORGOTTEN: u32 = 500;
/// A clock of the page that is late by so much, in milliseconds, tells of a processor that is full. (A busy page is late by 50.)
pub(super) const LATE: u32 = 200;
/// For so long after it was half as late as that, answers that come late tell nothing of the network, unless the browser says so, too; nor
/// do losses, where it has room.
pub(super) const LATE_REMEMBERED: Duration = Duration::from_secs(10);
/// Encoding may take so much of the time of one processor core, in thousandths, for each core there is.
pub(super) const ENCODING_SHARE: u32 = 350;
/// After that has been so for this many looks, less is encoded: a single one is a page that opens something.
pub(super) const STRAINED_LOOKS: u8 = 2;
/// So much less, in hundredths.
pub(super) const PIXELS_CUT: u32 = 75;
/// And so much more, in hundredths, after it was calm for as long as [`PIXELS_CALM`].
pub(super) const PIXELS_CLIMB: u32 = 130;
/// The first calm that is waited for. Each climb that did not last doubles it, up to [`PIXELS_CALM_MOST`], so that nothing flaps.
pub(super) const PIXELS_CALM: Duration = Duration::from_secs(4);
/// See [`PIXELS_CALM`].
pub(super) const PIXELS_CALM_MOST: Duration = Duration::from_secs(60);
/// A climb has lasted when nothing was cut for so long. In a crowd it is looked every three seconds, and twice before a cut.
pub(super) const PIXELS_PROOF: Duration = Duration::from_secs(20);

// When.

/// How often it is looked at what went out. Receivers report once a second.
pub const LOOK: Duration = Duration::from_millis(1_000);
/// A connection that is younger than this has no say: its estimate is still climbing.
pub(super) const YOUNG: Duration = Duration::from_secs(4);
/// To one of several, pictures begin small, and stay so for this long: joining needs the processor itself.
pub(super) const BEGINNING: Duration = Duration::from_millis(2_500);
/// Of a budget, in hundredths, a climb may use so much, and what is there already all: between them nothing changes.
pub(super) const HEADROOM: u32 = 85;
/// Cameras from which on the room says what one more will do: a fifth one is where meshes begin to hurt.
pub const MANY_CAMERAS: usize = 5;
