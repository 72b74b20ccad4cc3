//! Loads the relay and coturn in turns, with the same clients at the same load: what each carries, what it costs, how long it takes.
//!
//! `cargo run --release -p server --example relay_load -- [--program PATH] [--pairs N] [--rate N] [--rounds N]`
//!
//! In reading order: `subject` is what is loaded; `pairs` are the clients; `load` is what they send and hear; `table` what is
//! shown of it. Beside the two servers stands the plainest one there can be, which sends every datagram back: the floor.
#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

mod load;
mod pairs;
mod subject;
mod table;
#[path = "../../tests/support/turn.rs"]
mod turn;

use clap::Parser;
use load::{Load, Sample};
use pairs::{Pairs, Road};
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;
use subject::{Kind, Subject};
use table::Table;

pub(crate) type Result<T> = core::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Of what is sent, at most this is lost while a server carries its load.
const LOSS: f64 = 0.005;
/// From one step to the next, on the way to the most that can be carried.
const STEP: f64 = 1.25;

#[derive(Parser)]
struct Options {
    /// The server's program [default: the release build, or else the one in target/parlour].
    #[arg(long, env = "PARLOUR_PROGRAM")]
    program: Option<PathBuf>,
    /// Pairs of clients that send to each other.
    #[arg(long, default_value_t = 4)]
    pairs: usize,
    /// Datagrams a second at which servers are compared.
    #[arg(long, default_value_t = 10_000)]
    rate: u64,
    /// How long each measurement takes.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How often every server has its turn.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Is the floor itself, in a process of its own.
    #[arg(long, hide = true)]
    echo: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    if options.echo {
        return subject::echo();
    }
    rlimit::increase_nofile_limit(65_536)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let kinds = [Kind::Parlour, Kind::Coturn, Kind::Echo];
    let kinds: Vec<_> = kinds.into_iter().filter(|kind| kind.is_here()).collect();
    println!("{} pairs, 1,200 bytes, {} s each, {} rounds, in turns", options.pairs, options.seconds, options.rounds);
    let mut table = Table::default();
    for round in 1..=options.rounds {
        for kind in &kinds {
            for road in kind.roads() {
                let subject = Subject::start(*kind, options.program.as_deref())?;
                let pairs = Pairs::open(&runtime, &subject, *road, options.pairs)?;
                measure(&options, &subject, &pairs, &mut table)?;
            }
            println!("round {round}: {}", kind.name());
        }
    }
    table.show(&options);
    Ok(())
}

fn measure(options: &Options, subject: &Subject, pairs: &Pairs, table: &mut Table) -> Result<()> {
    let (rate, length) = (options.rate, Duration::from_secs(options.seconds));
    let load = Load { rate, burst: 1, length };
    pairs.run(&Load { length: Duration::from_millis(300), ..load }, subject)?; // Everything is warm after it.
    let row = |what: &str| (pairs.road(), what.to_owned());
    table.add(row("one by one"), subject.kind(), &pairs.run(&load, subject)?);
    if pairs.road() == Road::Udp {
        table.add(row("in bursts of 8"), subject.kind(), &pairs.run(&Load { burst: 8, ..load }, subject)?);
        for burst in [1, 8] {
            let most = most(pairs, subject, &Load { burst, length: length / 2, ..load })?;
            table.add(row(if burst == 1 { "most, one by one" } else { "most, in bursts of 8" }), subject.kind(), &most);
        }
    }
    Ok(())
}

/// Goes up in steps until too much is lost, or the clients cannot send more; returns the last that was carried.
fn most(pairs: &Pairs, subject: &Subject, load: &Load) -> Result<Sample> {
    let mut best = pairs.run(load, subject)?;
    let mut rate = load.rate as f64;
    loop {
        rate *= STEP;
        let sample = pairs.run(&Load { rate: rate as u64, ..*load }, subject)?;
        // What other processes do may spoil one step: it has a second try.
        let sample =
            if sample.loss() > LOSS { pairs.run(&Load { rate: rate as u64, ..*load }, subject)? } else { sample };
        if sample.loss() > LOSS {
            return Ok(best);
        }
        let falls_behind = sample.per_second() < 0.9 * rate;
        if sample.per_second() > best.per_second() {
            best = sample;
        }
        if falls_behind {
            return Ok(best);
        }
    }
}
