//! What the owner can say, and where: flags before variables before the file.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use clap::{ArgAction, CommandFactory as _};
use server::Options;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The program itself, with nothing said in its environment.
fn parlour(arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
    for name in Options::command().get_arguments().filter_map(|option| option.get_env()) {
        command.env_remove(name);
    }
    let output = command.args(arguments).envs(variables.iter().copied()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

struct File(tempfile::TempDir);

impl File {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("parlour.toml"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> String {
        self.0.path().join("parlour.toml").to_str().unwrap().to_owned()
    }

    fn options(&self, arguments: &[&str]) -> Options {
        let path = self.path();
        Options::read(["parlour", "--config", &path].iter().chain(arguments)).unwrap()
    }
}

#[test]
fn every_kind_of_option_can_stand_in_the_file() {
    let options = File::new(
        "# A comment.\nlisten = '127.0.0.1:4000'\nroom-capacity = 12\nlimit-loopback = true\ndomain = ['a.example.org', \
         'b.example.org']\ntrusted-proxy = '10.0.0.0/8,::1'\nproxy-header = 'forwarded'\nstate-dir = '/tmp/x'\n",
    )
    .options(&[]);
    assert_eq!(options.listen, Some("127.0.0.1:4000".parse().unwrap()));
    assert_eq!((options.room_capacity, options.limit_loopback), (12, true));
    assert_eq!(options.tls.domain, ["a.example.org", "b.example.org"]);
    assert_eq!(options.trusted_proxy.len(), 2);
    assert_eq!(options.proxy_header, server::ProxyHeader::Forwarded);
    assert_eq!(options.state_dir, Some(PathBuf::from("/tmp/x")));
}

#[test]
fn a_flag_comes_before_the_file() {
    let options = File::new("room-capacity = 12\nmax-rooms = 5\n").options(&["--room-capacity", "3"]);
    assert_eq!((options.room_capacity, options.max_rooms.get()), (3, 5));
}

#[test]
fn a_variable_comes_between_the_two() {
    // Which one is read is seen by which one is refused.
    let good = File::new("room-capacity = 12\nsite-dir = '/from/the/file'\n");
    let path = good.path();
    let site = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments: Vec<_> = ["--config", &path].into_iter().chain(arguments.iter().copied()).collect();
        let (succeeds, text) = parlour(&arguments, variables);
        assert!(!succeeds, "{text}");
        text
    };
    assert!(site(&[], &[]).contains("no site in /from/the/file"));
    assert!(site(&[], &[("PARLOUR_SITE_DIR", "/from/a/variable")]).contains("no site in /from/a/variable"));
    let text = site(&["--site-dir", "/from/a/flag"], &[("PARLOUR_SITE_DIR", "/from/a/variable")]);
    assert!(text.contains("no site in /from/a/flag"), "{text}");
    let (_, text) = parlour(&[], &[("PARLOUR_CONFIG", &path)]);
    assert!(text.contains("no site in /from/the/file"), "{text}");
}

#[test]
fn a_file_that_makes_no_sense_is_refused_with_place_reason_and_form() {
    for (text, expected) in [
        ("# one\nlisten = '3000'", &["parlour.toml, line 2: `listen`", "127.0.0.1:3000 or [::]:3000"][..]),
        ("room-capacity = 1", &["line 1: `room-capacity`", "2..=64"]),
        ("room-capacity = 'many'", &["`room-capacity`", "invalid digit"]),
        ("\n\nrom-capacity = 1", &["line 3: `rom-capacity`: no such option", "parlour --help"]),
        ("room_capacity = 1", &["`room_capacity`: no such option; it is written room-capacity here"]),
        ("PARLOUR_LISTEN = ':1'", &["it is written listen here"]),
        ("config = 'x'", &["`config`: can be given as a flag only"]),
        ("limit-loopback = 'yes'", &["`limit-loopback`: must be true or false"]),
        ("limit-loopback = 1", &["must be true or false"]),
        ("max-rooms = 1.5", &["`max-rooms`: must be a text in quotes or a number, not a float"]),
        ("max-rooms = [1]", &["`max-rooms`: takes one value, not a list"]),
        ("[server]\nlisten = ':1'", &["line 1: `server`: no such option"]),
        ("[tls]\ncert = 'x'", &["line 1: `tls`: is a section or a table; options stand by themselves"]),
        ("trusted-proxy = ['10.0.0.0/8', 'proxy']", &["`trusted-proxy`", "'proxy'", "10.0.0.0/8"]),
        ("domain = 'https://example.org'", &["`domain`", "not a domain like rooms.example.org"]),
        ("listen = ", &["line 1: "]),
        ("max-rooms = 1\nmax-rooms = 2", &["line 2: ", "duplicate key"]),
    ] {
        let file = File::new(text);
        let (succeeds, refusal) = parlour(&["--config", &file.path()], &[]);
        assert!(!succeeds && expected.iter().all(|part| refusal.contains(part)), "{text}: {refusal}");
    }
    let (succeeds, refusal) = parlour(&["--config", "/no/such/file.toml"], &[]);
    assert!(!succeeds && refusal.contains("--config /no/such/file.toml cannot be read: "), "{refusal}");
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let site = tempfile::tempdir().unwrap();
    let site = ["--site-dir", site.path().to_str().unwrap()];
    for (arguments, expected) in [
        (&["--tls", "self-signed", "--domain", "a.example.org"][..], "exclude each other"),
        (&["--tls-cert", "/x"], "--tls-cert and --tls-key go together"),
        (&["--tls-cert", "/no/c", "--tls-key", "/no/k"], "--tls-cert /no/c cannot be read"),
        (&["--domain", "a.example.org", "--state-dir", "/dev/null/x"], "cannot hold the certificate"),
        (&["--domain", "localhost"], "not a domain like rooms.example.org"),
        (&["--tls", "yes"], "self-signed"),
    ] {
        let arguments: Vec<_> = site.iter().chain(arguments).copied().collect();
        let (succeeds, refusal) = parlour(&arguments, &[]);
        assert!(!succeeds && refusal.contains(expected), "{arguments:?}: {refusal}");
    }
}

/// The cells of a row of the README's table of options.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    variable: String,
    default: Option<String>,
}

fn cell(text: &str) -> String {
    text.trim().trim_matches('`').to_owned()
}

#[test]
fn the_readme_names_every_option_as_it_is() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| `--")?.split(" | ").collect();
        Some((cell(cells[0]), Row { variable: cell(cells[1]), default: Some(cell(cells[2])) }))
    });
    let mut written = BTreeMap::new();
    for (flag, row) in rows {
        assert!(written.insert(flag.clone(), row).is_none(), "--{flag} stands there twice");
    }
    let command = Options::command();
    let options = command.get_arguments().filter(|option| !matches!(option.get_id().as_str(), "help" | "version"));
    for option in options {
        let flag = option.get_long().unwrap().to_owned();
        let row = written.remove(&flag).unwrap_or_else(|| panic!("--{flag} is missing"));
        let variable = option.get_env().unwrap_or_else(|| panic!("--{flag} has no variable")).to_str().unwrap();
        assert_eq!(variable, format!("PARLOUR_{}", flag.replace('-', "_").to_uppercase()), "--{flag}");
        assert_eq!(row.variable, variable, "--{flag}");
        assert!(option.get_help().is_some(), "--{flag} has no help");
        let defaults: Vec<_> = option.get_default_values().iter().map(|value| value.to_str().unwrap()).collect();
        match (option.get_action(), defaults.as_slice()) {
            (ArgAction::SetTrue, _) => assert_eq!(row.default.as_deref(), Some("off"), "--{flag}"),
            // Words: the default depends on other things.
            (_, []) => assert!(row.default.is_some_and(|words| !words.is_empty()), "--{flag}"),
            (_, defaults) => assert_eq!(row.default, Some(defaults.join(",")), "--{flag}"),
        }
    }
    assert!(written.is_empty(), "no such options: {written:?}");
}

/// The file in the README is one that is taken.
#[test]
fn the_example_in_the_readme_is_accepted() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let example = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(!File::new(example).options(&[]).tls.domain.is_empty());
}
