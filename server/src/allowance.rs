//! How much each client may ask for.
//!
//! Separate, because it is bookkeeping by address with one promise of its own: its memory is bounded, however many
//! addresses come.

use super::address::subscriber;
use core::num::NonZeroU32;
use core::time::Duration;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Addresses remembered at once by one table.
const REMEMBERED: usize = 65_536;

/// So many in one go, and so many a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerMinute(pub NonZeroU32);

/// Token buckets by client. When there are too many, those who spent least are forgotten, which can only be generous.
#[derive(Debug)]
pub(crate) struct Allowance {
    rate: PerMinute,
    spent: Mutex<HashMap<IpAddr, Spent>>,
}

#[derive(Debug, Clone, Copy)]
struct Spent {
    tokens: f64,
    at: Instant,
}

impl Allowance {
    pub(crate) fn new(rate: PerMinute) -> Self {
        Self { rate, spent: Mutex::default() }
    }

    /// Takes one, or says how long to wait for the next.
    pub(crate) fn take(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        self.take_many(address, 1.0, now)
    }

    /// Takes so many, or says how long to wait for them.
    pub(crate) fn take_many(&self, address: IpAddr, many: f64, now: Instant) -> Result<(), Duration> {
        let burst = f64::from(self.rate.0.get());
        let per_second = burst / 60.0;
        let mut table = lock(&self.spent);
        if table.len() >= REMEMBERED {
            forget(&mut table, burst, per_second, now);
        }
        let spent = table.entry(subscriber(address)).or_insert(Spent { tokens: 0.0, at: now });
        let left = spent.after(now, per_second);
        if left + many > burst {
            return Err(Duration::from_secs_f64((left + many - burst) / per_second));
        }
        *spent = Spent { tokens: left + many, at: now };
        Ok(())
    }
}

impl Spent {
    /// Returns what is still counted later on.
    fn after(self, now: Instant, per_second: f64) -> f64 {
        (self.tokens - now.duration_since(self.at).as_secs_f64() * per_second).max(0.0)
    }
}

/// Makes room: by those whose time is over, or else by the half that have spent least.
fn forget(table: &mut HashMap<IpAddr, Spent>, burst: f64, per_second: f64, now: Instant) {
    table.retain(|_, spent| spent.after(now, per_second) > 0.0);
    let mut limit = 1.0;
    while table.len() >= REMEMBERED / 2 && limit < burst * 2.0 {
        table.retain(|_, spent| spent.after(now, per_second) > limit);
        limit *= 2.0;
    }
    if table.len() >= REMEMBERED / 2 {
        table.clear();
    }
}

/// Counts what clients hold open at once.
#[derive(Debug, Clone)]
pub(crate) struct Places(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    per_client: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// One place; free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    client: IpAddr,
}

impl Places {
    pub(crate) fn new(per_client: usize) -> Self {
        Self(Arc::new(Counted { per_client, taken: Mutex::default() }))
    }

    /// Takes a place, if the client has one left. The table is as large as what is open, and no larger.
    pub(crate) fn take(&self, address: IpAddr) -> Option<Place> {
        let client = subscriber(address);
        let mut taken = lock(&self.0.taken);
        let count = taken.entry(client).or_default();
        if *count >= self.0.per_client {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Place { places: self.clone(), client })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.places.0.taken);
        if let Some(count) = taken.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.client);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn ten_a_minute() -> Allowance {
        Allowance::new(PerMinute(NonZeroU32::new(10).unwrap()))
    }

    #[test]
    fn what_is_spent_comes_back_with_time() {
        let (allowance, ana, start) = (ten_a_minute(), address("192.0.2.1"), Instant::now());
        assert!((0..10).all(|_| allowance.take(ana, start).is_ok()));
        let wait = allowance.take(ana, start).unwrap_err();
        assert_eq!(wait.as_secs(), 6);
        assert!(allowance.take(ana, start + wait).is_ok());
        assert!(allowance.take(ana, start + wait).is_err());
    }

    #[test]
    fn many_are_taken_together_or_not_at_all() {
        let (allowance, ana, start) = (ten_a_minute(), address("192.0.2.1"), Instant::now());
        assert!(allowance.take_many(ana, 8.0, start).is_ok());
        assert!(allowance.take_many(ana, 3.0, start).is_err());
        assert!(allowance.take_many(ana, 2.0, start).is_ok());
    }

    #[test]
    fn clients_do_not_pay_for_each_other() {
        let (allowance, start) = (ten_a_minute(), Instant::now());
        assert_eq!((0..20).filter(|_| allowance.take(address("2001:db8::1"), start).is_ok()).count(), 10);
        assert!(allowance.take(address("2001:db8::2"), start).is_err(), "one subscriber");
        assert!(allowance.take(address("2001:db8:0:100::1"), start).is_ok());
    }

    #[test]
    fn the_memory_is_bounded_and_the_greedy_are_not_forgotten() {
        let (allowance, ana, start) = (ten_a_minute(), address("192.0.2.1"), Instant::now());
        assert_eq!((0..20).filter(|_| allowance.take(ana, start).is_ok()).count(), 10);
        for number in 0..200_000_u32 {
            assert!(allowance.take(IpAddr::V4(number.into()), start).is_ok());
        }
        assert!(lock(&allowance.spent).len() <= REMEMBERED);
        assert!(allowance.take(ana, start).is_err());
    }

    #[test]
    fn places_are_free_again_when_left() {
        let places = Places::new(2);
        let (first, second) = (places.take(address("192.0.2.1")), places.take(address("192.0.2.1")));
        assert!(first.is_some() && second.is_some() && places.take(address("192.0.2.1")).is_none());
        assert!(places.take(address("192.0.2.2")).is_some());
        drop(first);
        assert!(places.take(address("192.0.2.1")).is_some());
        drop(second);
        assert!(lock(&places.0.taken).is_empty());
    }
}
