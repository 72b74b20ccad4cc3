//! What the terminal shows of a self-signed certificate.
//!
//! Separate, because it is for eyes and telephones: addresses, a QR code, and what a browser is going to say.

use super::self_signed::addresses;
use core::cmp::Reverse;
use core::fmt::Write as _;
use qrcodegen::{QrCode, QrCodeEcc};
use std::net::{IpAddr, SocketAddr};

/// Light modules around a QR code, by its standard (ISO/IEC 18004).
const MARGIN: i32 = 4;

/// Returns where this machine is reached when it listens there, what others in the network would type first.
pub(super) fn urls(listening: SocketAddr) -> Vec<String> {
    let mut hosts = if listening.ip().is_unspecified() { addresses() } else { vec![listening.ip()] };
    if matches!(listening, SocketAddr::V4(_)) {
        hosts.retain(IpAddr::is_ipv4);
    }
    hosts.sort_by_key(|host| Reverse((!host.is_loopback(), is_private(*host), host.is_ipv4())));
    let port = match listening.port() {
        443 => String::new(),
        port => format!(":{port}"),
    };
    let url = |host: &IpAddr| match host {
        IpAddr::V4(host) => format!("https://{host}{port}/"),
        IpAddr::V6(host) => format!("https://[{host}]{port}/"),
    };
    hosts.iter().map(url).collect()
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

pub(super) fn greeting(urls: &[String], fingerprint: &str) -> String {
    let mut text = String::from("\nOpen one of these on a device in the same network:\n\n");
    for url in urls {
        let _ = writeln!(text, "    {url}");
    }
    text.push('\n');
    if let Some(code) = urls.first().and_then(|url| QrCode::encode_text(url, QrCodeEcc::Low).ok()) {
        text.push_str(&drawing(&code));
    }
    let (first, second) = fingerprint.split_at(fingerprint.len().div_ceil(2));
    let _ = write!(
        text,
        "\nThe browser will warn that the connection is not private: this server made its certificate itself, so nobody\n\
         vouches for it. Nothing is wrong as long as the certificate that the browser shows has this SHA-256 fingerprint:\n\n\
         \x20   {first}\n    {second}\n\n\
         Then choose \"Advanced\" and go on. Each browser asks once.\n"
    );
    text
}

/// Draws with two modules a character. Light is drawn, dark is left out: most terminals are dark, and telephones read it either
/// way round.
fn drawing(code: &QrCode) -> String {
    let modules = -MARGIN..code.size() + MARGIN;
    let mut text = String::new();
    for y in modules.clone().step_by(2) {
        text.push_str("    ");
        for x in modules.clone() {
            // Below the last line there is nothing to draw.
            let (upper, lower) = (!code.get_module(x, y), !code.get_module(x, y + 1) && y + 1 < modules.end);
            text.push(match (upper, lower) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_named_as_a_browser_takes_it() {
        assert_eq!(urls("192.0.2.1:443".parse().unwrap()), ["https://192.0.2.1/"]);
        assert_eq!(urls("[2001:db8::1]:3000".parse().unwrap()), ["https://[2001:db8::1]:3000/"]);
        assert!(urls("0.0.0.0:3000".parse().unwrap()).contains(&"https://127.0.0.1:3000/".to_owned()));
    }

    #[test]
    fn the_greeting_names_the_addresses_and_the_fingerprint() {
        let urls = ["https://192.0.2.1:3000/".to_owned()];
        let text = greeting(&urls, &["AB"; 32].join(":"));
        assert!(text.contains("    https://192.0.2.1:3000/\n") && text.contains("AB:AB"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() < 130), "{text}");
    }
}
