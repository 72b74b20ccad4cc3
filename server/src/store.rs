//! The rooms on disk: one SQLite file in the state folder.
//!
//! Separate, because the rooms know nothing of disks. A thread of its own writes, so that a slow disk holds nobody up; many
//! changes make one transaction. The log of SQLite (`journal_mode=WAL`) survives the sudden end of the process after each
//! transaction; after a power cut the last moments may be missing (`synchronous=NORMAL`), and the rest is whole.
//!
//! A disk that cannot be written is said once, and so is its recovery; meanwhile the rooms live in memory, and what could not
//! be written is written later.

use rusqlite::{Connection, params};
use signaling::identity::RoomId;
use signaling::rooms::{Archive, RoomRecord};
use std::collections::HashMap;
use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;
use std::{io, thread};

const FILE: &str = "rooms.sqlite3";
/// Of the tables; a file with a greater one was written by a later Parlour.
const VERSION: i64 = 1;
/// When a disk that failed is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// Why the rooms cannot be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The folder cannot be made or written.
    #[error(transparent)]
    Folder(#[from] io::Error),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] rusqlite::Error),
    /// The file is of the future.
    #[error("{FILE} was written by a later version of Parlour")]
    TooNew,
}

/// What is kept, as it was read at the start.
pub(crate) type Records = Vec<(RoomId, RoomRecord)>;

/// The archive on disk. Ends its thread when dropped, after the last change is written.
#[derive(Debug)]
pub(crate) struct Store(Sender<Change>);

enum Change {
    /// A room is now this, or is no more.
    Room(RoomId, Option<RoomRecord>),
    /// To be called when all before it is written.
    Settle(Box<dyn FnOnce() + Send>),
}

impl Store {
    /// Opens the file in a folder, both made where they are missing, and reads what is kept.
    pub(crate) fn open(folder: &Path) -> Result<(Self, Records), StoreError> {
        fs::create_dir_all(folder)?;
        let file = folder.join(FILE);
        // For the owner only: who knows a room's name may enter it. What SQLite writes beside it gets the same rights.
        OpenOptions::new().append(true).create(true).mode(0o600).open(&file)?;
        fs::set_permissions(&file, Permissions::from_mode(0o600))?;
        let connection = Connection::open(file)?;
        let records = prepare(&connection)?;
        let (changes, queue) = channel();
        thread::Builder::new().name("store".to_owned()).spawn(move || Writer::new(connection).run(&queue))?;
        Ok((Self(changes), records))
    }

    fn change(&self, change: Change) {
        // The thread ends only after this end does.
        let _ = self.0.send(change);
    }
}

impl Archive for Store {
    fn keep(&self, room: &RoomId, record: RoomRecord) {
        self.change(Change::Room(room.clone(), Some(record)));
    }

    fn forget(&self, room: &RoomId) {
        self.change(Change::Room(room.clone(), None));
    }

    fn settle(&self, settled: Box<dyn FnOnce() + Send>) {
        self.change(Change::Settle(settled));
    }
}

/// Readies the file for this process alone, and reads it.
fn prepare(connection: &Connection) -> Result<Records, StoreError> {
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > VERSION {
        return Err(StoreError::TooNew);
    }
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS rooms (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID, STRICT;",
    )?;
    connection.pragma_update(None, "user_version", VERSION)?;
    let mut select = connection.prepare("SELECT id, record FROM rooms")?;
    let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut records = Vec::new();
    for row in rows {
        let (id, record) = row?;
        match (RoomId::parse(&id), serde_json::from_str(&record)) {
            (Ok(id), Ok(record)) => records.push((id, record)),
            _ => tracing::warn!("a room on disk cannot be read, and is left alone"),
        }
    }
    Ok(records)
}

struct Writer {
    connection: Connection,
    /// What is not written yet.
    waiting: HashMap<RoomId, Option<RoomRecord>>,
    settled: Vec<Box<dyn FnOnce() + Send>>,
    fails: bool,
}

impl Writer {
    fn new(connection: Connection) -> Self {
        Self { connection, waiting: HashMap::new(), settled: Vec::new(), fails: false }
    }

    fn run(mut self, queue: &Receiver<Change>) {
        loop {
            let ended = match queue.recv_timeout(RETRY) {
                Ok(change) => {
                    self.note(change);
                    queue.try_iter().for_each(|change| self.note(change));
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            };
            self.write();
            // Written or not, nobody waits any longer: without the disk, the rooms live in memory.
            self.settled.drain(..).for_each(|settled| settled());
            if ended {
                return;
            }
        }
    }

    fn note(&mut self, change: Change) {
        match change {
            Change::Room(id, record) => {
                self.waiting.insert(id, record);
            }
            Change::Settle(settled) => self.settled.push(settled),
        }
    }

    fn write(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        match transact(&mut self.connection, &self.waiting) {
            Ok(()) => {
                self.waiting.clear();
                if core::mem::take(&mut self.fails) {
                    tracing::info!("the state folder can be written again; all rooms are kept");
                }
            }
            Err(error) => {
                if !core::mem::replace(&mut self.fails, true) {
                    tracing::warn!(%error, "the state folder cannot be written: new rooms live in memory only, until it can");
                }
            }
        }
    }
}

fn transact(connection: &mut Connection, changes: &HashMap<RoomId, Option<RoomRecord>>) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut keep = transaction.prepare_cached("INSERT OR REPLACE INTO rooms (id, record) VALUES (?1, ?2)")?;
        let mut forget = transaction.prepare_cached("DELETE FROM rooms WHERE id = ?1")?;
        for (id, record) in changes {
            match record.as_ref().map(serde_json::to_string) {
                Some(Ok(record)) => keep.execute(params![id.as_str(), record])?,
                Some(Err(error)) => return Err(rusqlite::Error::ToSqlConversionFailure(error.into())),
                None => forget.execute([id.as_str()])?,
            };
        }
    }
    transaction.commit()
}
