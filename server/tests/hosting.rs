//! The installer, into a folder in place of a machine; and the units of systemd, as systemd itself judges them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/skip.rs"]
mod skip;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const UNITS: [&str; 4] = ["parlour.service", "parlour-https.socket", "parlour-http.socket", "parlour-relay.socket"];
/// As `systemd-analyze security` counts: 0 is locked away, 10 is free to do anything.
const MOST_EXPOSED: f64 = 2.0;

/// A release, and a place to install it to.
struct Machine {
    release: TempDir,
    root: TempDir,
}

impl Machine {
    fn new() -> Self {
        let (release, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let hosting = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hosting");
        fs::create_dir_all(release.path().join("site/pkg")).unwrap();
        fs::create_dir(release.path().join("systemd")).unwrap();
        fs::copy(hosting.join("install.sh"), release.path().join("install.sh")).unwrap();
        for unit in UNITS {
            fs::copy(hosting.join("systemd").join(unit), release.path().join("systemd").join(unit)).unwrap();
        }
        let machine = Self { release, root };
        machine.build("first");
        machine
    }

    /// Puts another program into the release.
    fn build(&self, version: &str) {
        let program = self.release.path().join("parlour");
        fs::write(&program, format!("#!/bin/sh\necho parlour {version}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(self.release.path().join("site/pkg").join(version), "").unwrap();
    }

    fn install(&self, arguments: &[&str]) -> Output {
        let mut installer = Command::new("sh");
        installer.arg(self.release.path().join("install.sh")).args(arguments).env("DESTDIR", self.root.path());
        installer.output().unwrap()
    }

    fn installs(&self, arguments: &[&str]) -> String {
        let output = self.install(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn settings(&self) -> String {
        fs::read_to_string(self.path("etc/parlour/parlour.toml")).unwrap()
    }
}

#[test]
fn one_command_and_one_setting_install_it() {
    let machine = Machine::new();
    let said = machine.installs(&["rooms.example.org"]);
    assert!(said.contains("https://rooms.example.org") && said.contains("443/udp"), "{said}");
    let settings = machine.settings();
    assert!(settings.contains("\ndomain = \"rooms.example.org\"\n"), "{settings}");
    assert!(settings.contains("\nstate-dir = \"/var/lib/parlour\"\n"), "{settings}");
    let mode = fs::metadata(machine.path("etc/parlour/parlour.toml")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600, "a secret may stand there");
    for unit in UNITS {
        assert!(machine.path("etc/systemd/system").join(unit).exists(), "{unit}");
    }
    assert!(machine.path("opt/parlour/site/pkg/first").exists());
    assert_eq!(fs::read_link(machine.path("usr/local/bin/parlour")).unwrap(), Path::new("/opt/parlour/parlour"));
}

#[test]
fn a_newer_version_keeps_settings_and_nothing_of_the_older() {
    let machine = Machine::new();
    machine.installs(&["rooms.example.org"]);
    let settings = machine.settings() + "room-capacity = 6\n";
    fs::write(machine.path("etc/parlour/parlour.toml"), &settings).unwrap();
    fs::remove_file(machine.release.path().join("site/pkg/first")).unwrap();
    machine.build("second");
    machine.installs(&[]);
    machine.installs(&["rooms.example.org"]);
    assert_eq!(machine.settings(), settings);
    assert!(fs::read_to_string(machine.path("opt/parlour/parlour")).unwrap().contains("second"));
    assert!(!machine.path("opt/parlour/site/pkg/first").exists() && !machine.path("opt/parlour.old").exists());
    machine.installs(&["other.example.org"]);
    assert_eq!(machine.settings(), settings.replace("rooms.example.org", "other.example.org"));
}

#[test]
fn behind_a_proxy_it_listens_on_this_machine_and_relays_on_a_port_of_its_own() {
    let machine = Machine::new();
    let said = machine.installs(&["--behind-proxy", "rooms.example.org"]);
    assert!(said.contains("3478/udp"), "{said}");
    let settings = machine.settings();
    for line in
        ["listen = \"127.0.0.1:3000\"", "public-url = \"https://rooms.example.org\"", "relay-listen = \"[::]:3478\""]
    {
        assert!(settings.lines().any(|found| found == line), "{settings}");
    }
    assert!(!machine.install(&["rooms.example.org"]).status.success(), "two ways at once");
    assert_eq!(machine.settings(), settings);
}

/// Runs the installer's own `start`, and has systemd's command write down what it is asked; these sockets are open before.
fn starts(way: &str, open: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let systemctl = folder.path().join("systemctl");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = is-active ]; then case ' {} parlour.service ' in *\" $3 \"*) exit 0 ;; esac; exit 3; fi\necho \"$*\"\n",
        open.join(" ")
    );
    fs::write(&systemctl, script).unwrap();
    fs::set_permissions(&systemctl, fs::Permissions::from_mode(0o755)).unwrap();
    let installer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hosting/install.sh");
    let functions = r#"eval "$(sed -n "/^SOCKETS=/p; /^fail() {/,/^}/p; /^start() {/,/^}/p" "$0")"; start "$1""#;
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let output =
        Command::new("sh").args(["-euc", functions]).arg(installer).arg(way).env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_another_way_of_hosting_left_is_stopped_before_the_start() {
    let sockets = &UNITS[1..];
    let place = |said: &str, line: &str| said.lines().position(|found| found.starts_with(line));
    let proxied = starts("proxy", sockets);
    for socket in sockets {
        let disabled = place(&proxied, &format!("disable --now --quiet {socket}"));
        assert!(disabled.is_some() && disabled < place(&proxied, "restart parlour.service"), "{proxied}");
    }
    for open in [&[][..], &sockets[..1]] {
        let own = starts("own", open);
        let stopped =
            own.lines().position(|line| line.starts_with("stop parlour-") && line.ends_with(" parlour.service"));
        assert!(stopped.is_some() && stopped < place(&own, "enable --now --quiet parlour-https.socket"), "{own}");
    }
    let newer = starts("own", sockets);
    assert_eq!(place(&newer, "stop"), None, "sockets stay open, and nobody is turned away: {newer}");
}

#[test]
fn settings_that_people_write_are_understood() {
    let machine = Machine::new();
    machine.installs(&["rooms.example.org"]);
    let settings = machine.path("etc/parlour/parlour.toml");
    for list in ["domain = [\"a.example.org\", \"b.example.org\"]\n", "domain = [\n  \"a.example.org\",\n]\n"] {
        fs::write(&settings, list).unwrap();
        assert!(machine.installs(&[]).contains("serves https://a.example.org\n"));
        machine.installs(&["a.example.org"]);
        assert!(!machine.install(&["c.example.org"]).status.success());
        assert_eq!(machine.settings(), list);
    }
    fs::write(&settings, "# mine\nroom-capacity = 6").unwrap();
    machine.installs(&["rooms.example.org"]);
    assert_eq!(machine.settings(), "# mine\nroom-capacity = 6\ndomain = \"rooms.example.org\"\n");
    let own = "# mine\npublic-url = \"https://own.example.org\"\ntls-cert = \"/c\"\ntls-key = \"/k\"\n";
    fs::write(&settings, own).unwrap();
    let said = machine.installs(&[]);
    assert!(said.contains("serves https://own.example.org\n") && said.contains("443/tcp"), "{said}");
    assert!(!machine.install(&["own.example.org"]).status.success(), "two certificates");
    assert!(!machine.install(&["--behind-proxy", "own.example.org"]).status.success(), "TLS twice");
    assert_eq!(machine.settings(), own);
}

#[test]
fn a_release_that_lies_where_it_would_be_installed_is_left_alone() {
    let machine = Machine::new();
    let place = machine.path("opt/parlour");
    fs::create_dir_all(machine.path("opt")).unwrap();
    fs::rename(machine.release.path(), &place).unwrap();
    let mut installer = Command::new("sh");
    let output =
        installer.arg(place.join("install.sh")).arg("a.example.org").env("DESTDIR", machine.root.path()).output();
    let output = output.unwrap();
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("elsewhere"), "{output:?}");
    assert!(place.join("site/pkg/first").exists() && place.join("install.sh").exists());
    assert!(!machine.path("etc").exists(), "nothing was begun");
}

#[test]
fn taken_away_it_leaves_rooms_and_settings() {
    let machine = Machine::new();
    machine.installs(&["rooms.example.org"]);
    fs::create_dir_all(machine.path("var/lib/parlour")).unwrap();
    machine.installs(&["--uninstall"]);
    machine.installs(&["--uninstall"]);
    assert!(machine.path("var/lib/parlour").exists() && machine.settings().contains("rooms.example.org"));
    for gone in ["opt/parlour", "usr/local/bin/parlour", "etc/systemd/system/parlour.service"] {
        assert!(fs::symlink_metadata(machine.path(gone)).is_err(), "{gone}");
    }
}

#[test]
fn what_is_no_name_is_refused_and_changes_nothing() {
    let machine = Machine::new();
    for refused in [&[][..], &["localhost"], &["https://example.org"], &["a.b\" # "], &["-x"], &["203.0.113.7"]] {
        assert!(!machine.install(refused).status.success(), "{refused:?}");
    }
    assert_eq!(fs::read_dir(machine.root.path()).unwrap().count(), 0);
}

#[test]
fn systemd_finds_no_fault_and_little_exposure() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        skip::skip("there is no systemd-analyze (Debian: systemd)");
        return;
    }
    let machine = Machine::new();
    machine.installs(&["rooms.example.org"]);
    let systemd = |verb: &str, arguments: &[&str]| {
        let mut command = Command::new("systemd-analyze");
        command.arg(verb).arg(format!("--root={}", machine.root.path().display())).args(arguments).output().unwrap()
    };
    for (folder, target) in [("usr/lib/systemd/system", "sysinit.target"), ("usr/lib/systemd/system", "basic.target")] {
        // Units that every system has, and this root does not.
        fs::create_dir_all(machine.path(folder)).unwrap();
        fs::write(machine.path(folder).join(target), "[Unit]\nDescription=There\n").unwrap();
    }
    for unit in UNITS {
        let output = systemd("verify", &["--recursive-errors=no", unit]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains(unit), "{unit}: {said}");
    }
    let output = systemd("security", &["--offline=true", "--no-pager", "parlour.service"]);
    let said = String::from_utf8_lossy(&output.stdout);
    let line =
        said.lines().find(|line| line.contains("Overall exposure level")).unwrap_or_else(|| panic!("{output:?}"));
    let exposure: f64 = line.split(": ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(exposure <= MOST_EXPOSED, "{said}");
}
