//! The real registry under any schedule of what its sockets, its clock and its process may do.
//!
//! The simulator plays people who mean well over a network that does not; here nobody means anything. In reading order:
//! [`script`] is what the fuzzed bytes are read as; [`session`] carries it out on a [`process`] in its [`surroundings`]; a
//! [`socket`] judges what it hears, and a [`survey`] what is to be seen; the [`ledger`], with a [`person`] for each who was let
//! in, and the [`post`] are the yardsticks: who was promised what, and who said what to whom.
//!
//! **Invariants**, after every step:
//! - Nothing panics. A room seats no more people than it may, and exists as long as it was promised to; what the archive
//!   keeps is what there is.
//! - Of those that a room knows, no two share an id or a join number, and nobody gets another one.
//! - Whoever shows a token that is good is let in as its owner; whoever shows another one is not.
//! - A signal is heard once at most, by its addressee alone, from its real sender, and only if that one still sat there.
//! - Nothing is heard after a last word, and an inbox holds no more than it may, half of it signals.
//!
//! And when everybody reads, everybody knows everybody, as they are.

#![no_main]

mod ledger;
mod person;
mod post;
mod process;
mod script;
mod session;
mod socket;
mod surroundings;
mod survey;

use libfuzzer_sys::fuzz_target;
use script::Script;
use session::Session;

fuzz_target!(|script: Script| {
    let mut session = Session::new(&script);
    script.steps.iter().for_each(|step| session.take(step));
    session.end();
});
