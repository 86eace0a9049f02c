//! What happens to archives: cut transfers, bad disks, flipped bits.

use std::io::Read;
use std::ops::Range;

use crate::rng::Rng;

use super::entry::{Counts, Entry};
use super::packing::{Packing, unpacked};
use super::{Form, Kind};

/// A kind of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// All behind some byte is lost.
    Truncate,
    /// One byte is another.
    Flip,
    /// A run of bytes is 0.
    Zeros,
}

impl Damage {
    /// Every kind.
    pub const ALL: &[Damage] = &[Damage::Truncate, Damage::Flip, Damage::Zeros];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Damage::Truncate => "truncate",
            Damage::Flip => "flip",
            Damage::Zeros => "zeros",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Damage::ALL.iter().copied().find(|damage| damage.name() == name)
    }
}

/// Damage at a place, and what becomes of the things in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Harm {
    pub damage: Damage,
    /// The bytes of the file that are no more what they were.
    pub at: Range<u64>,
    kind: Kind,
    /// As `at`, in the archive without the packing of the whole: what stands before it can still be read.
    inside: Range<u64>,
}

impl Harm {
    /// Chooses a place by the seed: in the middle of a report, somewhere between a quarter and three quarters of the file,
    /// whose length is `length`. `entries` says where each thing stands, and which are reports. `before` opens the file up to
    /// a byte, so that it can be found out how much can still be unpacked.
    pub fn choose<R: Read>(
        damage: Damage,
        seed: u64,
        kind: Kind,
        length: u64,
        entries: &[(Range<u64>, bool)],
        before: impl FnOnce(u64) -> R,
    ) -> Self {
        let mut rng = Rng::named(seed, "damage");
        let packing = kind.packing();
        let reports: Vec<&Range<u64>> =
            entries.iter().filter(|(_, is_report)| *is_report).map(|(range, _)| range).collect();
        let quarter = reports.len() / 4;
        let start = match reports.get(quarter + rng.below(reports.len() - 2 * quarter)) {
            Some(range) if packing == Packing::None => (range.start + range.end) / 2,
            _ => length / 4 + rng.below((length / 2) as usize + 1) as u64,
        };
        let end = match damage {
            Damage::Truncate => length,
            Damage::Flip => start + 1,
            Damage::Zeros => length.min(start + 700),
        };
        let inside = match packing {
            Packing::None => start..end,
            // Nothing is sure behind a damaged place of what was packed in one go.
            packing => unpacked(packing, before(start))..u64::MAX,
        };
        Harm { damage, at: start..end, kind, inside }
    }

    /// What becomes of the thing at that place: it must come out as it was (true), can't (false), or may (none).
    pub fn whole(&self, at: &Range<u64>) -> Option<bool> {
        if at.end <= self.inside.start {
            return Some(true);
        }
        if self.damage == Damage::Truncate {
            return (at.start >= self.inside.start).then_some(false);
        }
        // Behind the damage only what stands for itself is sure. In plain text that is a line or a record that is found again.
        let stands_for_itself = match self.kind.form() {
            Form::Tar | Form::Zip | Form::Lines => true,
            Form::Warc | Form::Wet => true,
            Form::Nested => false,
        };
        (stands_for_itself && at.start >= self.inside.end).then_some(true)
    }

    /// Damages a file in memory, and says so in its entries.
    pub fn apply(damage: Damage, seed: u64, kind: Kind, bytes: &mut Vec<u8>, entries: &mut [Entry]) -> Self {
        let places: Vec<_> = entries.iter().map(|entry| (entry.at.clone(), entry.counts == Counts::Report)).collect();
        let harm = Harm::choose(damage, seed, kind, bytes.len() as u64, &places, |end| &bytes[..end as usize]);
        let (start, end) = (harm.at.start as usize, harm.at.end as usize);
        match damage {
            Damage::Truncate => bytes.truncate(start),
            Damage::Flip | Damage::Zeros => harm.damaged(&mut bytes[start..end]),
        }
        for entry in entries {
            entry.whole = harm.whole(&entry.at);
        }
        harm
    }

    /// Damages the bytes at its place, where they are not simply gone.
    pub fn damaged(&self, bytes: &mut [u8]) {
        match self.damage {
            Damage::Truncate => {}
            Damage::Flip => bytes.iter_mut().for_each(|byte| *byte ^= 0x55),
            Damage::Zeros => bytes.fill(0),
        }
    }
}
