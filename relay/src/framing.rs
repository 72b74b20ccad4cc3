//! Datagrams on a stream (RFC 8656 §3.1, §12.5): each says its own length.
//!
//! Separate, because a stream is the only road that needs it.

/// What precedes every length.
pub const HEADER_BYTES: usize = 4;
/// The longest datagram there may be: media packets are of one network packet's length; this leaves room.
pub const DATAGRAM_BYTES: usize = 8 * 1024;

const STUN_HEADER: usize = 20;

/// The stream does not speak TURN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stream does not carry STUN or TURN")]
pub struct NotTurn;

/// Returns whether a stream that begins with this byte may speak TURN: the first two bits of a STUN message are zero.
pub fn is_turn(first: u8) -> bool {
    first < 4
}

/// Returns how long the datagram with this beginning is, and how much of the stream it takes.
///
/// # Errors
/// [`NotTurn`] when it is neither a STUN message nor channel data, or longer than [`DATAGRAM_BYTES`].
pub fn lengths(header: [u8; HEADER_BYTES]) -> Result<(usize, usize), NotTurn> {
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    let (datagram, padded) = match header[0] {
        0..0x40 if length.is_multiple_of(4) => (STUN_HEADER + length, STUN_HEADER + length),
        0x40..0x80 => (HEADER_BYTES + length, HEADER_BYTES + length.next_multiple_of(4)),
        _ => return Err(NotTurn),
    };
    if datagram > DATAGRAM_BYTES { Err(NotTurn) } else { Ok((datagram, padded)) }
}

/// Fills up a datagram to what it takes on a stream.
pub fn pad(datagram: &mut Vec<u8>) {
    datagram.resize(datagram.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_whole_words_and_channel_data_is_filled_up() {
        assert_eq!(lengths([0, 1, 0, 8]), Ok((28, 28)));
        assert_eq!(lengths([0x40, 0, 0, 5]), Ok((9, 12)));
        assert_eq!(lengths([0x40, 0, 0, 8]), Ok((12, 12)));
    }

    #[test]
    fn what_is_neither_or_too_long_is_refused() {
        for header in [[0, 1, 0, 7], [0x80, 0, 0, 4], *b"GET ", [0x16, 3, 1, 2], [0x40, 0, 0xff, 0xff]] {
            assert_eq!(lengths(header), Err(NotTurn), "{header:?}");
        }
    }

    #[test]
    fn padding_makes_what_was_announced() {
        let mut datagram = vec![0x40, 0, 0, 5, 1, 2, 3, 4, 5];
        pad(&mut datagram);
        assert_eq!(datagram.len(), 12);
    }
}
