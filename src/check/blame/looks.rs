//! What a wrong figure looks like beside the right one.
//!
//! In: both figures. Out: the slip of the pen that leads from the right one to the wrong one, if it is a known one.

use crate::report::{Decimal, Looks};

/// The slip that makes `found` of `mended`.
pub(super) fn slip(found: Decimal, mended: Decimal) -> Option<Looks> {
    // A zero is what stands where nothing was written: no digit of it is a trace of the right figure.
    if found.is_zero() || mended.is_zero() || found == mended {
        return None;
    }
    let (found, mended) = (found.to_string(), mended.to_string());
    let (found, mended) = (found.as_bytes(), mended.as_bytes());
    match found.len() as i64 - mended.len() as i64 {
        -1 => lacks_one(found, mended).then_some(Looks::DigitLost),
        1 => lacks_one(mended, found).then_some(Looks::DigitAdded),
        0 => {
            let mut differing = (0..found.len()).filter(|at| found[*at] != mended[*at]);
            let (first, second, third) = (differing.next()?, differing.next(), differing.next());
            let are_digits = |at: usize| found[at].is_ascii_digit() && mended[at].is_ascii_digit();
            match (second, third) {
                (None, _) => (found.len() > 1 && are_digits(first)).then_some(Looks::DigitWrong),
                (Some(second), None) => {
                    let swapped = found[first] == mended[second] && found[second] == mended[first];
                    (swapped && second == first + 1 && are_digits(first) && are_digits(second))
                        .then_some(Looks::DigitsSwapped)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether `short` is `long` without one digit.
fn lacks_one(short: &[u8], long: &[u8]) -> bool {
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    long[same].is_ascii_digit() && short[same..] == long[same + 1..]
}
