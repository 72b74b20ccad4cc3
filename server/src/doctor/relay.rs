//! Whether two people who cannot reach each other directly do so through the relay: packets there and back, on every road that
//! the server offers.
//!
//! Separate from the TURN client, because this is the question, and that only a way to ask it.

use super::certificate::{self, Fingerprint};
use super::ice_url::{IceUrl, Road, Service};
use super::network::addresses;
use super::report::{Check, Outcome, Report};
use super::stun;
use super::target::{Target, connect};
use super::tls::Tls;
use super::turn::{Allocation, Carrier, TurnTrouble};
use crate::reach::is_private;
use core::time::Duration;
use signaling::protocol::IceServer;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;
use tokio::time::{sleep_until, timeout_at};

/// How many are sent.
const PACKETS: usize = 100;
/// What one measures; media packets are about as large.
const PACKET_BYTES: usize = 1000;
/// Between two of them: 1.6 Mbit/s, what a picture and its sound take.
const PACE: Duration = Duration::from_millis(5);
/// How long the last of them may be on its way.
const STRAGGLERS: Duration = Duration::from_secs(2);
/// The loss above which a call is spoiled.
const TOLERABLE: usize = 5;

/// What the two of them were told at the door.
pub(crate) struct Offers<'a> {
    /// At which address the page was reached.
    pub(crate) page: IpAddr,
    /// The one's servers.
    pub(crate) ana: &'a [IceServer],
    /// The other's.
    pub(crate) ben: &'a [IceServer],
}

/// By what certificates are judged.
#[derive(Clone, Copy)]
struct Trust<'a> {
    tls: &'a Tls,
    known: Option<&'a Fingerprint>,
}

/// How packets fared.
#[derive(Debug)]
pub(crate) struct Figures {
    /// How many came back.
    pub(crate) back: usize,
    /// How long half of them took at most.
    pub(crate) median: Duration,
}

/// Examines all that is offered.
pub(crate) async fn examine(offers: &Offers<'_>, tls: &Tls, known: Option<&Fingerprint>, report: &mut Report) {
    let for_ana = offered(offers.ana);
    if !for_ana.iter().any(|(url, _)| url.service == Service::Turn) {
        report.add(Check::failed(
            "Relay",
            "none is offered: people whose networks allow no direct way see black",
            "Let the server offer its own: start it without --turn-urls (or name one there that begins with turn: or turns:), \
             and where it stands behind a proxy with --relay-listen '[::]:3478'.",
        ));
    }
    let for_ben = offered(offers.ben);
    let trust = Trust { tls, known };
    for (url, server) in &for_ana {
        if let Some(check) = out_of_reach(url, offers.page) {
            report.add(check);
            continue;
        }
        match url.service {
            Service::Stun => report.add(binding(url, offers.page).await),
            Service::Turn => {
                let other = for_ben.iter().find(|(other, _)| other == url).map_or(*server, |(_, server)| *server);
                report.add(road(url, offers.page, [server, other], trust).await);
            }
        }
    }
    for missing in [Road::Udp, Road::Tcp, Road::Tls] {
        let is_there = for_ana.iter().any(|(url, _)| url.service == Service::Turn && url.road == missing);
        if !is_there && !for_ana.is_empty() {
            report.add(Check::skipped(name(missing), "is not offered"));
        }
    }
}

fn name(road: Road) -> String {
    format!("Relay, {}", road.name())
}

fn offered(servers: &[IceServer]) -> Vec<(IceUrl, &IceServer)> {
    let urls = servers.iter().flat_map(|server| server.urls.iter().map(move |url| (url, server)));
    urls.filter_map(|(url, server)| Some((url.parse().ok()?, server))).collect()
}

