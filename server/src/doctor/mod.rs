//! `parlour doctor`: looks at a server from the outside, as a visitor's browser would, and says of each thing whether it works
//! and what to do if not.
//!
//! Separate from the server, of which it uses nothing but the protocol. In reading order: [`report`] is what it says; `target`
//! what is examined; `network`, `tls`, `certificate`, `http`, `page` are the way to the page; `room`, `ice_url`, `stun`, `turn`, `relay`
//! the way to each other.

mod certificate;
mod http;
mod ice_url;
mod network;
mod page;
mod relay;
pub mod report;
mod room;
mod stun;
mod target;
mod tls;
mod turn;
#[cfg(test)]
mod turn_tests;

pub use certificate::Fingerprint;
pub use report::Report;

use self::relay::Offers;
use crate::advice::{Facts, warnings};
use crate::config::Options;
use crate::reach::from_here;
use clap::Args;
use report::Check;
use room::{Guest, Trouble};
use target::{Line, Target};
use tls::{Handshake, Tls};

/// What `parlour doctor` is told.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// The server to look at, as https://example.org [default: the one that the options before `doctor`, the variables and the
    /// configuration file describe, and this machine with it].
    #[arg(value_name = "URL", value_parser = |text: &str| text.parse::<Target>().map(|target| target.to_string()))]
    url: Option<String>,

    /// Says it all at the end, as JSON, for scripts.
    #[arg(long)]
    json: bool,

    /// The SHA-256 fingerprint of a self-signed certificate that is meant to be there, as the server shows it at its start.
    #[arg(long, value_name = "SHA256")]
    fingerprint: Option<Fingerprint>,
}

impl Doctor {
    /// Looks, says what there is, and returns whether everything works that is needed.
    pub async fn run(&self, options: &Options) -> bool {
        let target = match self.url.as_ref().and_then(|url| url.parse().ok()) {
            Some(target) => target,
            None => configured(options).await,
        };
        let mut report = Report::new(target.to_string(), self.json);
        if self.url.is_none() {
            for warning in warnings(&Facts::gather(options).await) {
                report.add(Check::skipped("This machine", warning.words).with_fix(warning.fix));
            }
        }
        self.examine(target, &mut report).await;
        report.end();
        report.passed
    }

    async fn examine(&self, target: Target, report: &mut Report) {
        let Some(address) = network::find(&target, report).await else { return };
        let line = Line { target, address, tls: Tls::of_this_machine() };
        let is_trusted = self.certificate(&line, report).await;
        if !is_trusted {
            return;
        }
        report.add(page::page(&line).await);
        if line.target.is_secure {
            report.add(page::redirect(&line).await);
        }
        match two_people(&line, report).await {
            Ok([ana, ben]) => {
                let (for_ana, for_ben) = (&ana.welcome.ice_servers, &ben.welcome.ice_servers);
                let offers = Offers { page: address.ip(), ana: for_ana, ben: for_ben };
                relay::examine(&offers, &line.tls, self.fingerprint.as_ref(), report).await;
                tokio::join!(ana.leave(), ben.leave());
            }
            Err(trouble) => report.add(Check::failed("Room", trouble.to_string(), trouble.fix(&line))),
        }
    }

    /// Judges the certificate; returns whether there is anything to speak to behind it.
    async fn certificate(&self, line: &Line, report: &mut Report) -> bool {
        const NAME: &str = "Certificate";
        if !line.target.is_secure {
            report.add(if line.target.is_loopback() {
                Check::skipped(NAME, "is not needed on this machine itself")
            } else {
                let words = "there is none: browsers give pages that come by http neither camera nor microphone";
                let fix = "Start the server with --domain and its name; on a network without one with --tls self-signed; or \
                           put a proxy before it.";
                Check::failed(NAME, words, fix)
            });
            return true;
        }
        let shaken = async {
            let stream = target::connect(line.address).await?;
            line.tls.shake_hands(stream, &line.target.host).await
        };
        match shaken.await {
            Ok(Handshake { certificate, verdict, .. }) => {
                let known = self.fingerprint.as_ref();
                report.add(certificate::judge(&line.target, &certificate, &verdict, known));
                true
            }
            Err(error) => {
                let fix = "See whether the server speaks TLS on this port: --domain, --tls-cert or --tls self-signed, or a \
                           proxy before it. If it speaks plain http, examine that: http://….";
                report.add(Check::failed(NAME, format!("the TLS handshake fails: {error}"), fix));
                false
            }
        }
    }
}

/// Makes a room, and goes in twice.
async fn two_people(line: &Line, report: &mut Report) -> Result<[Guest; 2], Trouble> {
    let room = room::make(line).await?;
    report.add(Check::passed("Room", "one was made; it is forgotten when it has been empty for some time"));
    let ana = Guest::enter(line, &room, "Doctor").await?;
    let ben = Guest::enter(line, &room, "Patient").await?;
    report.add(Check::passed("Signaling", "the WebSocket opens, and two people are in the room"));
    Ok([ana, ben])
}

/// The server that these options describe: where visitors reach it, or else where it listens, by the first address that opens.
async fn configured(options: &Options) -> Target {
    if let Some(target) = options.visitors().and_then(|url| url.to_string().parse().ok()) {
        return target;
    }
    let listen = options.address();
    let near = from_here(listen);
    // The first is named where none opens.
    let mut nearest = near.first().copied().unwrap_or(listen);
    for address in near {
        if target::connect(address).await.is_ok() {
            nearest = address;
            break;
        }
    }
    Target { is_secure: options.has_tls(), host: nearest.ip().to_string(), port: listen.port() }
}
