//! The options: each has one name as a flag, one in the environment, one in the file, and one default.
//!
//! Separate, because `--help` and the README are made of it.

use super::file;
use crate::address::{Network, ProxyHeader};
use crate::doctor::Doctor;
use crate::relay::RelayOptions;
use crate::same_origin::PublicUrl;
use crate::tls::TlsOptions;
use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use core::num::{NonZeroU32, NonZeroUsize};
use signaling::limits;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;

/// A video room of your own: one program, no database, no third party.
#[derive(Debug, Clone, Parser)]
#[command(name = "parlour", version)]
pub struct Options {
    /// File of options (TOML), each named as its flag is, without the dashes in front. Flags and variables come before it.
    #[arg(long, env = "PARLOUR_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address and port to listen on [default: 127.0.0.1:3000; with a certificate [::]:443, with one of the server's own
    /// making [::]:3000].
    #[arg(long, env = "PARLOUR_LISTEN", value_name = "ADDRESS", value_parser = socket_address)]
    pub listen: Option<SocketAddr>,

    /// Where the certificate comes from, if the server speaks TLS.
    #[command(flatten)]
    pub tls: TlsOptions,

    /// Where visitors reach the server, as https://example.org; needed where a proxy changes the Host header [default:
    /// https:// and the domain, if there is one]. Pages of any other site are refused.
    #[arg(long, env = "PARLOUR_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Folder in which rooms and keys are kept, so that they outlive the server; made if it is missing [default:
    /// /var/lib/parlour with --domain, else none].
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
    #[arg(long, env = "PARLOUR_LOG", value_name = "FILTER", default_value = "info", value_parser = log_filter)]
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

impl Options {
    /// Reads them from arguments, the first of which is the program's name; what these leave out from the environment, and
    /// what that leaves out from the file that one of both names.
    ///
    /// # Errors
    /// Something to print and to end with: what is wrong, and the accepted form; or the help that was asked for.
    pub fn read(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let mut command = Self::command();
        // What is wrong with the other arguments is said below.
        let early = command.clone().ignore_errors(true).try_get_matches_from(&arguments).ok();
        let named = early.and_then(|matches| matches.get_one::<PathBuf>("config").cloned());
        if let Some(path) = named {
            command = file::with_defaults(command.clone(), &path)
                .map_err(|refusal| command.error(ErrorKind::ValueValidation, refusal))?;
        }
        Self::from_arg_matches(&command.try_get_matches_from(&arguments)?)
    }
}

pub(crate) fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "not an address and a port like 127.0.0.1:3000 or [::]:3000".into())
}

fn log_filter(text: &str) -> Result<String, String> {
    let read = EnvFilter::try_new(text);
    read.map(|_| text.to_owned())
        .map_err(|error| format!("{error}; say a level like `info`, or levels like `parlour=debug,warn`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Result<Options, String> {
        Options::read(["parlour"].iter().chain(arguments)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_stand() {
        let options = options(&[]).unwrap();
        assert_eq!(options.listen, None);
        assert_eq!((options.room_capacity, options.empty_room_hours), (8, 24));
        assert!(!options.limit_loopback && !options.auto_join_anywhere);
    }

    #[test]
    fn a_bad_value_is_refused_with_the_accepted_form() {
        for (arguments, form) in [
            (["--log", "=="], "parlour=debug,warn"),
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