/// An address that is no way to the relay for whoever has come to the page from elsewhere.
fn out_of_reach(url: &IceUrl, page: IpAddr) -> Option<Check> {
    let told = url.host.parse::<IpAddr>().ok()?;
    let is_out = told.is_unspecified() || (is_private(told) && !is_private(page));
    is_out.then(|| {
        let name = if url.service == Service::Stun { "STUN".into() } else { name(url.road) };
        let words = format!("browsers are told of {url}, where nobody reaches it from elsewhere");
        Check::failed(name, words, "Say the name or the public address of the server: --relay-host rooms.example.org.")
    })
}

async fn binding(url: &IceUrl, page: IpAddr) -> Check {
    const NAME: &str = "STUN, UDP";
    let asked = async { stun::ask(nearest(url, page).await?).await };
    match asked.await {
        Ok(seen) if seen.as_address.ip().to_canonical() != seen.as_address.ip() => Check::failed(
            NAME,
            format!("{url} calls this machine {}, which is no address a browser can use", seen.as_address),
            "Use a STUN server that says IPv4 addresses as such.",
        ),
        Ok(seen) => {
            let words = format!("{url} sees this machine as {} ({} ms)", seen.as_address, seen.within.as_millis());
            Check::passed(NAME, words)
        }
        Err(error) => Check::failed(NAME, format!("{url}: {error}"), open_port(url)),
    }
}

/// Two allocations on one road, and packets between them.
async fn road(url: &IceUrl, page: IpAddr, [ana, ben]: [&IceServer; 2], trust: Trust<'_>) -> Check {
    let name = name(url.road);
    let (ways, certificate) = match ways(url, page, trust).await {
        Ok(ways) => ways,
        Err(error) => return Check::failed(name, format!("{url}: {error}"), open_port(url)),
    };
    if let Some(bad) = certificate.filter(|check| check.outcome == Outcome::Failed) {
        return Check { name, words: format!("{url}: its certificate {}", bad.words), ..bad };
    }
    match packets(ways, ana, ben).await {
        Ok(Figures { back, median }) if back + TOLERABLE >= PACKETS => {
            let millis = median.as_secs_f64() * 1000.0;
            Check::passed(name, format!("{url}: {back} of {PACKETS} packets came back, half of them in {millis:.1} ms"))
        }
        Ok(Figures { back, .. }) => Check::failed(
            name,
            format!("{url}: only {back} of {PACKETS} packets came back"),
            "The way to the server loses packets, or its receive buffer is small: \
             `sysctl -w net.core.rmem_max=4194304`, then start it again.",
        ),
        Err(TurnTrouble::Road(error)) => Check::failed(name, format!("{url}: {error}"), open_port(url)),
        Err(trouble) => Check::failed(
            name,
            format!("{url}: {trouble}"),
            "With a TURN server of your own, see that its secret is the one of --turn-secret and both clocks are right; \
             with the built-in one, see the server's log.",
        ),
    }
}

/// Opens the road twice; with TLS, also says what its certificate is worth.
async fn ways(url: &IceUrl, page: IpAddr, trust: Trust<'_>) -> io::Result<([Carrier; 2], Option<Check>)> {
    let address = nearest(url, page).await?;
    let mut judged = None;
    let mut opened = Vec::new();
    for _ in 0..2 {
        opened.push(match url.road {
            Road::Udp => Carrier::Datagrams(stun::datagrams(address).await?),
            Road::Tcp => {
                let stream = connect(address).await?;
                let (local, remote) = (stream.local_addr()?, stream.peer_addr()?);
                Carrier::Stream(Box::new(stream), local, remote)
            }
            Road::Tls => {
                let stream = connect(address).await?;
                let (local, remote) = (stream.local_addr()?, stream.peer_addr()?);
                let hands = trust.tls.shake_hands(stream, &url.host).await?;
                let target = Target { is_secure: true, host: url.host.clone(), port: url.port };
                judged = Some(certificate::judge(&target, &hands.certificate, &hands.verdict, trust.known));
                Carrier::Stream(hands.stream, local, remote)
            }
        });
    }
    let ways = <[Carrier; 2]>::try_from(opened).map_err(|_| io::Error::other("not two roads"))?;
    Ok((ways, judged))
}

