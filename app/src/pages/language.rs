//! Which language to answer in: those there are, and the choice among them, by what was chosen before or else by
//! `Accept-Language` (RFC 9110 §12.5.4).
//!
//! Separate, because it is the only place that knows the catalogues; everyone else sees [`Words`].

use crate::words::Words;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// The catalogues there are; the first is the answer to whoever reads none of them.
const SOURCES: [&str; 5] = [
    include_str!("../../words/en.json"),
    include_str!("../../words/de.json"),
    include_str!("../../words/es.json"),
    include_str!("../../words/fr.json"),
    include_str!("../../words/ar.json"),
];

static CATALOGUES: LazyLock<Vec<Words>> = LazyLock::new(|| SOURCES.map(read).into());

/// Keys that only pages use begin like this; the island is sent all the others.
const PAGES_ALONE: &str = "page.";

/// Keys of what is loaded later are of these groups; their words come along with it.
const LATER: [&str; 16] = [
    "chat.",
    "choice.",
    "connection.",
    "device.held",
    "device.silent",
    "file.",
    "floating.",
    "forecast.",
    "more.",
    "notice.not-offered",
    "notice.wrote",
    "pager.",
    "people.",
    "reaction.",
    "seen.",
    "sound.",
];

/// The cookie that holds the language somebody chose.
pub const LANGUAGE_COOKIE: &str = "language";
/// Where a choice is sent, as a form's fields `language` and `to`.
pub const LANGUAGE_PATH: &str = "/language";
/// Where the words of what is loaded later are: this, a language, a slash, and whatever changes when they do.
pub const WORDS_PATH: &str = "/words/";

/// Returns the catalogues, each in its own words.
pub(super) fn all() -> &'static [Words] {
    &CATALOGUES
}

/// Returns whether there is a catalogue of this language.
pub fn is_language(tag: &str) -> bool {
    all().iter().any(|words| words.text("language") == tag)
}

/// Returns whether a text is the path of a page of ours, and nothing that a browser could take for another site's address: it
/// reads two slashes, or a backslash in place of one, as the beginning of a host, and passes over tabs and line ends.
pub fn is_own_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.contains("//")
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#' | b'?'))
}

/// Returns the words to answer a request with: in the language that was chosen, or else in one that is read.
pub(super) fn choose(headers: &HeaderMap) -> Words {
    let values = |name| headers.get_all(name).into_iter().filter_map(|value: &HeaderValue| value.to_str().ok());
    let known: Vec<_> = all().iter().map(|words| words.text("language")).collect();
    let cookies = values(COOKIE).flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let chosen = cookies
        .filter(|(name, _)| *name == LANGUAGE_COOKIE)
        .find_map(|(_, tag)| known.iter().position(|known| *known == tag));
    let read = || best(&values(ACCEPT_LANGUAGE).collect::<Vec<_>>().join(","), &known);
    all()[chosen.or_else(read).unwrap_or(0)]
}

/// Returns what the room's island is sent.
pub(super) fn for_the_island(words: Words) -> String {
    words.lines(|key| !key.starts_with(PAGES_ALONE) && !is_later(key))
}

/// Returns what comes along with what is loaded later, in a language that there is.
pub fn for_later(language: &str) -> Option<String> {
    Some(all().iter().find(|words| words.text("language") == language)?.lines(is_later))
}

/// Returns where that is found: an address that changes when the words do.
pub(super) fn later_path(words: Words) -> String {
    let mut hash = DefaultHasher::new();
    words.lines(is_later).hash(&mut hash);
    format!("{WORDS_PATH}{}/{:016x}", words.text("language"), hash.finish())
}

fn is_later(key: &str) -> bool {
    LATER.iter().any(|group| key.starts_with(group))
}

fn read(json: &str) -> Words {
    let texts: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(json).expect("the catalogues are checked by a test");
    let line = |(key, text): (&String, &serde_json::Value)| format!("{key} {}\n", text.as_str().unwrap_or_default());
    Words::read(texts.iter().map(line).collect::<String>().leak(), plural_category)
}

fn plural_category(language: &str, number: u32) -> String {
    let rules = language.parse().ok().and_then(|locale: icu_locale_core::Locale| {
        PluralRules::try_new(locale.into(), PluralRuleType::Cardinal.into()).ok()
    });
    name(rules.map_or(PluralCategory::Other, |rules| rules.category_for(number))).to_owned()
}

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// Picks, by weight and then by order, the first wanted language that is known: as it is, or by its primary subtag.
fn best(accepted: &str, known: &[&str]) -> Option<usize> {
    let mut wanted: Vec<(&str, f32)> = accepted.split(',').filter_map(weighted).collect();
    wanted.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    wanted.iter().find_map(|(range, _)| {
        let primary = range.split('-').next().unwrap_or(range);
        let position = |name: &str| known.iter().position(|known| known.eq_ignore_ascii_case(name));
        if *range == "*" { Some(0) } else { position(range).or_else(|| position(primary)) }
    })
}

