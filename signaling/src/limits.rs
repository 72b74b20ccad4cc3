//! Every limit of the wire and of a room, in one place.
//!
//! Separate, because the server enforces them, the client keeps to them, and `PROTOCOL.md` lists them.

use core::time::Duration;

/// The largest WebSocket message, in bytes, in either direction. A larger one closes the socket unread.
pub const FRAME_BYTES: usize = 64 * 1024;
/// The longest session description, in bytes.
pub const SDP_BYTES: usize = 32 * 1024;
/// The longest ICE candidate line, in bytes.
pub const CANDIDATE_BYTES: usize = 2 * 1024;
/// The longest media line identification (`mid`) or ICE username fragment, in bytes (RFC 8839 allows 256).
pub const TAG_BYTES: usize = 256;
/// The longest display name, in characters.
pub const NAME_CHARS: usize = 64;
/// Messages that wait for one participant; the next one means that it does not read, and evicts it.
pub const OUTBOX_MESSAGES: usize = 256;
/// Bytes that may wait for one participant; likewise.
pub const OUTBOX_BYTES: usize = 1024 * 1024;
/// The longest chat message, in bytes.
pub const CHAT_BYTES: usize = 4 * 1024;
/// The longest name of a file, in bytes.
pub const FILE_NAME_BYTES: usize = 255;
/// Entries of a chat that everyone keeps; the first go first.
pub const CHAT_ENTRIES: usize = 500;
/// The largest message that is sent on the channel of the chat, in bytes, but for a list of marks.
pub const CHAT_MESSAGE_BYTES: usize = 16 * 1024;
/// The largest message that is read on the channel of the chat, in bytes.
pub const CHAT_READ_BYTES: usize = 256 * 1024;
/// Entries that one participant may say in one go.
pub const CHAT_BURST: u32 = 20;
/// Entries that one participant may say a second, lastingly.
pub const CHAT_PER_SECOND: u32 = 5;
/// Participants in a room, unless the host configures another number.
pub const ROOM_PARTICIPANTS: usize = 8;
/// Participants in a room, at the most that a host can configure.
pub const ROOM_MOST: usize = 64;
/// How long a pair may be dead, or believed in by one side only, before the server orders its repair, and between two orders.
pub const PAIR_PATIENCE: Duration = Duration::from_secs(10);
/// Messages that one client may send in one go.
pub const MESSAGE_BURST: u32 = 400;
/// Messages that one client may send a second, lastingly.
pub const MESSAGES_PER_SECOND: u32 = 200;
/// Rooms of a server, unless the host configures another number.
pub const ROOMS: usize = 100_000;
/// How long a room without anyone in it is kept, unless the host configures otherwise.
pub const EMPTY_ROOM: Duration = Duration::from_secs(24 * 60 * 60);
/// How long the seat of a lost participant is kept; its identity is kept as long as the room.
pub const LOST_SEAT: Duration = Duration::from_secs(60);
/// How long a participant whose page closes may take to come back (a reload) before the others are told that it left.
pub const CLOSING_SEAT: Duration = Duration::from_millis(1_500);
/// Between two WebSocket pings of the server.
pub const PING_INTERVAL: Duration = Duration::from_secs(10);
/// A socket that has answered no ping and sent nothing for this long is lost.
///
/// Below the 45 s after which a dead network's tile must be gone, with an interval to spare.
pub const SILENCE: Duration = Duration::from_secs(30);
/// A socket that takes nothing of what is written for this long is lost. A network that is away for less leaves the seat alone,
/// though what others say meanwhile fills what the system holds for it.
pub const WRITE_PATIENCE: Duration = Duration::from_secs(20);
/// How long a socket may stay open without joining, as in a green room.
pub const JOIN_DEADLINE: Duration = Duration::from_secs(10 * 60);
/// Identities of people who left that a room remembers, so that they may come back as themselves.
pub const REMEMBERED_IDENTITIES: usize = 64;
