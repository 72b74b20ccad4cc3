//! A long road, for tests on kernels that have none to offer: holds each packet of a netfilter queue for a while, then lets it go
//! on. In the order in which they came, and none is lost. It may also stand still now and then, as a busy wireless network does.
//!
//! `cargo run --release -p server --example delay_line -- --queue N --milliseconds N [--stalls N]`, as root; packets come to the
//! queue by a rule like `iptables -A INPUT -j NFQUEUE --queue-num N`.
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
    use signaling::time::Jitter;
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

    /// Between two stalls it is steady for this long at the most, and for half of it at the least.
    const STEADY: Duration = Duration::from_secs(2);

    #[derive(Parser)]
    struct Options {
        /// The number of the netfilter queue.
        #[arg(long)]
        queue: u16,
        /// How long each packet is held.
        #[arg(long)]
        milliseconds: u64,
        /// How long a stall is at the most, in milliseconds; at the least it is half of that. None without.
        #[arg(long, default_value_t = 0)]
        stalls: u64,
    }

    /// When nothing comes through: always the same for the same seed.
    struct Stalls {
        longest: Duration,
        jitter: Jitter,
        from: Instant,
        to: Instant,
    }

    impl Stalls {
        fn new(longest: Duration) -> Self {
            let now = Instant::now();
            Self { longest, jitter: Jitter::new(1), from: now, to: now }
        }

        /// Returns when the line moves, if it is asked now.
        fn end(&mut self, now: Instant) -> Instant {
            if now >= self.to {
                self.from = now + self.jitter.spread(STEADY);
                self.to = self.from + self.jitter.spread(self.longest);
            }
            if now >= self.from { self.to } else { now }
        }
    }

    pub(super) fn run() -> Result<()> {
        let Options { queue: number, milliseconds, stalls } = Options::parse();
        let delay = Duration::from_millis(milliseconds);
        let mut stalls = Stalls::new(Duration::from_millis(stalls));
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
            let now = Instant::now();
            let moves = stalls.end(now) <= now;
            while moves && held.front().is_some_and(|(due, _)| *due <= now) {
                if let Some((_, packet)) = held.pop_front() {
                    queue.verdict(packet)?; // a packet is accepted unless we said otherwise
                }
            }
        }
    }
}
