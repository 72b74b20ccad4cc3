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
    while let Some((words, link)) = next_link(rest) {
        let (link, after) = cut(link, link_length(link));
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        pieces.push(Piece::Link(link.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

/// Parts a text at a place that was found in it, so that nothing is linked that would say why it cannot be.
fn cut(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Parts a text before the next link: a scheme that no letter or digit stands before, and something behind.
fn next_link(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    loop {
        let (_, rest) = cut(text, from);
        let found = ["https://", "http://"].iter().filter_map(|scheme| Some((rest.find(scheme)? + from, scheme.len())));
        let (start, scheme) = found.min()?;
        let (before, link) = cut(text, start);
        let apart = !before.ends_with(belongs_to_a_word);
        let goes_on = cut(link, scheme).1.starts_with(|c: char| belongs_to_a_word(c) || c == '[');
        if apart && goes_on {
            return Some((before, link));
        }
        from = start + scheme;
    }
}

/// Beyond ASCII everything is taken for a letter, because tables of letters would weigh more than what they are for.
fn belongs_to_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

fn link_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`');
    let mut link = text.find(ends).map_or(text, |end| cut(text, end).0);
    // Counted once: a long tail of brackets is cut off one by one.
    let count = |bracket: char| link.matches(bracket).count();
    let surplus = |open: char, close: char| count(close).saturating_sub(count(open));
    let (mut round, mut square, mut curly) = (surplus('(', ')'), surplus('[', ']'), surplus('{', '}'));
    while let Some(last) = link.chars().next_back() {
        let extra = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '،' | '؟' | '。' => true,
            ')' => take(&mut round),
            ']' => take(&mut square),
            '}' => take(&mut curly),
            _ => false,
        };
        if !extra {
            break;
        }
        link = cut(link, link.len() - last.len_utf8()).0;
    }
    link.len()
}

/// Takes one away, if there is one.
fn take(surplus: &mut usize) -> bool {
    let any = *surplus > 0;
    *surplus -= usize::from(any);
    any
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
    fn a_thousand_brackets_are_no_matter() {
        let (open, close) = ("([{".repeat(333), "}])".repeat(1_000));
        assert_eq!(links(&format!("https://a.org/{close}.")), ["https://a.org/"]);
        assert_eq!(
            links(&format!("https://a.org/{open}x{close}")),
            [format!("https://a.org/{open}x{}", "}])".repeat(333))]
        );
    }

    #[test]
    fn what_only_looks_like_one_is_words() {
        for text in ["", "hello", "https://", "http:// no", "xhttps://a.org", "javascript:alert(1)", "ftp://a.org"] {
            assert!(links(text).is_empty(), "{text}");
        }
    }
}
