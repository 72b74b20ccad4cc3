//! What the owner of a server can decide.
//!
//! Separate, because every option has one name as a flag, one in the environment, one default, and is checked before anything
//! starts.

use super::address::{Network, ProxyHeader, TrustedProxies};
use super::allowance::PerMinute;
use super::connections::WRITE_DEADLINE;
use super::doctor::Doctor;
use super::relay::{RelayConfig, RelayOptions};
use super::same_origin::PublicUrl;
use super::site::{NoSite, Site};
use app::pages::AutoJoin;
use app::signaling::SocketConfig;
use app::signaling::session::SessionConfig;
use clap::{Parser, Subcommand};
use core::num::{NonZeroU32, NonZeroUsize};
use core::time::Duration;
use signaling::limits;
use signaling::rooms::RoomsConfig;
use std::net::SocketAddr;
use std::path::PathBuf;

const MEGABYTE: NonZeroU32 = NonZeroU32::new(1024 * 1024).expect("not zero");

/// A video room of your own: one program, no database, no third party.
#[derive(Debug, Clone, Parser)]
#[command(name = "parlour", version)]
pub struct Options {
    /// Address and port to listen on.
    #[arg(long, env = "PARLOUR_LISTEN", default_value = "127.0.0.1:3000", value_parser = socket_address)]
    pub listen: SocketAddr,

    /// Where visitors reach the server, as https://example.org; needed where a proxy changes the Host header. Pages of
    /// any other site are refused.
    #[arg(long, env = "PARLOUR_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Folder in which the rooms are kept, so that they outlive the server; made if it is missing.
    #[arg(long, env = "PARLOUR_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,

    /// Folder of the built site [default: `site` beside the program].
    #[arg(long, env = "PARLOUR_SITE_DIR", value_name = "DIR")]
    pub site_dir: Option<PathBuf>,

    /// People in one room, 2 to 64.
    #[arg(long, env = "PARLOUR_ROOM_CAPACITY", value_name = "N", default_value_t = limits::ROOM_PARTICIPANTS as u64, value_parser = clap::value_parser!(u64).range(2..=64))]
    pub room_capacity: u64,

    /// Rooms at once.
    #[arg(long, env = "PARLOUR_MAX_ROOMS", value_name = "N", default_value_t = NonZeroUsize::new(limits::ROOMS).expect("not zero"))]
    pub max_rooms: NonZeroUsize,

    /// Hours for which a room is kept while nobody is in it.
    #[arg(long, env = "PARLOUR_EMPTY_ROOM_HOURS", value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=24 * 365))]
    pub empty_room_hours: u64,

