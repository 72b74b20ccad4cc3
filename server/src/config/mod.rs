//! What the owner of a server can decide.
//!
//! Separate, because everything is checked before anything starts. In reading order: `options` is what can be said, `file` is where
//! else than in flags and variables, and here is what follows from it.

mod file;
mod options;

pub(crate) use options::socket_address;
pub use options::{Command, Options};

use super::address::TrustedProxies;
use super::allowance::PerMinute;
use super::connections::WRITE_DEADLINE;
use super::relay::{Halved, RelayConfig};
use super::same_origin::PublicUrl;
use super::secrets::Secrets;
use super::site::{NoSite, Site};
use super::tls::{Tls, TlsError, TlsSource};
use app::pages::AutoJoin;
use app::signaling::SocketConfig;
use app::signaling::session::SessionConfig;
use core::num::{NonZeroU32, NonZeroUsize};
use core::time::Duration;
use signaling::limits;
use signaling::rooms::RoomsConfig;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

const MEGABYTE: NonZeroU32 = NonZeroU32::new(1024 * 1024).expect("not zero");
/// Where a server with a domain keeps what it must not lose, unless told otherwise.
const SYSTEM_STATE_DIR: &str = "/var/lib/parlour";

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// There is no site.
    #[error(transparent)]
    Site(#[from] NoSite),
    /// There is no certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A relay elsewhere is half named.
    #[error(transparent)]
    Relay(#[from] Halved),
    /// There is no place for keys.
    #[error("{path} cannot hold the certificate: {error}; name a folder that this program may write by --state-dir", path = path.display())]
    State {
        /// The state folder.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
}

/// What a running server goes by.
#[derive(Debug, Clone)]
pub struct Config {
    /// The built site.
    pub site: Site,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where plain HTTP is answered by a redirect, beside that.
    pub redirect: Option<Redirect>,
    /// The server's end of TLS, if it speaks that itself.
    pub tls: Option<Tls>,
    /// Keys and the like.
    pub secrets: Secrets,
    /// Where visitors reach the server, if that is known.
    pub public_url: Option<PublicUrl>,
    /// How long a client may take nothing of an answer.
    pub write_deadline: Duration,
    /// Where rooms are kept.
    pub state_dir: Option<PathBuf>,
    /// The limits of rooms.
    pub rooms: RoomsConfig,
    /// The patience with a socket.
    pub socket: SocketConfig,
    /// The patience with a conversation.
    pub session: SessionConfig,
    /// Whether a link may join a call without a click for visitors from anywhere.
    pub auto_join_anywhere: bool,
    /// What each address may do.
    pub limits: ClientLimits,
    /// STUN and TURN.
    pub relay: RelayConfig,
}

/// What each address may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLimits {
    /// Proxies that name the address they speak for.
    pub proxies: TrustedProxies,
    /// Rooms made.
    pub rooms: PerMinute,
    /// Joins.
    pub joins: PerMinute,
    /// Sockets opened.
    pub connections: PerMinute,
    /// Messages on all its sockets.
    pub messages: PerMinute,
    /// Bytes of them.
    pub bytes: PerMinute,
    /// Connections at once.
    pub open: NonZeroUsize,
    /// Connections at once, of all addresses.
    pub open_in_all: NonZeroUsize,
    /// Whether this machine's own addresses are limited too.
    pub loopback: bool,
}

/// Where plain HTTP is answered by a redirect to https.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirect {
    /// The address.
    pub address: SocketAddr,
    /// Whether the owner asked for it, so that the server does not go without.
    pub is_wanted: bool,
}

impl Redirect {
    fn new(named: Option<SocketAddr>, source: Option<&TlsSource>) -> Option<Self> {
        match (named, source) {
            (_, None) => None,
            (Some(address), Some(_)) => Some(Self { address, is_wanted: true }),
            (None, Some(TlsSource::Acme(_))) => Some(Self { address: everywhere(80), is_wanted: false }),
            (None, Some(_)) => None,
        }
    }
}

