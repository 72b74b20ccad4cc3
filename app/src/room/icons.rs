//! Icons, from Lucide 1.62 (<https://lucide.dev>, ISC licence, © Lucide Icons and Contributors; some of it derived from
//! Feather, MIT licence, © Cole Bemis). Lines are drawn by the style sheet.
//!
//! Separate, because it is somebody else's work, unchanged.

/// A microphone.
pub(crate) const MIC: &str = "<svg viewBox='0 0 24 24'><path d='M12 19v3'/><path d='M19 10v2a7 7 0 0 1-14 0v-2'/><rect x='9' y='2' width='6' height='13' rx='3'/></svg>";
/// A microphone, struck through.
pub(crate) const MIC_OFF: &str = "<svg viewBox='0 0 24 24'><path d='M12 19v3'/><path d='M15 9.34V5a3 3 0 0 0-5.68-1.33'/><path d='M16.95 16.95A7 7 0 0 1 5 12v-2'/><path d='M18.89 13.23A7 7 0 0 0 19 12v-2'/><path d='m2 2 20 20'/><path d='M9 9v3a3 3 0 0 0 5.12 2.12'/></svg>";
/// A camera.
pub(crate) const CAMERA: &str = "<svg viewBox='0 0 24 24'><path d='m16 13 5.223 3.482a.5.5 0 0 0 .777-.416V7.87a.5.5 0 0 0-.752-.432L16 10.5'/><rect x='2' y='6' width='14' height='12' rx='2'/></svg>";
/// A camera, struck through.
pub(crate) const CAMERA_OFF: &str = "<svg viewBox='0 0 24 24'><path d='M10.66 6H14a2 2 0 0 1 2 2v2.5l5.248-3.062A.5.5 0 0 1 22 7.87v8.196'/><path d='M16 16a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h2'/><path d='m2 2 20 20'/></svg>";
/// Points to a menu that opens upwards.
pub(crate) const CHEVRON: &str = "<svg viewBox='0 0 24 24'><path d='m18 15-6-6-6 6'/></svg>";
/// A link.
pub(crate) const LINK: &str = "<svg viewBox='0 0 24 24'><path d='M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71'/><path d='M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71'/></svg>";
/// Handing on.
pub(crate) const SHARE: &str = "<svg viewBox='0 0 24 24'><circle cx='18' cy='5' r='3'/><circle cx='6' cy='12' r='3'/><circle cx='18' cy='19' r='3'/><line x1='8.59' x2='15.42' y1='13.51' y2='17.49'/><line x1='15.41' x2='8.59' y1='6.51' y2='10.49'/></svg>";
/// A question.
pub(crate) const HELP: &str = "<svg viewBox='0 0 24 24'><circle cx='12' cy='12' r='10'/><path d='M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3'/><path d='M12 17h.01'/></svg>";
/// The way out.
pub(crate) const LEAVE: &str = "<svg viewBox='0 0 24 24'><path d='m16 17 5-5-5-5'/><path d='M21 12H9'/><path d='M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4'/></svg>";
/// A screen that is shared.
pub(crate) const SCREEN: &str = "<svg viewBox='0 0 24 24'><path d='M13 3H4a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-3'/><path d='M8 21h8'/><path d='M12 17v4'/><path d='m17 8 5-5'/><path d='M17 3h5v5'/></svg>";
/// A raised hand.
pub(crate) const HAND: &str = "<svg viewBox='0 0 24 24'><path d='M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2'/><path d='M14 10V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v2'/><path d='M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8'/><path d='M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15'/></svg>";
/// Something said without a word.
pub(crate) const REACTION: &str = "<svg viewBox='0 0 24 24'><path d='M13.267 2.08a10 10 0 108.653 8.653'/><path d='M15 10V9'/><path d='M16 5h6'/><path d='M16.472 15a6 6 0 01-8.943 0'/><path d='M19 2v6'/><path d='M9 10V9'/></svg>";
/// As large as the screen.
pub(crate) const FULL: &str = "<svg viewBox='0 0 24 24'><path d='M8 3H5a2 2 0 0 0-2 2v3'/><path d='M21 8V5a2 2 0 0 0-2-2h-3'/><path d='M3 16v3a2 2 0 0 0 2 2h3'/><path d='M16 21h3a2 2 0 0 0 2-2v-3'/></svg>";
/// In a window of its own.
pub(crate) const FLOAT: &str = "<svg viewBox='0 0 24 24'><path d='M21 9V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v10c0 1.1.9 2 2 2h4'/><rect width='10' height='7' x='12' y='13' rx='2'/></svg>";
/// People.
pub(crate) const PEOPLE: &str = "<svg viewBox='0 0 24 24'><path d='M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2'/><path d='M16 3.128a4 4 0 0 1 0 7.744'/><path d='M22 21v-2a4 4 0 0 0-3-3.87'/><circle cx='9' cy='7' r='4'/></svg>";
/// One large, the others beside it.
pub(crate) const SPEAKER: &str =
    "<svg viewBox='0 0 24 24'><rect x='3' y='3' width='18' height='18' rx='2'/><path d='M15 3v18'/></svg>";
