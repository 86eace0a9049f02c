//! What was measured of one stage, as a line of JSON.

use serde::Serialize;

/// A row of `gongkai bench`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stage {
    /// The stage, or `whole`.
    pub stage: &'static str,
    /// On how many threads.
    pub threads: usize,
    /// How long all reports took; the median of the rounds.
    pub seconds: f64,
    /// Millions of bytes of text that went in, for each second.
    pub mb_per_second: f64,
    /// Reports for each second.
    pub reports_per_second: f64,
    /// Its share of the time of all stages; none for the whole.
    pub share: Option<f64>,
    /// How many reports there are.
    pub reports: usize,
    /// Their bytes.
    pub bytes_in: u64,
    /// The bytes that were made of them, where the stage makes some.
    pub bytes_out: Option<u64>,
    /// How often it was measured.
    pub rounds: usize,
}

/// Writes it as a line to the end of `out`, with a line end.
pub fn stage(stage: &Stage, out: &mut Vec<u8>) {
    // Writing to memory can't fail, and all keys are strings.
    let written = serde_json::to_writer(&mut *out, stage);
    debug_assert!(written.is_ok());
    out.push(b'\n');
}
