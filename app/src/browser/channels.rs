//! The data channels of a connection, which both ends make alike, so that nothing of them is negotiated.
//!
//! Separate from the [connection](super::peer_connection), because what goes over them is words, and needs no slot.

use signaling::protocol::PeerMessage;
use web_sys::{RtcDataChannel, RtcDataChannelInit, RtcDataChannelState, RtcDataChannelType, RtcPeerConnection};

/// The ids of the pre-negotiated data channels: one for words, in order and none lost, and one for signs of life, of which
/// only the last counts. (Lost ones that had to be said again would hold up all later ones for up to a minute.)
const STATE: u16 = 0;
const BEAT: u16 = 3;

/// More than this waits only where the far end is gone, or somebody has too much carried; signals are said again.
const BACKLOG_BYTES: u32 = 64 * 1024;

/// Channels beside the call, which it passes on without a look: what people write, and their files. In order, and none lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// What people write.
    Chat,
    /// Their files.
    Files,
}

impl Lane {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chat, Self::Files];

    /// Returns the label of its channel; its id is one more than its place here.
    fn label(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Files => "files",
        }
    }
}

/// All of them.
pub struct Channels {
    /// For words.
    pub state: RtcDataChannel,
    /// For signs of life.
    pub beat: RtcDataChannel,
    lanes: [RtcDataChannel; 2],
}

impl Channels {
    /// Makes them, before the connection makes or takes its first description.
    pub(super) fn new(connection: &RtcPeerConnection) -> Self {
        let init = RtcDataChannelInit::new();
        init.set_negotiated(true);
        init.set_id(STATE);
        let state = connection.create_data_channel_with_data_channel_dict("state", &init);
        let lanes = Lane::ALL.map(|lane| {
            init.set_id(lane as u16 + 1);
            let lane = connection.create_data_channel_with_data_channel_dict(lane.label(), &init);
            lane.set_binary_type(RtcDataChannelType::Arraybuffer);
            lane
        });
        init.set_id(BEAT);
        init.set_ordered(false);
        init.set_max_retransmits(0);
        let beat = connection.create_data_channel_with_data_channel_dict("beat", &init);
        Self { state, beat, lanes }
    }

    /// Returns a channel beside the call.
    pub fn lane(&self, lane: Lane) -> &RtcDataChannel {
        &self.lanes[lane as usize]
    }

    /// Tells the far end something, if the channel for it is there.
    pub fn tell(&self, message: &PeerMessage) {
        match message {
            PeerMessage::Beat { .. } => tell(&self.beat, message),
            _ => tell(&self.state, message),
        }
    }
}

/// Tells it over one of them.
pub(super) fn tell(channel: &RtcDataChannel, message: &PeerMessage) {
    if channel.ready_state() == RtcDataChannelState::Open
        && channel.buffered_amount() < BACKLOG_BYTES
        && let Ok(text) = serde_json::to_string(message)
    {
        // A channel that takes no more is one whose far end is gone.
        let _ = channel.send_with_str(&text);
    }
}