impl Options {
    /// Returns where a server with these options listens.
    pub fn address(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| default_address(self.tls.source().ok().flatten().as_ref()))
    }

    /// Returns where visitors reach such a server, if the options tell.
    pub(crate) fn visitors(&self) -> Option<PublicUrl> {
        let domain = || self.tls.domain.first().and_then(|domain| PublicUrl::of_domain(domain));
        self.public_url.clone().or_else(domain)
    }

    /// Returns whether such a server speaks TLS itself.
    pub(crate) fn has_tls(&self) -> bool {
        self.tls.source().is_ok_and(|source| source.is_some())
    }

    /// Finds the site and the certificate, and leaves what the server goes by.
    ///
    /// # Errors
    /// [`Unfit`] when something is missing, or options contradict each other.
    pub fn into_config(self) -> Result<Config, Unfit> {
        let site = Site::find(self.site_dir.as_deref())?;
        let source = self.tls.source()?;
        let state_dir = match &source {
            Some(TlsSource::Acme(_)) => self.state_dir.or_else(|| Some(PathBuf::from(SYSTEM_STATE_DIR))),
            _ => self.state_dir,
        };
        let secrets = Secrets::open(state_dir.as_deref()).or_else(|error| match &state_dir {
            // Certificates that are not kept would be asked for at each start, more often than an authority gives them.
            Some(path) if matches!(source, Some(TlsSource::Acme(_))) => Err(Unfit::State { path: path.clone(), error }),
            _ => {
                tracing::warn!(%error, "keys cannot be kept in the state folder: new ones are made at each start");
                Ok(Secrets::nowhere())
            }
        })?;
        let tls = source.as_ref().map(|source| Tls::open(source, &secrets)).transpose()?;
        let public_url = self.public_url.or_else(|| own_url(source.as_ref()));
        let relay = self.relay.into_config(public_url.as_ref())?;
        let messages = f64::from(self.messages_per_second.get());
        Ok(Config {
            site,
            listen: self.listen.unwrap_or_else(|| default_address(source.as_ref())),
            redirect: Redirect::new(self.tls.redirect_listen, source.as_ref()),
            tls,
            secrets,
            write_deadline: WRITE_DEADLINE,
            state_dir,
            rooms: RoomsConfig {
                capacity: usize::try_from(self.room_capacity).unwrap_or(limits::ROOM_PARTICIPANTS),
                rooms: self.max_rooms.get(),
                empty_room: Duration::from_secs(self.empty_room_hours * 60 * 60),
            },
            socket: SocketConfig { rate: messages, burst: messages * 2.0, ..SocketConfig::default() },
            session: SessionConfig { ice_renewal: Some(relay.credentials / 2), ..SessionConfig::default() },
            auto_join_anywhere: self.auto_join_anywhere,
            limits: ClientLimits {
                proxies: TrustedProxies { networks: self.trusted_proxy, header: self.proxy_header },
                rooms: PerMinute(self.rooms_per_minute),
                joins: PerMinute(self.joins_per_minute),
                connections: PerMinute(self.connections_per_minute),
                messages: PerMinute(self.messages_per_minute),
                bytes: PerMinute(self.megabytes_per_minute.saturating_mul(MEGABYTE)),
                open: self.connections_per_address,
                open_in_all: self.max_connections,
                loopback: self.limit_loopback,
            },
            relay,
            public_url,
        })
    }
}

fn default_address(source: Option<&TlsSource>) -> SocketAddr {
    match source {
        None => (Ipv4Addr::LOCALHOST, 3000).into(),
        Some(TlsSource::SelfSigned) => everywhere(3000),
        Some(TlsSource::Files { .. } | TlsSource::Acme(_)) => everywhere(443),
    }
}

fn everywhere(port: u16) -> SocketAddr {
    (Ipv6Addr::UNSPECIFIED, port).into()
}

/// One domain is where visitors come; of several, each may be.
fn own_url(source: Option<&TlsSource>) -> Option<PublicUrl> {
    match source? {
        TlsSource::Acme(settings) => match settings.domains.as_slice() {
            [domain] => PublicUrl::of_domain(domain),
            _ => None,
        },
        _ => None,
    }
}

impl Config {
    /// Returns whether visitors come by TLS, ours or a proxy's, with a certificate that browsers believe: they may be told never
    /// to come otherwise.
    pub(crate) fn has_trusted_tls(&self) -> bool {
        match &self.tls {
            Some(tls) => tls.is_trusted(),
            None => self.public_url.as_ref().is_some_and(PublicUrl::is_secure),
        }
    }

    /// Returns who may be brought into a call by a link alone.
    pub(crate) fn auto_join(&self) -> AutoJoin {
        match &self.public_url {
            _ if self.auto_join_anywhere => AutoJoin::Everyone,
            Some(url) if url.is_loopback() => AutoJoin::Everyone,
            Some(_) => AutoJoin::Nobody,
            None => AutoJoin::ThisMachine,
        }
    }

    /// Returns the defaults for this site, as without any flag.
    pub fn for_site(site: Site) -> Self {
        let folder = site.folder().to_owned();
        let options = Options::read(["parlour"]).expect("the defaults are accepted");
        let config = Options { site_dir: Some(folder), ..options }.into_config();
        Self { site, ..config.expect("the site is named") }
    }
}
