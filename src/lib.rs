//! gongkai 公开 reads Chinese annual reports on open government (政府信息公开工作年度报告) as plain text.
//!
//! [`parse`] is the whole chain: bytes are decoded, cut into lines and cells, bound to the form that they follow, and come
//! out as a [`Report`]: every figure with the place where it stands, every stretch of the page with its role,
//! and findings for what is missing, doubtful or does not add up. It never fails. [`wire`] writes a report as JSON.
//!
//! ```
//! use gongkai::{grammar::Grammars, parse, Limits, wire};
//!
//! let page = "青石县2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（八）项\n行政事业性收费\t12.50\n";
//! let grammars = Grammars::built_in();
//! let report = parse(page.as_bytes(), &grammars, &Limits::default());
//! let json = wire::to_string(&report, &grammars, &wire::Source::new("page.txt"), &wire::Options::default());
//! assert!(json.contains(r#""administrative_fees":{"amount":12.5}"#));
//! ```

pub mod bind;
pub mod check;
pub mod grammar;
pub mod layout;
pub mod render;
pub mod report;
pub mod text;
pub mod wire;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod pipeline;
#[cfg(feature = "cli")]
pub mod sink;
#[cfg(feature = "cli")]
pub mod source;

use encoding_rs::Encoding;

use grammar::Grammars;
use report::{Code, Finding, Report};

/// How far [`parse`] goes with one input.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest input in bytes; a larger one is not read. At most 1 GiB, which is the default: positions are 32 bits wide,
    /// and text may be three times as long as its bytes.
    pub bytes: usize,
    /// The encoding, where it is known; otherwise it is found out.
    pub encoding: Option<&'static Encoding>,
    /// Whether figures are held against the rules of their form.
    pub check: bool,
}

impl Limits {
    /// The largest value of `bytes`.
    pub const MOST_BYTES: usize = 1 << 30;
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: Limits::MOST_BYTES, encoding: None, check: true }
    }
}

/// What a worker keeps from page to page.
#[derive(Debug, Default)]
pub struct Memory {
    pub(crate) bind: bind::Memory,
    pub(crate) check: check::Memory,
}

/// Reads one report. Whatever the bytes are, a report comes out; where no grammar fits, its status says so.
///
/// Time and memory are linear in the size of the input.
pub fn parse<'b>(bytes: &'b [u8], grammars: &Grammars, limits: &Limits) -> Report<'b> {
    parse_with(&mut Memory::default(), bytes, grammars, limits)
}

/// Reads one report as [`parse`] does, sooner by what `memory` keeps of earlier pages; the report is the same.
pub fn parse_with<'b>(memory: &mut Memory, bytes: &'b [u8], grammars: &Grammars, limits: &Limits) -> Report<'b> {
    let limit = limits.bytes.min(Limits::MOST_BYTES);
    let (bytes, too_large) = if bytes.len() > limit { (&bytes[..0], Some(bytes.len())) } else { (bytes, None) };
    let decoded = text::decode(bytes, limits.encoding);
    let plain = layout::without_markup(&decoded.text);
    let outline = match &plain {
        Some(plain) => layout::outline(plain, Some(&decoded.text)),
        None => layout::outline(&decoded.text, None),
    };
    let mut report = bind::bind_with_memory(&mut memory.bind, &decoded, &outline, grammars);
    report.plain = plain;
    if limits.check {
        check::check_with_memory(&mut memory.check, &mut report, grammars);
    }
    if let Some(size) = too_large {
        let finding = Finding {
            expected: Some(limit.to_string()),
            found: Some(size.to_string()),
            ..Finding::new(Code::TooLarge)
        };
        report.findings = vec![finding];
    }
    report
}
