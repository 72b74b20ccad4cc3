//! A long road, for tests on kernels that have none to offer: holds each packet of a netfilter queue for a while, then lets it go
//! on. In the order in which they came, and none is lost.
//!
//! `cargo run --release -p server --example delay_line -- --queue N --milliseconds N`, as root; packets come to the queue by a
//! rule like `iptables -A INPUT -j NFQUEUE --queue-num N`.
#![allow(clippy::print_stdout, reason = "it says when it listens")]

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    line::run()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("netfilter is Linux's");
}

#[cfg(target_os = "linux")]
mod line {
    use clap::Parser;
    use nfq::Queue;
    use std::collections::VecDeque;
    use std::io::{ErrorKind, Result};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    /// The queue is looked at this often: packets are late by so much at the most.
    const TICK: Duration = Duration::from_millis(1);
    /// Packets that may be held at once; the kernel drops what is more.
    const LENGTH: u32 = 65_536;
    /// Bytes of a packet that we are shown: they stay with the kernel, and we read none.
    const SHOWN: u16 = 64;

    #[derive(Parser)]
    struct Options {
        /// The number of the netfilter queue.
        #[arg(long)]
        queue: u16,
        /// How long each packet is held.
        #[arg(long)]
        milliseconds: u64,
    }

    pub(super) fn run() -> Result<()> {
        let Options { queue: number, milliseconds } = Options::parse();
        let delay = Duration::from_millis(milliseconds);
        let mut queue = Queue::open()?;
        queue.bind(number)?;
        queue.set_queue_max_len(number, LENGTH)?;
        queue.set_copy_range(number, SHOWN)?;
        queue.set_nonblocking(true);
        println!("listening on queue {number}");

        let mut held = VecDeque::new();
        loop {
            match queue.recv() {
                Ok(packet) => held.push_back((Instant::now() + delay, packet)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => sleep(TICK),
                Err(error) => return Err(error),
            }
            while held.front().is_some_and(|(due, _)| *due <= Instant::now()) {
                if let Some((_, packet)) = held.pop_front() {
                    queue.verdict(packet)?; // a packet is accepted unless we said otherwise
                }
            }
        }
    }
}
