//! The directory of a zip archive -> which of its members are links.
//!
//! What stands before a member does not say that it is a link; only the directory does. So where an archive is read from its front,
//! what can be found of the directory is read first.

use std::collections::HashSet;

use super::stream::Stream;

const ENTRY: &[u8] = b"PK\x01\x02";
/// The length of an entry before its name.
const FIXED: usize = 46;
/// The bits of a mode that tell the kind of a file, and those of a link.
const KIND: u32 = 0o170_000;
const LINK: u32 = 0o120_000;

/// Members that are links: their names and checksums, for a damaged archive says wrongly where they stand.
#[derive(Default)]
pub(super) struct Links(HashSet<(Vec<u8>, u32)>);

impl Links {
    /// Those that entries anywhere in the archive tell of, up to `most`.
    pub(super) fn of(archive: &mut Stream<'_>, most: u64) -> Links {
        let mut links = HashSet::new();
        while (links.len() as u64) < most {
            let seen = archive.peek(FIXED);
            let found = memchr::memmem::find(seen, ENTRY);
            let step = match found {
                Some(at) => at,
                None if seen.len() >= FIXED => seen.len() - ENTRY.len() + 1,
                None => break,
            };
            archive.consume(step);
            if found.is_some() {
                links.extend(link(archive));
                archive.consume(ENTRY.len());
            }
        }
        Links(links)
    }

    pub(super) fn has(&self, name: &[u8], checksum: u32) -> bool {
        // Nearly no archive has any.
        !self.0.is_empty() && self.0.contains(&(name.to_vec(), checksum))
    }
}

/// The name and checksum of the member whose entry comes next, if it is a link.
fn link(archive: &mut Stream<'_>) -> Option<(Vec<u8>, u32)> {
    let fixed = archive.peek(FIXED);
    let long = |from: usize| fixed.get(from..).and_then(<[u8]>::first_chunk).map(|four| u32::from_le_bytes(*four));
    let (checksum, attributes) = (long(16)?, long(38)?);
    let length = usize::from(fixed.get(28..).and_then(<[u8]>::first_chunk).map(|two| u16::from_le_bytes(*two))?);
    if (attributes >> 16) & KIND != LINK {
        return None;
    }
    let name = archive.peek(FIXED + length).get(FIXED..FIXED + length)?.to_vec();
    Some((name, checksum))
}
