//! Where a file goes that comes in: into the browser's own private file system (File System §5), so that it does not fill the
//! memory, and where there is none, into blobs.
//!
//! Separate, because it only knows bytes. Written by hand, because web-sys calls most of it unstable.

use crate::browser::error::BrowserError;
use crate::browser::page::{self, Memory};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Url};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = storage)]
    static STORAGE: Storage;
    type Storage;
    #[wasm_bindgen(method, catch, js_name = getDirectory)]
    fn directory(this: &Storage) -> Result<Promise, JsValue>;

    type Folder;
    #[wasm_bindgen(method, catch, js_name = getFileHandle)]
    fn file(this: &Folder, name: &str, options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeEntry)]
    fn remove(this: &Folder, name: &str) -> Result<Promise, JsValue>;

    type Handle;
    #[wasm_bindgen(method, catch, js_name = createWritable)]
    fn writable(this: &Handle) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getFile)]
    fn read(this: &Handle) -> Result<Promise, JsValue>;

    type Writable;
    #[wasm_bindgen(method, catch)]
    fn write(this: &Writable, bytes: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &Writable) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn abort(this: &Writable) -> Result<Promise, JsValue>;
}

/// Smaller ones are kept in memory: that leaves nothing behind.
const SMALL_BYTES: u64 = 16 * 1024 * 1024;
/// Larger ones are not kept in memory, even if there is no disk: the page, and the call with it, might end.
const MEMORY_BYTES: u64 = 1024 * 1024 * 1024;
/// Written at once.
const BLOCK_BYTES: usize = 1024 * 1024;

/// Under this the browser remembers what was put on the disk, and when: a page may end before its files are used.
const KEPT: &str = "parlour.files";
/// What is older than this nobody is saving any more.
const OLD_MS: u64 = 86_400_000;

/// What is being written to.
enum Place {
    Disk { folder: Folder, name: String, handle: Handle, writable: Writable },
    Memory(Array),
}

/// A file that is being written.
pub(super) struct Sink {
    place: Place,
    block: Vec<u8>,
}

impl Sink {
    /// Begins one that will have this size. `None` when there is nowhere to put so much.
    pub(super) async fn open(size: u64) -> Option<Self> {
        let disk = if size > SMALL_BYTES { open_on_disk().await.ok() } else { None };
        let place = disk.or_else(|| (size <= MEMORY_BYTES).then(|| Place::Memory(Array::new())))?;
        Some(Self { place, block: Vec::new() })
    }

    /// Adds bytes. Returns whether everything so far is put away, rather than waiting for more.
    ///
    /// # Errors
    /// When there is no room.
    pub(super) async fn write(&mut self, bytes: Vec<u8>) -> Result<bool, BrowserError> {
        self.block.extend(bytes);
        let is_full = self.block.len() >= BLOCK_BYTES;
        if is_full {
            self.flush().await?;
        }
        Ok(is_full)
    }

    async fn flush(&mut self) -> Result<(), BrowserError> {
        let block = Uint8Array::from(core::mem::take(&mut self.block).as_slice());
        match &self.place {
            Place::Disk { writable, .. } => {
                JsFuture::from(writable.write(&block)?).await?;
            }
            // A blob of its own, because browsers move large blobs out of the memory.
            Place::Memory(blobs) => {
                let blob = Blob::new_with_u8_array_sequence(&Array::of1(&block))?;
                blobs.push(&blob);
            }
        }
        Ok(())
    }

    /// Ends it, and returns an address under which the page may hand it to its reader.
    pub(super) async fn close(&mut self) -> Option<String> {
        self.flush().await.ok()?;
        let blob = match &self.place {
            Place::Disk { handle, writable, .. } => {
                JsFuture::from(writable.close().ok()?).await.ok()?;
                JsFuture::from(handle.read().ok()?).await.ok()?.unchecked_into()
            }
            Place::Memory(blobs) => Blob::new_with_blob_sequence(blobs).ok()?,
        };
        Url::create_object_url_with_blob(&blob).ok()
    }

    /// Throws away what was written.
    pub(super) async fn discard(self) {
        if let Place::Disk { folder, name, writable, .. } = self.place {
            if let Ok(aborted) = writable.abort() {
                let _ = JsFuture::from(aborted).await;
            }
            remove(&folder, &name).await;
        }
    }
}

/// Removes what former pages left on the disk.
pub(super) async fn tidy() {
    let kept = Memory::Browser.recall(KEPT).unwrap_or_default();
    let now = js_sys::Date::now() as u64;
    let is_old = |at: &str| !at.parse::<u64>().is_ok_and(|at| now < at + OLD_MS);
    let old: Vec<_> = kept.lines().filter_map(|line| line.split_once(' ')).filter(|(at, _)| is_old(at)).collect();
    // Whoever has nothing to remove needs no file system of their own.
    if old.is_empty() {
        return;
    }
    let Ok(folder) = folder().await else { return };
    for (_, name) in old {
        remove(&folder, name).await;
    }
}

/// Removes one and what was noted of it. What cannot be removed now goes with the site's data.
async fn remove(folder: &Folder, name: &str) {
    if let Ok(removed) = folder.remove(name) {
        let _ = JsFuture::from(removed).await;
    }
    // Read only now, because another file may have been noted meanwhile.
    let kept = Memory::Browser.recall(KEPT).unwrap_or_default();
    let mut still = String::new();
    for line in kept.lines().filter(|line| line.split_once(' ').is_some_and(|(_, known)| known != name)) {
        still.extend([line, "\n"]);
    }
    Memory::Browser.remember(KEPT, &still);
}

fn note(name: &str) {
    let kept = Memory::Browser.recall(KEPT).unwrap_or_default();
    let at = (js_sys::Date::now() as u64).to_string();
    Memory::Browser.remember(KEPT, &[&kept, at.as_str(), " ", name, "\n"].concat());
}

async fn folder() -> Result<Folder, BrowserError> {
    Ok(JsFuture::from(STORAGE.with(Storage::directory)?).await?.unchecked_into())
}

async fn open_on_disk() -> Result<Place, BrowserError> {
    let folder = folder().await?;
    let name = page::seed().to_string();
    note(&name);
    let create = js_sys::JSON::parse(r#"{"create":true}"#)?;
    let handle: Handle = JsFuture::from(folder.file(&name, &create)?).await?.unchecked_into();
    let writable: Writable = JsFuture::from(handle.writable()?).await?.unchecked_into();
    Ok(Place::Disk { folder, name, handle, writable })
}
