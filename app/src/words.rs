//! Every word that people read, as data: a catalogue of one language, chosen by the server and sent along with the page.
//!
//! Separate, so that no sentence lives in code and another language costs the browser nothing. The catalogues are in
//! `app/words/`; [`Words`] reads the flat form of one of them, on both sides alike.

use leptos::prelude::use_context;
use std::sync::OnceLock;

/// Tells the plural category of a number (`one`, `other`, …) in a language: ICU on the server, `Intl` in the browser.
pub type Plural = fn(language: &str, number: u32) -> String;

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Words(&'static Catalogue);

#[derive(Debug)]
struct Catalogue {
    texts: Vec<(&'static str, &'static str)>,
    /// What came later; see [`Words::extend`].
    more: OnceLock<Vec<(&'static str, &'static str)>>,
    plural: Plural,
}

impl Words {
    /// Reads the flat form: a line each of a key, a blank and a text. Kept for as long as the program runs, so meant to
    /// be called once per language.
    pub fn read(lines: &'static str, plural: Plural) -> Self {
        Self(Box::leak(Box::new(Catalogue { texts: texts(lines), more: OnceLock::new(), plural })))
    }

    /// Adds the words of what is loaded later, once, in the same form; whoever has these words has them too.
    pub fn extend(self, lines: &'static str) {
        // A second time brings the same.
        let _ = self.0.more.set(texts(lines));
    }

    /// Writes the flat form of the words whose key is wanted.
    pub fn lines(self, wanted: fn(&str) -> bool) -> String {
        let mut lines = String::new();
        for (key, text) in self.0.texts.iter().filter(|(key, _)| wanted(key)) {
            lines.extend([key, " ", text, "\n"]);
        }
        lines
    }

    /// Returns a text. A test keeps keys in the sources and in the catalogues the same, so it is always there.
    pub fn text(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// Returns a text with its `{placeholders}` filled in.
    pub fn with(self, key: &'static str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// Returns the plural form of a text that fits a number, which also fills its `{count}`.
    pub fn count(self, key: &'static str, number: u32) -> String {
        let category = (self.0.plural)(self.text("language"), number);
        let form = |category: &str| self.find(&[key, ".", category].concat());
        fill(form(&category).or_else(|| form("other")).unwrap_or(key), &[("count", &number.to_string())])
    }

    fn find(self, key: &str) -> Option<&'static str> {
        let more = self.0.more.get().into_iter().flatten();
        self.0.texts.iter().chain(more).find_map(|(known, text)| (*known == key).then_some(*text))
    }
}

/// Returns the words of this page, provided by the shell on the server and by the island in the browser.
///
/// # Panics
/// Outside both, where nothing is rendered.
pub fn words() -> Words {
    use_context().expect("shell and island provide the words before they render anything")
}

fn texts(lines: &'static str) -> Vec<(&'static str, &'static str)> {
    lines.lines().filter_map(|line| line.split_once(' ')).collect()
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.extend(values.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english_plural(_: &str, number: u32) -> String {
        if number == 1 { "one" } else { "other" }.to_owned()
    }

    fn sample() -> Words {
        Words::read(
            "language en\nhi Hello, {name}!\nseats.one One seat\nseats.other {count} seats\nbare.other Many\n",
            english_plural,
        )
    }

    #[test]
    fn placeholders_are_filled_and_values_are_taken_literally() {
        assert_eq!(sample().with("hi", &[("name", "{name} {count}")]), "Hello, {name} {count}!");
    }

    #[test]
    fn plural_forms_follow_the_number() {
        assert_eq!(sample().count("seats", 1), "One seat");
        assert_eq!(sample().count("seats", 8), "8 seats");
    }

    #[test]
    fn a_missing_plural_form_falls_back_to_other() {
        assert_eq!(sample().count("bare", 1), "Many");
    }

    #[test]
    fn words_that_come_later_are_there_for_everyone() {
        let words = sample();
        assert_eq!(words.text("chat.send"), "chat.send");
        words.extend("chat.send Send\n");
        assert_eq!((words.text("chat.send"), words.text("language")), ("Send", "en"));
    }

    #[test]
    fn written_lines_read_back_the_same() {
        let lines = sample().lines(|key| key != "hi");
        let again = Words::read(Box::leak(lines.into_boxed_str()), english_plural);
        assert_eq!(again.count("seats", 2), "2 seats");
        assert_eq!(again.text("hi"), "hi");
    }
}