/// Reads `de-CH;q=0.8`; a language with weight 0 is not wanted.
fn weighted(item: &str) -> Option<(&str, f32)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=")) {
        Some(weight) => weight.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?,
        None => 1.0,
    };
    (weight > 0.0).then_some((range, weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    const KNOWN: [&str; 4] = ["en", "de", "pt-BR", "pt"];

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(best("fr, en;q=0.5, de;q=0.9", &KNOWN), Some(1));
    }

    #[test]
    fn equal_weights_keep_their_order() {
        assert_eq!(best("de, en", &KNOWN), Some(1));
    }

    #[test]
    fn a_region_falls_back_to_its_language() {
        assert_eq!(best("de-CH", &KNOWN), Some(1));
        assert_eq!(best("pt-PT", &KNOWN), Some(3));
        assert_eq!(best("pt-br", &KNOWN), Some(2));
    }

    #[test]
    fn anything_means_the_first_and_nothing_means_none() {
        assert_eq!(best("*", &KNOWN), Some(0));
        assert_eq!(best("", &KNOWN), None);
        assert_eq!(best("fr", &KNOWN), None);
    }

    #[test]
    fn refused_and_broken_languages_are_passed_over() {
        assert_eq!(best("de;q=0, en;q=0.1", &KNOWN), Some(0));
        assert_eq!(best("de;q=NaN, de;q=7, ;q=1, en", &KNOWN), Some(0));
    }

    /// Returns the words for a request with these headers.
    fn words(headers: &[(axum::http::HeaderName, &'static str)]) -> Words {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        choose(&headers.collect())
    }

    #[test]
    fn english_counts_one_and_many() {
        let words = words(&[(ACCEPT_LANGUAGE, "en-GB")]);
        assert_eq!(words.count("green.inside", 1), "One person is inside.");
        assert_eq!(words.count("green.inside", 5), "5 people are inside.");
    }

    #[test]
    fn arabic_has_six_ways_to_count() {
        let words = words(&[(ACCEPT_LANGUAGE, "ar-EG")]);
        let counted = [0, 1, 2, 3, 11, 100, 103, 111].map(|number| words.count("green.inside", number));
        let expected = [
            "لا أحد في الداخل بعد.",
            "في الداخل شخص واحد.",
            "في الداخل شخصان.",
            "في الداخل 3 أشخاص.",
            "في الداخل 11 شخصًا.",
            "في الداخل 100 شخص.",
            "في الداخل 103 أشخاص.",
            "في الداخل 111 شخصًا.",
        ];
        assert_eq!(counted, expected);
    }

    #[test]
    fn what_was_chosen_goes_before_what_is_read() {
        let german = (ACCEPT_LANGUAGE, "de");
        for (cookies, expected) in [
            ("language=ar", "ar"),
            ("a=b; language=es; c=d", "es"),
            ("language=xx; language=fr", "fr"),
            ("language=xx", "de"),
            ("language=", "de"),
            ("language", "de"),
            ("my-language=ar", "de"),
            ("LANGUAGE=ar", "de"),
        ] {
            assert_eq!(words(&[german.clone(), (COOKIE, cookies)]).text("language"), expected, "{cookies}");
        }
    }

    #[test]
    fn headers_that_come_in_pieces_are_read_together() {
        let pieces = [(ACCEPT_LANGUAGE, "fr;q=0.5"), (ACCEPT_LANGUAGE, "es")];
        let mut map = HeaderMap::new();
        for (name, value) in pieces {
            map.append(name, HeaderValue::from_static(value));
        }
        assert_eq!(choose(&map).text("language"), "es");
        map.append(COOKIE, HeaderValue::from_static("a=b"));
        map.append(COOKIE, HeaderValue::from_static("language=ar"));
        assert_eq!(choose(&map).text("language"), "ar");
    }

    #[test]
    fn every_plural_has_the_forms_that_its_language_needs_and_no_other() {
        for (words, source) in all().iter().zip(SOURCES) {
            let language = words.text("language");
            let rules = PluralRules::try_new(
                language.parse::<icu_locale_core::Locale>().unwrap().into(),
                PluralRuleType::Cardinal.into(),
            );
            let needed: BTreeSet<_> = rules.unwrap().categories().map(name).collect();
            let catalogue: BTreeMap<String, String> = serde_json::from_str(source).unwrap();
            let mut counted = BTreeMap::<_, BTreeSet<_>>::new();
            for (stem, form) in catalogue.keys().filter_map(|key| key.rsplit_once('.')) {
                if ["zero", "one", "two", "few", "many", "other"].contains(&form) {
                    counted.entry(stem).or_default().insert(form);
                }
            }
            assert!(!counted.is_empty(), "{language} counts nothing");
            for (stem, forms) in counted {
                assert_eq!(forms, needed, "{language}: {stem}");
            }
        }
    }

    #[test]
    fn only_a_path_of_ours_is_one() {
        for path in ["/", "/r/3kF9mQzT1xUe0aBcDeFgHi", "/no/such/page", "/r/%C3%A9"] {
            assert!(is_own_path(path), "{path}");
        }
        for other in [
            "",
            "r/abc",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "/.//evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/r/é",
            "/a b",
            "/#x",
            "/r/abc?join=1",
            "/a\r\nSet-Cookie: x=y",
        ] {
            assert!(!is_own_path(other), "{other}");
        }
    }

    #[test]
    fn the_island_is_spared_the_words_of_the_pages() {
        let lines = for_the_island(words(&[]));
        assert!(lines.contains("green.join Join\n") && !lines.contains("page."));
    }
}
