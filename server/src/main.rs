//! The program: reads its options, listens, and serves until it is told to stop; or looks at a server.

use clap::Parser as _;
use server::doctor::Doctor;
use server::sockets::Handed;
use server::{Command, Options};
use std::error::Error;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Sockets are open files, and the usual limit of a shell is 1,024.
const OPEN_FILES: u64 = 65_536;

fn main() -> ExitCode {
    let options = Options::parse();
    let ended = match options.command.clone() {
        None => Handed::take().map_err(Into::into).and_then(|handed| serve(options, handed)),
        Some(Command::Doctor(doctor)) => return examine(&doctor, &options),
        Some(Command::Health) => ask(&options),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn examine(doctor: &Doctor, options: &Options) -> ExitCode {
    if doctor.run(options).await { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[tokio::main]
async fn ask(options: &Options) -> Result<(), Box<dyn Error>> {
    let listen = options.listen;
    server::health::ask(listen).await.map_err(|error| format!("nothing well listens on {listen}: {error}").into())
}

#[tokio::main]
async fn serve(options: Options, mut handed: Handed) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_new(&options.log);
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
    tokio::spawn(server::advice::warn(options.clone()));
    let config = options.into_config()?;
    let listener = match handed.tcp("https").or_else(|| handed.tcp("http")) {
        Some(listener) => TcpListener::from_std(listener)?,
        None => TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?,
    };
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
