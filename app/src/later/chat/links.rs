//! Where in a text there are addresses of the web.
//!
//! Separate, because it is a rule, and can be tried without a page.

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Link(String),
}

/// Parts a text into words and links. A link ends before the marks that end a sentence, and before a bracket that it did not
/// open.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut words = String::new();
    while let Some(start) = next_link(rest) {
        let (before, link) = rest.split_at(start);
        let end = link_length(link);
        words.push_str(before);
        if !words.is_empty() {
            pieces.push(Piece::Words(core::mem::take(&mut words)));
        }
        pieces.push(Piece::Link(link[..end].to_owned()));
        rest = &link[end..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

/// Returns where the next link begins: at a scheme that no letter or digit stands before, and something behind.
fn next_link(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let found =
            ["https://", "http://"].iter().filter_map(|scheme| Some((text[from..].find(scheme)? + from, scheme.len())));
        let (start, scheme) = found.min()?;
        let apart = !text[..start].ends_with(char::is_alphanumeric);
        let goes_on = text[start + scheme..].starts_with(|c: char| c.is_alphanumeric() || c == '[');
        if apart && goes_on {
            return Some(start);
        }
        from = start + scheme;
    }
}

fn link_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`');
    let mut link = text.find(ends).map_or(text, |end| &text[..end]);
    loop {
        let Some(last) = link.chars().next_back() else { return 0 };
        let closes = |open: char| link.matches(last).count() > link.matches(open).count();
        let extra = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '،' | '؟' | '。' => true,
            ')' => closes('('),
            ']' => closes('['),
            '}' => closes('{'),
            _ => false,
        };
        if !extra {
            return link.len();
        }
        link = &link[..link.len() - last.len_utf8()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let pieces = pieces(text);
        let whole: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(text) | Piece::Link(text) => text.as_str(),
            })
            .collect();
        assert_eq!(whole, text, "nothing is lost");
        pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Words(_) => None,
            })
            .collect()
    }

    #[test]
    fn addresses_are_found_and_their_sentences_are_not() {
        assert_eq!(links("see https://a.org/x?y=1#z."), ["https://a.org/x?y=1#z"]);
        assert_eq!(links("(http://a.org/b_(c)), https://b.org!"), ["http://a.org/b_(c)", "https://b.org"]);
        assert_eq!(links("https://a.org\nhttps://b.org"), ["https://a.org", "https://b.org"]);
        assert_eq!(links("https://müller.de/ä"), ["https://müller.de/ä"]);
        assert_eq!(links("https://[::1]:3000/"), ["https://[::1]:3000/"]);
    }

    #[test]
    fn what_only_looks_like_one_is_words() {
        for text in ["", "hello", "https://", "http:// no", "xhttps://a.org", "javascript:alert(1)", "ftp://a.org"] {
            assert!(links(text).is_empty(), "{text}");
        }
    }
}
