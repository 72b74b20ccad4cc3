//! The browser's own objects, each behind a few plain functions that own what they open.
//!
//! Separate, because nothing here decides anything or knows of any framework; nothing here is reached on the server.

pub mod channels;
pub mod devices;
pub mod dictionaries;
pub mod display;
pub mod error;
pub mod later;
pub mod level;
pub mod listener;
pub mod local_media;
pub mod lock;
pub mod network;
pub mod page;
pub mod peer_connection;
pub mod peer_news;
pub mod peer_queue;
pub mod plural;
pub mod pressed;
pub mod resize;
pub mod slot;
pub mod vitals;
pub mod wake;
pub mod web_socket;
