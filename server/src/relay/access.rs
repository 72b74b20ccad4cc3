//! What browsers are told of STUN and TURN: where, and with which credentials.
//!
//! Separate from the relay, because a relay elsewhere can take its place.

use super::options::{RelayConfig, RelayHost};
use core::time::Duration;
use relay::credentials::{Owner, RoomTag, Secret};
use signaling::identity::{ParticipantId, RelayGeneration, RoomId};
use signaling::protocol::IceServer;
use signaling::rooms::Rooms;
use signaling::time::Moment;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where the relay listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doors {
    /// The UDP socket, where there is one.
    pub(crate) udp: Option<SocketAddr>,
    /// The TCP listener.
    pub(crate) tcp: SocketAddr,
    /// The listener that takes TLS with a certificate that browsers accept, where there is one.
    pub(crate) tls: Option<SocketAddr>,
}

/// Makes credentials, and knows again for whom; clones are handles of the same.
#[derive(Debug, Clone)]
pub(crate) struct Access(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    secret: Secret,
    generation: RelayGeneration,
    credentials: Duration,
    host: Option<RelayHost>,
    servers: Servers,
    /// Whose rooms they are, while they are open: the rooms know this, too, and would never end.
    rooms: Mutex<Option<Rooms>>,
    /// The rooms that have been named in credentials.
    tags: Mutex<HashMap<RoomTag, RoomId>>,
}

#[derive(Debug)]
enum Servers {
    Inside(Doors),
    Outside(Vec<String>),
}

impl Access {
    /// `own_secret` is for the relay inside; `generation` is another one for each process.
    pub(crate) fn new(config: &RelayConfig, own_secret: &[u8], doors: Doors, generation: RelayGeneration) -> Self {
        let (secret, servers) = match &config.outside {
            Some((urls, secret)) => {
                let urls = urls.iter().map(|url| url.0.clone()).collect();
                (Secret::new(secret.0.as_bytes()), Servers::Outside(urls))
            }
            None => (Secret::new(own_secret), Servers::Inside(doors)),
        };
        let (rooms, tags) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Shared {
            secret,
            generation,
            credentials: config.credentials,
            host: config.host.clone(),
            servers,
            rooms,
            tags,
        }))
    }

    /// Returns what credentials are made with.
    pub(crate) fn secret(&self) -> &Secret {
        &self.0.secret
    }

    /// Returns which life of the relay this is, if it is ours: one elsewhere does not end with this process.
    pub(crate) fn generation(&self) -> Option<RelayGeneration> {
        match self.0.servers {
            Servers::Inside(_) => Some(self.0.generation),
            Servers::Outside(_) => None,
        }
    }

    /// Says whose rooms credentials are for.
    pub(crate) fn open(&self, rooms: &Rooms) {
        *self.rooms() = Some(rooms.clone());
    }

    /// Lets the rooms go: from now on nobody is in one.
    pub(crate) fn close(&self) {
        *self.rooms() = None;
    }

    /// Returns what a participant who reached the page under this host is told. `now` is Unix time.
    pub(crate) fn servers(
        &self,
        room: &RoomId,
        participant: ParticipantId,
        reached_at: Option<&str>,
        now: Moment,
    ) -> Vec<IceServer> {
        let urls = match &self.0.servers {
            Servers::Outside(urls) => urls.clone(),
            Servers::Inside(doors) => {
                let host = self.0.host.clone().or_else(|| RelayHost::of_page(reached_at?));
                doors.urls(&host.unwrap_or_else(|| doors.tcp.ip().into()))
            }
        };
        let owner = Owner { room: self.0.secret.tag(room), participant };
        let minted = self.0.secret.mint(&owner, now + self.0.credentials);
        self.tags().insert(owner.room, room.clone());
        let (turn, stun): (Vec<_>, Vec<_>) = urls.into_iter().partition(|url| url.starts_with("turn"));
        let stun = IceServer { urls: stun, username: None, credential: None };
        let turn = IceServer { urls: turn, username: Some(minted.username), credential: Some(minted.password) };
        [stun, turn].into_iter().filter(|server| !server.urls.is_empty()).collect()
    }

    /// Forgets the rooms that there are no more.
    pub(crate) fn tidy(&self) {
        let Some(rooms) = self.rooms().clone() else { return };
        // Looked up outside of the lock: rooms have one of their own, and call back under it.
        let known: Vec<_> = self.tags().iter().map(|(tag, room)| (tag.clone(), room.clone())).collect();
        for (tag, room) in known {
            if rooms.look(&room).is_none() {
                self.tags().remove(&tag);
            }
        }
    }

    fn rooms(&self) -> MutexGuard<'_, Option<Rooms>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tags(&self) -> MutexGuard<'_, HashMap<RoomTag, RoomId>> {
        self.0.tags.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl relay::Members for Access {
    fn include(&self, owner: &Owner) -> bool {
        let room = self.tags().get(&owner.room).cloned();
        let rooms = self.rooms().clone();
        room.zip(rooms).is_some_and(|(room, rooms)| rooms.is_member(&room, owner.participant))
    }
}

impl Doors {
    /// Writes the URLs (RFC 7064, RFC 7065): UDP is quickest, TLS passes where nothing else does. A stream in the clear is for
    /// where there is no TLS.
    fn urls(&self, host: &RelayHost) -> Vec<String> {
        let RelayHost { name, port } = host;
        let at = |door: SocketAddr| port.unwrap_or(door.port());
        let mut urls = Vec::new();
        if let Some(udp) = self.udp {
            urls.push(format!("stun:{name}:{}", at(udp)));
            urls.push(format!("turn:{name}:{}?transport=udp", at(udp)));
        }
        match self.tls {
            Some(tls) => urls.push(format!("turns:{name}:{}?transport=tcp", at(tls))),
            None => urls.push(format!("turn:{name}:{}?transport=tcp", at(self.tcp))),
        }
        urls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> RelayHost {
        text.parse().unwrap()
    }

    #[test]
    fn urls_name_the_host_that_the_page_was_reached_at() {
        let tcp = "0.0.0.0:443".parse().unwrap();
        let doors = Doors { udp: Some(tcp), tcp, tls: Some(tcp) };
        assert_eq!(
            doors.urls(&host("example.org")),
            ["stun:example.org:443", "turn:example.org:443?transport=udp", "turns:example.org:443?transport=tcp"]
        );
        let doors = Doors { udp: None, tls: None, ..doors };
        assert_eq!(doors.urls(&host("[::1]:5")), ["turn:[::1]:5?transport=tcp"]);
    }
}