/// Kept in its place.
pub(crate) const PIN: &str = "<svg viewBox='0 0 24 24'><path d='M12 17v5'/><path d='M9 10.76a2 2 0 0 1-1.11 1.79l-1.78.9A2 2 0 0 0 5 15.24V16a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-.76a2 2 0 0 0-1.11-1.79l-1.78-.9A2 2 0 0 1 15 10.76V7a1 1 0 0 1 1-1 2 2 0 0 0 0-4H8a2 2 0 0 0 0 4 1 1 0 0 1 1 1z'/></svg>";
/// A film.
pub(crate) const FILM: &str = "<svg viewBox='0 0 24 24'><rect x='3' y='3' width='18' height='18' rx='2'/><path d='M7 3v18'/><path d='M3 7.5h4'/><path d='M3 12h18'/><path d='M3 16.5h4'/><path d='M17 3v18'/><path d='M17 7.5h4'/><path d='M17 16.5h4'/></svg>";
/// Away with it.
pub(crate) const CLOSE: &str = "<svg viewBox='0 0 24 24'><path d='M18 6 6 18'/><path d='m6 6 12 12'/></svg>";
/// There is more.
pub(crate) const MORE: &str = "<svg viewBox='0 0 24 24'><circle cx='12' cy='12' r='1'/><circle cx='19' cy='12' r='1'/><circle cx='5' cy='12' r='1'/></svg>";
/// What is written.
pub(crate) const CHAT: &str = "<svg viewBox='0 0 24 24'><path d='M22 17a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 21.286V5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2z'/></svg>";
/// Off it goes.
pub(crate) const SEND: &str = "<svg viewBox='0 0 24 24'><path d='M3.714 3.048a.498.498 0 0 0-.683.627l2.843 7.627a2 2 0 0 1 0 1.396l-2.842 7.627a.498.498 0 0 0 .682.627l18-8.5a.5.5 0 0 0 0-.904z'/><path d='M6 12h16'/></svg>";
/// Something to go with it.
pub(crate) const ATTACH: &str = "<svg viewBox='0 0 24 24'><path d='m16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551'/></svg>";
/// A loudspeaker, struck through.
pub(crate) const VOLUME_OFF: &str = "<svg viewBox='0 0 24 24'><path d='M16 9a5 5 0 0 1 .95 2.293'/><path d='M19.364 5.636a9 9 0 0 1 1.889 9.96'/><path d='m2 2 20 20'/><path d='m7 7-.587.587A1.4 1.4 0 0 1 5.416 8H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.416a1.4 1.4 0 0 1 .997.413l3.383 3.384A.705.705 0 0 0 11 19.298V11'/><path d='M9.828 4.172A.686.686 0 0 1 11 4.657v.686'/></svg>";
/// What can be set.
pub(crate) const SLIDERS: &str = "<svg viewBox='0 0 24 24'><path d='M10 5H3'/><path d='M12 19H3'/><path d='M14 3v4'/><path d='M16 17v4'/><path d='M21 12h-9'/><path d='M21 19h-5'/><path d='M21 5h-7'/><path d='M8 10v4'/><path d='M8 12H3'/></svg>";
/// The other camera.
pub(crate) const FLIP: &str = "<svg viewBox='0 0 24 24'><path d='M11 19H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h5'/><path d='M13 5h7a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-5'/><circle cx='12' cy='12' r='3'/><path d='m18 22-3-3 3-3'/><path d='m6 2 3 3-3 3'/></svg>";
