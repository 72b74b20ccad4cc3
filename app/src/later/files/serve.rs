//! Sending a file to somebody, as fast as the way to them takes it and no faster.
//!
//! Separate, because it is one loop with its three brakes: what the channel holds, what the other end has put away, and
//! whether anybody still wants it.

use super::desk::{Files, Serving};
use crate::browser::error::BrowserError;
use crate::browser::listener::Listener;
use crate::browser::lock::sleep;
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::Uint8Array;
use signaling::transfer::{AHEAD_BYTES, Message, PIECE_BYTES, Sum, piece};
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, RtcDataChannel};

/// Read from the file at once.
const BLOCK_BYTES: u64 = 16 * PIECE_BYTES as u64;
/// So much waits in the channel at the most, and so little before more is put in. Voices go before it, but share the way.
const HIGH_BYTES: u32 = 1024 * 1024;
const LOW_BYTES: u32 = 256 * 1024;
/// After so long one looks whether anybody still wants it.
const LOOK_MS: i32 = 500;

impl Files {
    /// Sends a file from its byte `first` on. What was there before goes into the sum only.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) async fn serve(self: &Rc<Self>, serving: &Serving, file: &File, first: u64) -> Result<(), BrowserError> {
        let size = file.size() as u64;
        let (mut at, mut sum) = (0, Sum::default());
        while at < size {
            let block = read(file, at, (at + BLOCK_BYTES).min(size)).await?;
            // Here too, because what is only summed up never has to clear its way.
            if serving.over.get() {
                return Ok(());
            }
            if block.is_empty() {
                return Err(BrowserError::from(wasm_bindgen::JsValue::NULL));
            }
            sum.add(&block);
            for part in block.chunks(PIECE_BYTES) {
                let skipped = first.saturating_sub(at).min(part.len() as u64);
                at += part.len() as u64;
                let part = &part[skipped as usize..];
                if part.is_empty() {
                    continue;
                }
                let Some(channel) = self.clear_way(serving, at).await else { return Ok(()) };
                if channel.send_with_u8_array(&piece(serving.run, part)).is_err() {
                    return Ok(());
                }
            }
        }
        if !serving.over.get() {
            self.say(serving.to, &Message::End { run: serving.run, sha256: sum.digits() });
        }
        Ok(())
    }

    /// Waits until more may be sent, up to the byte `to`. `None` when nobody wants it any more.
    async fn clear_way(&self, serving: &Serving, to: u64) -> Option<RtcDataChannel> {
        loop {
            let channel = self.channel(serving.to).filter(|_| !serving.over.get())?;
            if channel.buffered_amount() > HIGH_BYTES {
                drained(&channel).await;
            } else if to > serving.took.get().saturating_add(AHEAD_BYTES) {
                sleep(20).await;
            } else {
                return Some(channel);
            }
        }
    }
}

/// Waits until a channel holds little, or for a moment.
async fn drained(channel: &RtcDataChannel) {
    channel.set_buffered_amount_low_threshold(LOW_BYTES);
    let (low, waits) = oneshot::channel();
    let mut low = Some(low);
    let _listener = Listener::new(channel, "bufferedamountlow", move |_| {
        if let Some(low) = low.take() {
            let _ = low.send(());
        }
    });
    match select(waits, pin!(sleep(LOOK_MS))).await {
        Either::Left(_) | Either::Right(_) => {}
    }
}

async fn read(file: &File, from: u64, to: u64) -> Result<Vec<u8>, BrowserError> {
    let block = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    Ok(Uint8Array::new(&JsFuture::from(block.array_buffer()).await?).to_vec())
}
