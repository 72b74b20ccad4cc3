//! The way to the server: its name, and whether its port lets anybody in.
//!
//! Separate, because these come before anything that Parlour itself does.

use super::report::{Check, Report};
use super::target::{PATIENCE, Target, connect};
use crate::reach::is_private;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;
use tokio::net::lookup_host;
use tokio::time::timeout;

/// Looks up the name, and knocks at every address it has. Returns the first that opens, IPv4 before IPv6 where both do.
pub(crate) async fn find(target: &Target, report: &mut Report) -> Option<SocketAddr> {
    let found = addresses(&target.host, target.port).await;
    let (check, found) = name(target, found);
    report.add(check);
    let mut open = Vec::new();
    for address in found {
        let began = Instant::now();
        let knocked = connect(address).await.map(|_| began.elapsed());
        let label = format!("Port {}/tcp", target.port);
        report.add(match knocked {
            Ok(time) => {
                open.push(address);
                Check::passed(label, format!("{address} is open ({} ms)", time.as_millis()))
            }
            Err(error) => closed(label, address, &error),
        });
    }
    if open.is_empty() && report.passed {
        report.add(untried(target));
    }
    open.sort_by_key(SocketAddr::is_ipv6);
    open.first().copied()
}

/// Looks up a name; every address once.
///
/// # Errors
/// What the resolver says; that there is no address is one.
pub(crate) async fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let looked_up = timeout(PATIENCE, lookup_host((host, port))).await;
    let mut found: Vec<SocketAddr> = looked_up.map_err(|_| io::Error::other("no name server answers"))??.collect();
    found.sort();
    found.dedup();
    if found.is_empty() { Err(io::Error::other("it has no address")) } else { Ok(found) }
}

fn name(target: &Target, found: io::Result<Vec<SocketAddr>>) -> (Check, Vec<SocketAddr>) {
    const NAME: &str = "Name";
    let host = &target.host;
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let fix = format!(
                "At whoever keeps your domain, make an A record for {host} with this server's IPv4 address, and an AAAA \
                 record if it has an IPv6 one; it can take some minutes until everybody sees it."
            );
            return (Check::failed(NAME, format!("{host} is not known: {error}"), fix), Vec::new());
        }
    };
    if host.parse::<IpAddr>().is_ok() {
        return (Check::skipped(NAME, format!("{host} is an address already")), found);
    }
    let listed: Vec<String> = found.iter().map(|address| address.ip().to_string()).collect();
    let check = Check::passed(NAME, format!("{host} is {}", listed.join(" and ")));
    let is_local = found.iter().all(|address| is_private(address.ip()));
    let check = match is_local && !target.is_loopback() {
        true => check.with_fix(
            "Only people on the same network reach that. For the internet, let the name lead to the server's public address.",
        ),
        false => check,
    };
    (check, found)
}

/// Nothing was seen to be wrong, and nothing to be right.
fn untried(target: &Target) -> Check {
    let words = format!("nothing was examined: from this machine there is no way to any address of {}", target.host);
    let fix = "Look from a machine that has a network of that kind (IPv4 or IPv6); and since many visitors have IPv4 alone, \
               give the server an IPv4 address too.";
    Check::failed("Way", words, fix)
}

fn closed(label: String, address: SocketAddr, error: &io::Error) -> Check {
    let port = address.port();
    match error.kind() {
        ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
            let family = if address.is_ipv6() { "IPv6" } else { "IPv4" };
            Check::skipped(label, format!("{address} was not tried: this machine has no way to it by {family}"))
        }
        ErrorKind::ConnectionRefused => Check::failed(
            label,
            format!("{address} refuses: nothing listens there"),
            format!(
                "Start the server (`systemctl status parlour` tells why it does not run) and let it listen on port {port} of \
                 this address, or take the address out of the DNS."
            ),
        ),
        _ => Check::failed(
            label,
            format!("{address} does not answer: {error}"),
            format!(
                "Let TCP port {port} in: in the server's firewall (`ufw allow {port}/tcp`), at its provider, and at a router \
                 in between."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Outcome;
    use super::*;

    fn named(host: &str, addresses: &[&str]) -> Check {
        let target: Target = host.parse().unwrap();
        let found = addresses.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 443)).collect();
        name(&target, Ok(found)).0
    }

    #[test]
    fn a_private_address_is_said_to_reach_one_network_only() {
        let check = named("parlour.lan", &["192.168.1.9", "fd00::9"]);
        assert!(check.outcome == Outcome::Passed && check.fix.unwrap().contains("same network"));
        assert_eq!(named("example.org", &["192.168.1.9", "203.0.113.7"]).fix, None);
        assert_eq!(named("localhost", &["127.0.0.1"]).fix, None);
    }

    #[test]
    fn a_machine_without_such_a_network_does_not_blame_the_server() {
        let address = "[2001:db8::7]:443".parse().unwrap();
        for (address, error) in
            [("[2001:db8::7]:443", ErrorKind::AddrNotAvailable), ("203.0.113.7:443", ErrorKind::NetworkUnreachable)]
        {
            let check = closed(String::new(), address.parse().unwrap(), &error.into());
            assert_eq!(check.outcome, Outcome::Skipped);
        }
        let silent = io::Error::from(ErrorKind::TimedOut);
        let check = closed(String::new(), address, &silent);
        assert!(check.outcome == Outcome::Failed && check.fix.unwrap().contains("ufw allow 443/tcp"));
    }

    #[tokio::test]
    async fn what_could_not_be_tried_is_not_well() {
        // No system has a way for a stream to everybody.
        let target: Target = "https://255.255.255.255".parse().unwrap();
        let mut report = Report::new(String::new(), true);
        assert_eq!(find(&target, &mut report).await, None);
        let outcomes: Vec<_> = report.checks.iter().map(|check| check.outcome).collect();
        assert_eq!(outcomes, [Outcome::Skipped, Outcome::Skipped, Outcome::Failed], "{report:#?}");
        assert!(!report.passed && report.checks[2].fix.is_some());
    }
}
