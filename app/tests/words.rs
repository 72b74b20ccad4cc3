//! The words in the sources and the words in the catalogues are the same, both ways, so that none can be missing.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files fails")]

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const PLURALS: [&str; 6] = [".zero", ".one", ".two", ".few", ".many", ".other"];

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn catalogues() -> BTreeMap<String, Map<String, Value>> {
    let files = fs::read_dir(here("words")).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
        })
        .collect()
}

/// Returns every string literal of the sources; those with quotes inside are of no interest here.
fn literals(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            literals(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.extend(lines.flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned));
        }
    }
}

fn used() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    literals(&here("src"), &mut found);
    found
}

/// A key without its plural form.
fn stem(key: &str) -> &str {
    PLURALS.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

#[test]
fn every_word_that_is_asked_for_is_in_the_catalogue() {
    let english = &catalogues()["en"];
    let known: BTreeSet<_> = english.keys().map(|key| stem(key)).collect();
    let groups: BTreeSet<_> = known.iter().filter_map(|key| Some(key.split_once('.')?.0)).collect();
    let keyish = |text: &&String| {
        let in_group = text.split_once('.').is_some_and(|(group, rest)| groups.contains(group) && !rest.is_empty());
        in_group && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.' || byte == b'-')
    };
    let used = used();
    let missing: Vec<_> = used.iter().filter(keyish).filter(|text| !known.contains(text.as_str())).collect();
    assert!(missing.is_empty(), "not in the catalogue: {missing:?}");
}

#[test]
fn every_word_in_the_catalogue_is_asked_for() {
    let used = used();
    let english = &catalogues()["en"];
    let unused: Vec<_> = english.keys().filter(|key| !used.contains(*key) && !used.contains(stem(key))).collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
}

#[test]
fn all_languages_have_the_same_words_with_the_same_gaps() {
    let all = catalogues();
    let english = &all["en"];
    let stems =
        |catalogue: &Map<String, Value>| catalogue.keys().map(|key| stem(key).to_owned()).collect::<BTreeSet<_>>();
    for (language, catalogue) in &all {
        assert_eq!(catalogue["language"], language.as_str(), "a catalogue is named by its language");
        let (have, want) = (stems(catalogue), stems(english));
        assert_eq!(want.difference(&have).collect::<Vec<_>>(), Vec::<&String>::new(), "{language} lacks words");
        assert_eq!(have.difference(&want).collect::<Vec<_>>(), Vec::<&String>::new(), "{language} has words too many");
        for (key, text) in catalogue {
            let text = text.as_str().unwrap_or_else(|| panic!("{language}: {key} is not a text"));
            assert!(!text.is_empty() && !text.contains('\n'), "{language}: {key} is not one line");
            assert!(!key.contains(' '), "{language}: a blank in the key {key}");
            // Some forms of a plural say their number in words; the one for all other numbers has all the gaps.
            let counted = english.get(&format!("{}.other", stem(key)));
            let original = counted.or_else(|| english.get(key)).and_then(Value::as_str).unwrap();
            if counted.is_some() && !key.ends_with(".other") {
                assert!(placeholders(text).is_subset(&placeholders(original)), "{language}: {key}");
            } else {
                assert_eq!(placeholders(text), placeholders(original), "{language}: {key}");
            }
        }
    }
}

#[test]
fn no_sentence_is_left_in_english() {
    let all = catalogues();
    let english = &all["en"];
    for (language, catalogue) in all.iter().filter(|(language, _)| *language != "en") {
        let same = |(key, text): &(&String, &Value)| {
            let words = text.as_str().unwrap_or_default().split(' ').count();
            words > 2 && english.get(*key) == Some(*text)
        };
        let untranslated: Vec<_> = catalogue.iter().filter(same).map(|(key, _)| key).collect();
        assert!(untranslated.is_empty(), "{language}: {untranslated:?}");
    }
    let is_arabic = |text: &Value| {
        text.as_str().is_some_and(|text| text.chars().any(|letter| matches!(letter, '\u{620}'..='\u{64a}')))
    };
    let foreign: Vec<_> = all["ar"].iter().filter(|(_, text)| !is_arabic(text)).map(|(key, _)| key.as_str()).collect();
    let signs = ["connection.percent", "direction", "language", "more.point", "reaction.said", "sound.percent"];
    assert_eq!(foreign, signs, "these have no words");
}

#[test]
fn every_plural_has_the_form_for_all_other_numbers() {
    for (language, catalogue) in catalogues() {
        for key in catalogue.keys().filter(|key| stem(key) != key.as_str()) {
            let other = format!("{}.other", stem(key));
            assert!(catalogue.contains_key(&other), "{language}: {key} without {other}");
        }
    }
}
