//! Texts with a limit: what came from outside is within it by construction.
//!
//! Separate, because each is one rule, checked where the text is read and nowhere else.

use crate::limits;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Why a text was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    /// Nothing is left once blanks are trimmed.
    Empty,
    /// Longer than its limit.
    TooLong,
    /// Holds control or direction-changing characters.
    Unprintable,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the text is empty",
            Self::TooLong => "the text is too long",
            Self::Unprintable => "the text holds characters that cannot be shown",
        })
    }
}

impl core::error::Error for TextError {}

macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes a text that keeps the limit.
            ///
            /// # Errors
            /// [`TextError`], naming the rule it breaks.
            pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
                let check: fn(String) -> Result<String, TextError> = $check;
                check(text.into()).map(|text| Self(text.into()))
            }

            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0.into()
            }
        }
    };
}

bounded!(
    /// What someone is called: 1 to 64 characters without those that show nothing, at least one of which can be seen, and none
    /// of which is a control or a direction override.
    DisplayName,
    |text| {
        let kept: String = text.chars().filter(|c| joins(*c) || !shows_nothing(*c)).collect();
        let trimmed = kept.trim();
        match trimmed.chars().count() {
            0 => Err(TextError::Empty),
            1..=limits::NAME_CHARS if trimmed.chars().any(unprintable) => Err(TextError::Unprintable),
            1..=limits::NAME_CHARS if !trimmed.chars().any(visible) => Err(TextError::Empty),
            1..=limits::NAME_CHARS => Ok(trimmed.to_owned()),
            _ => Err(TextError::TooLong),
        }
    }
);
bounded!(
    /// What someone writes in the chat: at most 4 KiB without the blanks around it, and something that can be seen. Lines stay
    /// lines; what would mirror or hide its neighbours is left out.
    ChatText,
    |text| {
        let kept: String = text.chars().filter(|c| *c == '\n' || !unprintable(*c)).collect();
        let trimmed = kept.trim();
        match trimmed.len() {
            0 => Err(TextError::Empty),
            1..=limits::CHAT_BYTES if trimmed.chars().any(visible) => Ok(trimmed.to_owned()),
            1..=limits::CHAT_BYTES => Err(TextError::Empty),
            _ => Err(TextError::TooLong),
        }
    }
);
bounded!(
    /// What a file is called, at most 255 bytes: a name and no path, which no system would take for anything else.
    FileName,
    |text| {
        let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = name.chars().filter(|c| !unprintable(*c)).collect();
        let trimmed = kept.trim().trim_start_matches('.');
        match trimmed.len() {
            0 => Err(TextError::Empty),
            1..=limits::FILE_NAME_BYTES if trimmed.chars().any(visible) => Ok(trimmed.to_owned()),
            1..=limits::FILE_NAME_BYTES => Err(TextError::Empty),
            _ => Err(TextError::TooLong),
        }
    }
);
bounded!(
    /// A session description (RFC 8866) of at most 32 KiB; its content is the browsers' affair.
    Sdp,
    |text| at_most(text, limits::SDP_BYTES)
);
bounded!(
    /// A `candidate:` attribute (RFC 8839 §5.1) of at most 2 KiB.
    CandidateLine,
    |text| at_most(text, limits::CANDIDATE_BYTES)
);
bounded!(
    /// A `mid` or an ICE username fragment, of at most 256 bytes.
    Tag,
    |text| at_most(text, limits::TAG_BYTES)
);

fn at_most(text: String, bytes: usize) -> Result<String, TextError> {
    if text.len() > bytes { Err(TextError::TooLong) } else { Ok(text) }
}

/// Characters that look like no character (Unicode's *default ignorable*, but for the byte order mark and the direction
/// overrides, which are refused).
fn shows_nothing(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Those of them that change how their neighbours look, as in Persian words, emoji and flags.
fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{200c}'..='\u{200d}'
            | '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0020}'..='\u{e007f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Characters that leave a mark. The empty pattern of Braille does not, though Unicode calls it a symbol.
fn visible(c: char) -> bool {
    !c.is_whitespace() && !shows_nothing(c) && c != '\u{2800}'
}

/// Characters that would let a name break out of its line or mirror its neighbours.
fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_keeps_every_script() {
        for name in ["Ana", "Ana María", "王小明", "عائشة", "می\u{200c}خواهم", "👩‍🚀", "❤\u{fe0f}"]
        {
            assert_eq!(DisplayName::new(format!(" \t{name}\n")).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_name_of_blanks_is_empty() {
        assert_eq!(DisplayName::new(""), Err(TextError::Empty));
        assert_eq!(DisplayName::new(" \u{a0}\u{3000}\n"), Err(TextError::Empty));
    }

    #[test]
    fn a_name_is_limited_in_characters_and_not_in_bytes() {
        assert!(DisplayName::new("王".repeat(limits::NAME_CHARS)).is_ok());
        assert_eq!(DisplayName::new("a".repeat(limits::NAME_CHARS + 1)), Err(TextError::TooLong));
    }

    #[test]
    fn a_name_cannot_break_its_line_or_mirror_its_neighbours() {
        for c in ['\n', '\0', '\u{7f}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{feff}'] {
            assert_eq!(DisplayName::new(format!("A{c}na")), Err(TextError::Unprintable), "{c:?}");
        }
    }

    #[test]
    fn what_browsers_make_is_limited_in_bytes() {
        assert!(Sdp::new("v".repeat(limits::SDP_BYTES)).is_ok());
        assert_eq!(Sdp::new("v".repeat(limits::SDP_BYTES + 1)), Err(TextError::TooLong));
        assert!(CandidateLine::new("c".repeat(limits::CANDIDATE_BYTES)).is_ok());
        assert_eq!(CandidateLine::new("c".repeat(limits::CANDIDATE_BYTES + 1)), Err(TextError::TooLong));
        assert!(Tag::new("0".repeat(limits::TAG_BYTES)).is_ok());
        assert_eq!(Tag::new("0".repeat(limits::TAG_BYTES + 1)), Err(TextError::TooLong));
    }

    #[test]
    fn what_is_written_keeps_its_lines_and_mirrors_nothing() {
        assert_eq!(ChatText::new(" one\r\n\ntwo\u{202e}\u{0} ").unwrap().as_str(), "one\n\ntwo");
        assert_eq!(ChatText::new(" \n\u{200b}"), Err(TextError::Empty));
        assert!(ChatText::new("a".repeat(limits::CHAT_BYTES)).is_ok());
        assert_eq!(ChatText::new("a".repeat(limits::CHAT_BYTES + 1)), Err(TextError::TooLong));
    }

    #[test]
    fn a_file_has_a_name_and_no_path() {
        for (given, kept) in
            [("a.txt", "a.txt"), ("../../etc/passwd", "passwd"), ("C:\\x\\y.txt", "y.txt"), (".bashrc", "bashrc")]
        {
            assert_eq!(FileName::new(given).unwrap().as_str(), kept);
        }
        assert_eq!(FileName::new("a/.."), Err(TextError::Empty));
        assert_eq!(FileName::new("evil\u{202e}txt.exe").unwrap().as_str(), "eviltxt.exe");
    }

    #[test]
    fn a_limit_holds_when_reading_too() {
        assert_eq!(serde_json::from_str::<DisplayName>("\" Ana \"").unwrap().as_str(), "Ana");
        assert!(serde_json::from_str::<DisplayName>("\"  \"").is_err());
        let long = format!("\"{}\"", "v".repeat(limits::SDP_BYTES + 1));
        assert!(serde_json::from_str::<Sdp>(&long).is_err());
    }
}
