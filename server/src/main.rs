//! The program: reads its options, listens, and serves until it is told to stop; or looks at a server.

use server::doctor::Doctor;
use server::sockets::Handed;
use server::{Command, Config, Listeners, Options};
use std::error::Error;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Sockets are open files, and the usual limit of a shell is 1,024.
const OPEN_FILES: u64 = 65_536;
/// These make a span of every packet that is relayed, which costs more than relaying it, and a line of every first question;
/// `--log` can ask for them.
const QUIET: &str = "turn_server_proto=off,turn_types=off,stun_proto=off,stun_types=off";

fn main() -> ExitCode {
    let options = Options::read(std::env::args_os()).unwrap_or_else(|refusal| refusal.exit());
    let ended = match options.command.clone() {
        None => Handed::take().map_err(Into::into).and_then(|handed| serve(options, handed)),
        Some(Command::Doctor(doctor)) => return examine(&doctor, &options),
        Some(Command::Health) => return ask(&options),
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
#[expect(clippy::print_stderr, reason = "for whoever asked")]
async fn ask(options: &Options) -> ExitCode {
    let address = options.address();
    match server::health::ask(address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("No sound server answers at {address}: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(options: Options, handed: Handed) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(EnvFilter::try_new(format!("{QUIET},{}", options.log))?)
        .init();
    if let Err(error) = rlimit::increase_nofile_limit(OPEN_FILES) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
    tokio::spawn(server::advice::warn(options.clone()));
    let config = options.into_config()?;
    let listeners = Listeners::bind(&config, handed)?;
    let address = listeners.address()?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    tracing::info!("listening on {scheme}://{address}");
    greet(&config, address);
    let told_to_stop = async {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    };
    Ok(server::run(listeners, config, told_to_stop).await?)
}

/// Shows how to open the site from other devices, where browsers are going to warn.
#[expect(clippy::print_stdout, reason = "for whoever started the program, not for the log")]
fn greet(config: &Config, address: SocketAddr) {
    if let Some(greeting) = config.tls.as_ref().and_then(|tls| tls.greeting(address)) {
        println!("{greeting}");
    }
}
