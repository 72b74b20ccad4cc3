//! The room's link as a picture, for the phone on the other side of the table.
//!
//! Separate, because it is drawn from a text and knows nothing else. It is drawn in the browser, because the link may carry
//! a secret that the server never sees.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// The largest code drawn: it holds 271 bytes, and its modules are still large enough to be read from a screen.
const LARGEST: u8 = 10;

/// The pattern that is laid over the data; trying all eight for the best would be code and time for nothing, because the
/// links are random already.
const MASK: u8 = 0;

/// Draws a text as an SVG of black modules; empty for one that is too long.
pub(super) fn drawing(text: &str) -> String {
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let mask = Some(Mask::new(MASK));
    let largest = Version::new(LARGEST);
    let code = QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, Version::MIN, largest, mask, true);
    let Ok(code) = code else { return String::new() };
    let side = code.size();
    let mut path = String::new();
    for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
        if code.get_module(x, y) {
            path.extend(["M", &x.to_string(), " ", &y.to_string(), "h1v1h-1"]);
        }
    }
    let side = side.to_string();
    ["<svg viewBox='0 0 ", &side, " ", &side, "'><path d='", &path, "'/></svg>"].concat()
}

#[cfg(test)]
mod tests {
    use super::drawing;

    #[test]
    fn a_link_becomes_a_square_with_its_three_eyes() {
        let svg = drawing("https://parlour.example.org/r/Zk3v0J9dR2e8bYt5QwXaLg#k=AAAAAAAAAAAAAAAAAAAAAA");
        // 77 bytes fit version 4, which has 33 modules a side.
        assert!(svg.starts_with("<svg viewBox='0 0 33 33'>"), "{}", &svg[..40]);
        for corner in ["M0 0h", "M6 6h", "M32 0h", "M26 6h", "M0 32h", "M6 26h"] {
            assert!(svg.contains(corner), "no module at {corner}");
        }
    }

    #[test]
    fn what_is_too_long_is_not_drawn() {
        assert_eq!(drawing(&"x".repeat(300)), "");
    }
}
