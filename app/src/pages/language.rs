//! Which language to answer in: those there are, and the choice among them by `Accept-Language` (RFC 9110 §12.5.4).
//!
//! Separate, because it is the only place that knows the catalogues; everyone else sees [`Words`].

use crate::words::Words;
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};
use std::sync::LazyLock;

/// The catalogues there are; the first is the answer to whoever reads none of them.
const SOURCES: [&str; 1] = [include_str!("../../words/en.json")];

static CATALOGUES: LazyLock<Vec<Words>> = LazyLock::new(|| SOURCES.map(read).into());

/// Keys that only pages use begin like this; the island is sent all the others.
const PAGES_ALONE: &str = "page.";

/// Returns the words to answer with, given the request's `Accept-Language`.
pub(super) fn choose(accepted: Option<&str>) -> Words {
    let known: Vec<_> = CATALOGUES.iter().map(|words| words.text("language")).collect();
    CATALOGUES[best(accepted.unwrap_or_default(), &known).unwrap_or(0)]
}

/// Returns what the room's island is sent.
pub(super) fn for_the_island(words: Words) -> String {
    words.lines(|key| !key.starts_with(PAGES_ALONE))
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
    match rules.map(|rules| rules.category_for(number)) {
        Some(PluralCategory::Zero) => "zero",
        Some(PluralCategory::One) => "one",
        Some(PluralCategory::Two) => "two",
        Some(PluralCategory::Few) => "few",
        Some(PluralCategory::Many) => "many",
        Some(PluralCategory::Other) | None => "other",
    }
    .to_owned()
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

    #[test]
    fn english_counts_one_and_many() {
        let words = choose(Some("en-GB"));
        assert_eq!(words.count("green.inside", 1), "One person is inside.");
        assert_eq!(words.count("green.inside", 5), "5 people are inside.");
    }

    #[test]
    fn the_island_is_spared_the_words_of_the_pages() {
        let lines = for_the_island(choose(None));
        assert!(lines.contains("green.join Join\n") && !lines.contains("page."));
    }
}
