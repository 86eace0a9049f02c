//! What lies between reports in the archives that people make.

use crate::rng::Rng;

use super::entry::Counts;
use super::files::Stored;

/// The head of an image, which is all that its kind is told by.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
pub const PDF: &[u8] = b"%PDF-1.5\r\n%\xe2\xe3\xcf\xd3\r\n1 0 obj\r\n<</Type/Catalog/Pages 2 0 R>>\r\nendobj\r\n";
/// A text that is no report.
pub const NOTICE: &str = "关于国庆节放假的通知\n\n各科室：\n十月一日至七日放假，请安排好值班。\n";

/// What stands beside the report of that seed in its folder: mostly nothing.
pub fn beside(seed: u64, folder: &str) -> Vec<Stored> {
    let mut rng = Rng::named(seed, "junk");
    let stored = |name: String, bytes: Vec<u8>, counts| Stored { name, bytes, counts, report: None };
    let noise = |head: &[u8], rng: &mut Rng| {
        let tail = (0..64 + rng.below(4096)).map(|_| rng.next_u64() as u8);
        head.iter().copied().chain(tail).collect::<Vec<u8>>()
    };
    match rng.below(60) {
        // Its folder for itself, if it is in one.
        0 if !folder.is_empty() => vec![stored(folder.to_owned(), Vec::new(), Counts::PassedOver)],
        1 => vec![stored(format!("{folder}.DS_Store"), noise(b"\0\0\0\x01Bud1\0\0", &mut rng), Counts::PassedOver)],
        2 => {
            let bytes = noise(b"\0\x05\x16\x07\0\x02\0\0Mac OS X        ", &mut rng);
            vec![stored(format!("__MACOSX/{folder}._{seed:06}.txt"), bytes, Counts::PassedOver)]
        }
        3 => vec![stored(format!("{folder}banner-{seed}.png"), noise(PNG, &mut rng), Counts::Rejected)],
        4 => vec![stored(format!("{folder}附件-{seed}.pdf"), noise(PDF, &mut rng), Counts::Rejected)],
        5 => vec![stored(format!("{folder}empty-{seed}.txt"), Vec::new(), Counts::Unrecognized)],
        6 => vec![stored(format!("{folder}notice-{seed}.txt"), NOTICE.into(), Counts::Unrecognized)],
        _ => Vec::new(),
    }
}
