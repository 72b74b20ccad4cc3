//! How loud a microphone is (Web Audio API).
//!
//! Separate, because it is for showing only: nothing of what it hears goes anywhere.

use super::error::BrowserError;
use web_sys::{
    AnalyserNode, AudioContext, AudioContextOptions, AudioContextState, MediaStream, MediaStreamAudioSourceNode,
    MediaStreamTrack,
};

/// Samples per reading: 170 ms at 48 kHz, so that who reads ten times a second misses nothing.
const WINDOW: u32 = 8_192;

/// Measures one track as long as it lives.
pub struct LevelMeter {
    context: AudioContext,
    source: MediaStreamAudioSourceNode,
    analyser: AnalyserNode,
    samples: Vec<f32>,
    dead: u32,
}

impl LevelMeter {
    /// Begins to measure.
    ///
    /// # Errors
    /// When the browser allows no audio processing.
    pub fn new(track: &MediaStreamTrack) -> Result<Self, BrowserError> {
        // Nobody hears it, so it may take its time: with as little delay as can be it would wake a thread 400 times a second.
        let options = AudioContextOptions::new();
        options.set_latency_hint(&"playback".into());
        let context = AudioContext::new_with_context_options(&options)?;
        let stream = MediaStream::new()?;
        stream.add_track(track);
        let source = context.create_media_stream_source(&stream)?;
        let analyser = context.create_analyser()?;
        analyser.set_fft_size(WINDOW);
        source.connect_with_audio_node(&analyser)?;
        let meter = Self { context, source, analyser, samples: vec![0.0; WINDOW as usize], dead: 0 };
        meter.wake();
        Ok(meter)
    }

    /// Measures from now on, if it could not yet: some browsers let a page process sound after a click only.
    pub fn wake(&self) {
        if self.context.state() == AudioContextState::Suspended {
            let _ = self.context.resume();
        }
    }

    /// Returns the loudness now: 0 for silence (below −60 dBFS), 100 for full scale.
    pub fn read(&mut self) -> u8 {
        self.analyser.get_float_time_domain_data(&mut self.samples);
        let power = self.samples.iter().map(|sample| sample * sample).sum::<f32>() / self.samples.len() as f32;
        // A microphone that works has noise, however quiet the room.
        let dead = power == 0.0 && self.context.state() == AudioContextState::Running;
        self.dead = if dead { self.dead + 1 } else { 0 };
        loudness(power)
    }

    /// Returns how many readings, up to now, had nothing in them at all.
    pub fn dead(&self) -> u32 {
        self.dead
    }
}

impl Drop for LevelMeter {
    fn drop(&mut self) {
        let _ = self.source.disconnect();
        let _ = self.context.close();
    }
}

/// Maps a mean square to 0–100, evenly in decibels over the 60 dB that matter.
fn loudness(power: f32) -> u8 {
    let decibels = 10.0 * power.max(1e-9).log10();
    ((decibels + 60.0) / 60.0 * 100.0).clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::loudness;

    #[test]
    fn loudness_is_even_in_decibels() {
        assert_eq!([loudness(0.0), loudness(1e-6), loudness(1e-3), loudness(1.0), loudness(4.0)], [0, 0, 50, 100, 100]);
    }
}