/// Sends packets from the one to the other, who sends them back.
///
/// # Errors
/// [`TurnTrouble`]
pub(crate) async fn packets(ways: [Carrier; 2], ana: &IceServer, ben: &IceServer) -> Result<Figures, TurnTrouble> {
    let [first, second] = ways;
    let (mut ana, mut ben) = tokio::try_join!(allocation(first, ana), allocation(second, ben))?;
    let (to_ana, to_ben) = (ana.address, ben.address);
    tokio::try_join!(ana.open_to(to_ben), ben.open_to(to_ana))?;
    let figures = tokio::select! {
        trouble = send_back(&mut ben, to_ana) => Err(trouble),
        figures = measure(&mut ana, to_ben) => figures,
    };
    tokio::join!(ana.give_back(), ben.give_back());
    figures
}

async fn allocation(carrier: Carrier, server: &IceServer) -> Result<Allocation, TurnTrouble> {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    Allocation::new(carrier, &text(&server.username), &text(&server.credential)).await
}

async fn send_back(ben: &mut Allocation, to: SocketAddr) -> TurnTrouble {
    loop {
        let sent = match ben.receive().await {
            Ok((_, data)) => ben.send(to, &data).await,
            Err(trouble) => return trouble,
        };
        if let Err(trouble) = sent {
            return trouble;
        }
    }
}

async fn measure(ana: &mut Allocation, to: SocketAddr) -> Result<Figures, TurnTrouble> {
    let mut sent: Vec<Instant> = Vec::with_capacity(PACKETS);
    let mut back: Vec<Option<Duration>> = vec![None; PACKETS];
    let began = tokio::time::Instant::now();
    let mut end = began + STRAGGLERS;
    let mut next = began;
    while back.iter().any(Option::is_none) {
        tokio::select! {
            biased;
            () = sleep_until(next), if sent.len() < PACKETS => {
                let mut packet = vec![0; PACKET_BYTES];
                packet[..8].copy_from_slice(&sent.len().to_be_bytes());
                sent.push(Instant::now());
                ana.send(to, &packet).await?;
                next += PACE;
                end = next + STRAGGLERS;
            }
            received = timeout_at(end, ana.receive()) => {
                let Ok(received) = received else { break };
                let (_, packet) = received?;
                let number = packet.first_chunk().map(|bytes| usize::from_be_bytes(*bytes));
                let place = number.filter(|_| packet.len() == PACKET_BYTES);
                if let Some((slot, sent)) = place.and_then(|place| back.get_mut(place).zip(sent.get(place))) {
                    slot.get_or_insert_with(|| sent.elapsed());
                }
            }
        }
    }
    let mut times: Vec<Duration> = back.into_iter().flatten().collect();
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    Ok(Figures { back: times.len(), median })
}

/// That of a name's addresses which this machine has a way to; of several one of the kind by which the page was reached.
async fn nearest(url: &IceUrl, page: IpAddr) -> io::Result<SocketAddr> {
    let mut found = addresses(&url.host, url.port).await?;
    found.sort_by_key(|address| address.is_ipv6() != page.is_ipv6());
    for address in &found {
        // The system then looks for a way, and sends nothing.
        if stun::datagrams(*address).await.is_ok() {
            return Ok(*address);
        }
    }
    found.first().copied().ok_or_else(|| io::ErrorKind::NotFound.into())
}

fn open_port(url: &IceUrl) -> String {
    let (port, protocol) = (url.port, url.road.protocol());
    format!(
        "Let {} port {port} in: in the server's firewall (`ufw allow {port}/{protocol}`), at its provider, and at a router in \
         between; and let Parlour listen there (--listen, or --relay-listen behind a proxy).",
        protocol.to_uppercase()
    )
}
