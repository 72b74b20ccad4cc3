//! The real relay under any sequence of datagrams, from people who may be there, on every road.
//!
//! In reading order: [`script`] is what the fuzzed bytes are read as; [`words`] writes what it says as a client would, which
//! the script may damage; [`people`] are who it is about; the [`world`] carries it out, and judges what comes out.
//!
//! **Invariants**, after every step:
//! - Nothing panics.
//! - What goes out is an answer to who asked, or goes from one allocation to another of the same room, whole and unchanged.
//! - Nobody gets an allocation but by credentials that are good, for a room that one is in; who leaves keeps none.
//! - Who has proved nothing gets no long answers.
//! - There are no more allocations than there may be, and the figures say what has happened.
//! - What goes out on a stream can be cut out of it again.

#![no_main]

mod people;
mod script;
mod words;
mod world;

use libfuzzer_sys::fuzz_target;
use script::Script;
use world::World;

fuzz_target!(|script: Script| {
    let mut world = World::new(script.narrow);
    if script.settled {
        world.settle();
    }
    script.steps.iter().for_each(|step| world.take(step));
});