    /// Proxies whose word about the client's address is believed: addresses or networks, separated by commas.
    #[arg(
        long,
        env = "PARLOUR_TRUSTED_PROXY",
        value_name = "NETWORKS",
        value_delimiter = ',',
        default_value = "127.0.0.0/8,::1"
    )]
    pub trusted_proxy: Vec<Network>,

    /// The header in which they say it; what else looks like one is not read, since a client may have sent it.
    #[arg(long, env = "PARLOUR_PROXY_HEADER", value_name = "HEADER", value_enum, default_value_t)]
    pub proxy_header: ProxyHeader,

    /// Rooms that one address may make a minute.
    #[arg(long, env = "PARLOUR_ROOMS_PER_MINUTE", value_name = "N", default_value = "30")]
    pub rooms_per_minute: NonZeroU32,

    /// Times that one address may join a minute.
    #[arg(long, env = "PARLOUR_JOINS_PER_MINUTE", value_name = "N", default_value = "240")]
    pub joins_per_minute: NonZeroU32,

    /// Signaling connections that one address may open a minute.
    #[arg(long, env = "PARLOUR_CONNECTIONS_PER_MINUTE", value_name = "N", default_value = "480")]
    pub connections_per_minute: NonZeroU32,

    /// Messages that one participant may send a second, lastingly; twice as many in one go.
    #[arg(long, env = "PARLOUR_MESSAGES_PER_SECOND", value_name = "N", default_value_t = NonZeroU32::new(limits::MESSAGES_PER_SECOND).expect("not zero"))]
    pub messages_per_second: NonZeroU32,

    /// Messages that one address may send a minute, over all its connections.
    #[arg(long, env = "PARLOUR_MESSAGES_PER_MINUTE", value_name = "N", default_value = "60000")]
    pub messages_per_minute: NonZeroU32,

    /// Megabytes of messages that one address may send a minute, over all its connections.
    #[arg(long, env = "PARLOUR_MEGABYTES_PER_MINUTE", value_name = "N", default_value = "64")]
    pub megabytes_per_minute: NonZeroU32,

    /// Connections that one address may hold open at once.
    #[arg(long, env = "PARLOUR_CONNECTIONS_PER_ADDRESS", value_name = "N", default_value = "256")]
    pub connections_per_address: NonZeroUsize,

    /// Connections at once, of all addresses.
    #[arg(long, env = "PARLOUR_MAX_CONNECTIONS", value_name = "N", default_value = "20000")]
    pub max_connections: NonZeroUsize,

    /// Limit this machine's own addresses like any other.
    #[arg(long, env = "PARLOUR_LIMIT_LOOPBACK")]
    pub limit_loopback: bool,

    /// Let a link join a call without a click (`&join=1`) on every host, not on this machine alone.
    #[arg(long, env = "PARLOUR_AUTO_JOIN_ANYWHERE")]
    pub auto_join_anywhere: bool,

    /// The relay.
    #[command(flatten)]
    pub relay: RelayOptions,

    /// What to log: a level, or levels by module.
    #[arg(long, env = "PARLOUR_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,

    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program does beside serving; the options before it say which server is meant.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Looks at a server as a visitor's browser would: name, certificate, page, signaling, relay; says what does not work, and
    /// what to do.
    Doctor(Doctor),
    /// Ends well if the server that the options describe answers.
    Health,
}

/// What a running server goes by.
#[derive(Debug, Clone)]
pub struct Config {
    /// The built site.
    pub site: Site,
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

impl Options {
    /// Finds the site, and leaves what the server goes by.
    ///
    /// # Errors
    /// [`NoSite`] when there is none.
    pub fn into_config(self) -> Result<Config, NoSite> {
        let messages = f64::from(self.messages_per_second.get());
        Ok(Config {
            site: Site::find(self.site_dir.as_deref())?,
            write_deadline: WRITE_DEADLINE,
            state_dir: self.state_dir,
            rooms: RoomsConfig {
                capacity: usize::try_from(self.room_capacity).unwrap_or(limits::ROOM_PARTICIPANTS),
                rooms: self.max_rooms.get(),
                empty_room: Duration::from_secs(self.empty_room_hours * 60 * 60),
            },
            socket: SocketConfig { rate: messages, burst: messages * 2.0, ..SocketConfig::default() },
            session: SessionConfig::default(),
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
            public_url: self.public_url,
            relay: self.relay.into_config(),
        })
    }
}

impl Config {
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
        let options = Options::parse_from(["parlour"].map(std::ffi::OsString::from));
        let config = Options { site_dir: Some(folder), ..options }.into_config();
        Self { site, ..config.expect("the site is named") }
    }
}

fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "not an address and a port like 127.0.0.1:3000 or [::]:3000".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Result<Options, String> {
        Options::try_parse_from(["parlour"].iter().chain(arguments)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_stand() {
        let options = options(&[]).unwrap();
        assert_eq!(options.listen.to_string(), "127.0.0.1:3000");
        assert_eq!((options.room_capacity, options.empty_room_hours), (8, 24));
        assert!(!options.limit_loopback && !options.auto_join_anywhere);
    }

    #[test]
    fn a_bad_value_is_refused_with_the_accepted_form() {
        for (arguments, form) in [
            (["--listen", "3000"], "127.0.0.1:3000"),
            (["--public-url", "example.org"], "https://example.org"),
            (["--trusted-proxy", "proxy"], "10.0.0.0/8"),
            (["--room-capacity", "1"], "2..=64"),
            (["--rooms-per-minute", "0"], "zero"),
        ] {
            let refusal = options(&arguments).unwrap_err();
            assert!(refusal.contains(form), "{refusal}");
        }
    }
}
