//! Inputs gathered into batches: what workers take, and what a destination packs and journals together.
//!
//! Where a batch ends depends on its inputs alone, never on the number of workers or on time. It ends where the name of an input
//! says so, by its hash. So an input that is added to an archive or removed from it changes the batches around it and no others.

use crate::source::{self, Input};

/// An input, or why there is none.
pub(super) type Found = Result<Input, source::Error>;

/// A batch has at most so many inputs,
const MOST_INPUTS: usize = 64;
/// and ends when it has so many bytes.
const MOST_BYTES: u64 = 256 << 10;
/// One of so many names ends a batch.
const ONE_OF: u64 = 32;
/// So many times its own size an input takes while it is worked on: its bytes, its text, the report and its JSON.
const TIMES: u64 = 4;
/// And so much it takes whatever its size.
const AT_LEAST: u64 = 4 << 10;

/// The inputs of the next batch.
#[derive(Default)]
pub(super) struct Gather {
    found: Vec<Found>,
    bytes: u64,
}

impl Gather {
    /// Adds an input. Gives the batch that it completes, with what that costs while it is worked on.
    pub(super) fn add(&mut self, found: Found) -> Option<(Vec<Found>, u64)> {
        let ends = match &found {
            Ok(input) => {
                self.bytes += input.size();
                ends(&input.path, input.record.as_deref())
            }
            Err(error) => ends(&error.path, None),
        };
        self.found.push(found);
        if ends || self.found.len() >= MOST_INPUTS || self.bytes >= MOST_BYTES { self.rest() } else { None }
    }

    /// The batch as it is, unless it is empty.
    pub(super) fn rest(&mut self) -> Option<(Vec<Found>, u64)> {
        let cost = self.bytes.saturating_mul(TIMES).saturating_add(AT_LEAST * self.found.len() as u64);
        self.bytes = 0;
        (!self.found.is_empty()).then(|| (std::mem::take(&mut self.found), cost))
    }
}

/// Whether a batch ends behind the input of that name.
fn ends(path: &str, record: Option<&str>) -> bool {
    hash(path, record).is_multiple_of(ONE_OF)
}

/// FNV-1a: the same on every machine, and its upper half is mixed well enough to choose by.
fn hash(path: &str, record: Option<&str>) -> u64 {
    let bytes = path.bytes().chain(record.into_iter().flat_map(|record| record.bytes()));
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn batches(names: impl Iterator<Item = usize>) -> Vec<Vec<String>> {
        let mut gather = Gather::default();
        let found = names.map(|name| Ok(Input::file(PathBuf::from(format!("in/{name}.txt")), PathBuf::new())));
        let mut batches: Vec<_> = found.filter_map(|found| gather.add(found)).collect();
        batches.extend(gather.rest());
        let paths = |found: Vec<Found>| found.into_iter().flatten().map(|input| input.path).collect();
        batches.into_iter().map(|(found, _)| paths(found)).collect()
    }

    #[test]
    fn an_input_more_changes_the_batches_around_it() {
        let before = batches((0..5000).filter(|name| *name != 2500));
        let after = batches(0..5000);
        assert_eq!(after.iter().flatten().count(), 5000);
        assert!(after.iter().all(|batch| batch.len() <= MOST_INPUTS) && (100..400).contains(&after.len()));
        let same = after.iter().filter(|batch| before.contains(batch)).count();
        assert!(same + 3 >= after.len(), "{same} of {}", after.len());
    }
}
