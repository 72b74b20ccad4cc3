//! The program: reads its options, listens, and serves until it is told to stop.

use clap::Parser as _;
use server::Options;
use std::error::Error;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Sockets are open files, and the usual limit of a shell is 1,024.
const OPEN_FILES: u64 = 65_536;
/// These make a span of every packet that is relayed, which costs more than relaying it; `--log` can ask for them.
const QUIET: &str = "turn_server_proto=warn,stun_proto=warn";

fn main() -> ExitCode {
    let options = Options::parse();
    match serve(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", options.log));
    let valid = filter.as_ref().map(|_| ()).map_err(ToString::to_string);
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter.unwrap_or_default())
        .init();
    valid.map_err(|error| format!("--log: {error}; say a level like `info`, or levels like `parlour=debug,warn`"))?;
    if let Err(error) = rlimit::increase_nofile_limit(OPEN_FILES) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
    let listen = options.listen;
    let config = options.into_config()?;
    let listener = TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    let told_to_stop = async {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    };
    server::run(listener, config, told_to_stop).await;
    Ok(())
}
