//! What was found: a line for each check, for people, or all of them as JSON, for scripts.
//!
//! Separate from the checks, so that none of them knows how it is shown.

use serde::Serialize;
use std::io::{self, Write};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It works.
    Passed,
    /// It does not, and visitors suffer.
    Failed,
    /// It was not looked at, or nothing depends on it.
    Skipped,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, in a word or two.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen.
    pub words: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl Check {
    /// It works.
    pub(crate) fn passed(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self { name: name.into(), outcome: Outcome::Passed, words: words.into(), fix: None }
    }

    /// It does not work; this mends it.
    pub(crate) fn failed(name: impl Into<String>, words: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, ..Self::passed(name, words) }.with_fix(fix)
    }

    /// It was not looked at, or nothing depends on it.
    pub(crate) fn skipped(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self { outcome: Outcome::Skipped, ..Self::passed(name, words) }
    }

    /// Adds what could be done.
    pub(crate) fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

/// All that was found, in order.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// What was examined.
    pub url: String,
    /// Whether everything that is needed works.
    pub passed: bool,
    /// Every check.
    pub checks: Vec<Check>,
    #[serde(skip)]
    is_silent: bool,
}

impl Report {
    /// Begins one; a silent one says nothing before it is asked for its JSON.
    pub(crate) fn new(url: String, is_silent: bool) -> Self {
        let report = Self { url, passed: true, checks: Vec::new(), is_silent };
        if !is_silent {
            say(&format!("Parlour at {}\n", report.url));
        }
        report
    }

    /// Writes a check down, and says it at once: some of them take seconds.
    pub(crate) fn add(&mut self, check: Check) {
        self.passed &= check.outcome != Outcome::Failed;
        if !self.is_silent {
            say(&line(&check));
        }
        self.checks.push(check);
    }

    /// Says the end of it.
    pub(crate) fn end(&self) {
        if self.is_silent {
            say(&serde_json::to_string_pretty(self).unwrap_or_default());
            return;
        }
        let failed = self.checks.iter().filter(|check| check.outcome == Outcome::Failed).count();
        match failed {
            0 => say("\nEverything that is needed works."),
            1 => say("\nOne thing does not work; what to do is written below it."),
            _ => say(&format!("\n{failed} things do not work; what to do is written below each.")),
        }
    }
}

fn line(check: &Check) -> String {
    let mark = match check.outcome {
        Outcome::Passed => '✓',
        Outcome::Failed => '✗',
        Outcome::Skipped => '–',
    };
    let fix = check.fix.as_ref().map(|fix| format!("\n    → {fix}")).unwrap_or_default();
    format!("{mark} {:<16} {}{fix}", check.name, check.words)
}

/// Writes a line; a reader that has gone does not matter.
fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_carries_its_fix_below_it() {
        let check = Check::failed("Relay, UDP", "no answer", "Open UDP port 443.");
        assert_eq!(line(&check), "✗ Relay, UDP       no answer\n    → Open UDP port 443.");
    }

    #[test]
    fn only_a_failure_spoils_the_whole() {
        let mut report = Report::new("http://127.0.0.1:3000".into(), true);
        report.add(Check::passed("Page", "is there"));
        report.add(Check::skipped("Certificate", "is not needed").with_fix("Nothing."));
        assert!(report.passed);
        report.add(Check::failed("Page", "is not there", "Start it."));
        assert!(!report.passed);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["checks"][2]["outcome"], "failed");
        assert_eq!(json["checks"][0].get("fix"), None);
    }
}
