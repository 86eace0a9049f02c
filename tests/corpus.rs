//! Sample reports and what the parser makes of them: `corpus/samples/NAME.txt` with `corpus/expected/NAME.json`.
//!
//! The texts are written by the generator from the recipes below. `BLESS=1 cargo test --test corpus` writes texts and JSON
//! anew; look at the difference before keeping it. Figures can't be blessed wrong: they are held against the generator's truth.

#![allow(clippy::disallowed_methods)] // files are what it is about

mod truth;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gongkai::grammar::Grammars;
use gongkai::{Limits, parse, wire};
use gongkai_corpus::Edition::{Gid2019, Gid2021};
use gongkai_corpus::Encoding::{self, Big5, Gb18030, Utf8, Utf8Bom, Utf16Le};
use gongkai_corpus::Size::{self, Short, Typical};
use gongkai_corpus::{Edition, Gap, Layout, Recipe, Rng, Sample, Script, Style, encode, fits, write};

/// How the page is dressed.
#[derive(Clone, Copy)]
enum Dress {
    /// As the form has it.
    Plain,
    /// With a mix of oddities, chosen by the seed.
    Mixed,
    /// As the form has it, with blank cells for zeros.
    Blanks,
    /// In traditional script.
    Traditional,
}
use Dress::{Blanks, Mixed, Plain, Traditional};

/// Name, seed, edition, layout, dress, size, encoding. The name says what is particular.
#[rustfmt::skip]
const RECIPES: &[(&str, u64, Edition, Layout, Dress, Size, Encoding)] = &[
    ("tab", 1, Gid2021, Layout::Tab, Plain, Typical, Utf8),
    ("tab_2019", 2, Gid2019, Layout::Tab, Plain, Typical, Utf8),
    ("tab_blanks", 3, Gid2021, Layout::Tab, Blanks, Short, Utf8),
    ("tab_mixed", 4, Gid2021, Layout::Tab, Mixed, Short, Utf8),
    ("tab_gb18030", 5, Gid2021, Layout::Tab, Plain, Short, Gb18030),
    ("tab_half_lost", 6, Gid2021, Layout::TabHalfLost, Plain, Short, Utf8),
    ("tab_half_lost_2019", 7, Gid2019, Layout::TabHalfLost, Mixed, Short, Utf8),
    ("tab_repeated", 8, Gid2021, Layout::TabRepeated, Plain, Short, Utf8),
    ("tab_repeated_blanks_2019", 9, Gid2019, Layout::TabRepeated, Blanks, Short, Utf8),
    ("pipe", 10, Gid2021, Layout::Pipe, Plain, Typical, Utf8),
    ("pipe_2019_utf16le", 11, Gid2019, Layout::Pipe, Mixed, Short, Utf16Le),
    ("pipe_big5", 12, Gid2021, Layout::Pipe, Traditional, Short, Big5),
    ("pipe_blank_tail", 13, Gid2021, Layout::PipeBlankTail, Plain, Short, Utf8),
    ("pipe_blank_tail_2019", 14, Gid2019, Layout::PipeBlankTail, Mixed, Short, Utf8),
    ("pipe_cells", 15, Gid2021, Layout::PipeCells, Blanks, Short, Utf8),
    ("pipe_cells_2019", 16, Gid2019, Layout::PipeCells, Plain, Typical, Utf8),
    ("pipe_cells_glued", 17, Gid2021, Layout::PipeCellsGlued, Plain, Short, Utf8),
    ("pipe_cells_glued_gb18030", 18, Gid2021, Layout::PipeCellsGlued, Mixed, Short, Gb18030),
    ("pipe_alternate", 19, Gid2021, Layout::PipeAlternate, Blanks, Short, Utf8),
    ("pipe_alternate_2019", 20, Gid2019, Layout::PipeAlternate, Plain, Short, Utf8),
    ("pipe_first", 21, Gid2021, Layout::PipeFirst, Plain, Short, Utf8),
    ("pipe_first_mixed", 22, Gid2021, Layout::PipeFirst, Mixed, Short, Utf8Bom),
    ("markdown", 23, Gid2021, Layout::Markdown, Plain, Typical, Utf8),
    ("markdown_2019_blanks", 24, Gid2019, Layout::Markdown, Blanks, Short, Utf8),
    ("markdown_rows", 25, Gid2021, Layout::MarkdownRows, Plain, Short, Utf8),
    ("markdown_rows_mixed", 26, Gid2021, Layout::MarkdownRows, Mixed, Short, Utf8),
    ("cells_on_lines", 27, Gid2021, Layout::Lines, Plain, Typical, Utf8),
    ("cells_on_lines_2019_bom", 28, Gid2019, Layout::Lines, Mixed, Short, Utf8Bom),
    ("cells_on_lines_spaced", 29, Gid2021, Layout::LinesSpaced, Mixed, Short, Utf8),
    ("spaces", 30, Gid2021, Layout::Spaces, Plain, Short, Utf8),
    ("spaces_traditional_2019", 31, Gid2019, Layout::Spaces, Traditional, Short, Utf8),
    ("pdf", 32, Gid2021, Layout::Pdf, Mixed, Typical, Utf8),
    ("pdf_2019_gb18030", 33, Gid2019, Layout::Pdf, Plain, Short, Gb18030),
    ("pdf_shredded", 34, Gid2021, Layout::PdfShredded, Mixed, Short, Utf8),
    ("pdf_shredded_2019", 35, Gid2019, Layout::PdfShredded, Plain, Typical, Utf8),
    ("one_line", 36, Gid2021, Layout::OneLine, Plain, Short, Utf8),
    ("one_line_2019", 37, Gid2019, Layout::OneLine, Plain, Typical, Utf16Le),
];

fn sample(recipe: &(&str, u64, Edition, Layout, Dress, Size, Encoding)) -> (Sample, Vec<u8>) {
    let (name, seed, edition, layout, dress, size, encoding) = *recipe;
    let mut style = match dress {
        Plain => Style::plain(),
        Mixed => Style::random(&mut Rng::named(seed, "samples")),
        Blanks => Style { gap: Gap::Blank, gap_share: 60, ..Style::plain() },
        Traditional => Style { script: Script::Traditional, ..Style::plain() },
    };
    // The project's text files have plain line ends; other tests see to the rest.
    style.crlf = false;
    let sample = write(&Recipe { seed, edition, layout, style, size, faults: Vec::new() });
    assert!(fits(&sample.text, encoding), "{name} can't be written in {}", encoding.name());
    let bytes = encode(&sample.text, encoding);
    (sample, bytes)
}

fn folder(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(part)
}

fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Reads one sample as it lies there and holds it against its JSON and its truth.
fn check(grammars: &Grammars, recipe: &(&str, u64, Edition, Layout, Dress, Size, Encoding)) -> Result<(), String> {
    let name = recipe.0;
    let (sample, bytes) = sample(recipe);
    let (text_file, json_file) =
        (folder("samples").join(format!("{name}.txt")), folder("expected").join(format!("{name}.json")));
    if blessing() {
        std::fs::write(&text_file, &bytes).expect("a file");
    }
    let page = std::fs::read(&text_file).map_err(|error| format!("{name}.txt: {error}"))?;
    if page != bytes {
        return Err(format!("{name}.txt is not what its recipe gives"));
    }

    let report = parse(&page, grammars, &Limits::default());
    let differences = truth::differences(&report, grammars, &sample.truth);
    if !differences.is_empty() {
        return Err(format!("{name}: {}", differences.join("\n    ")));
    }

    let source = wire::Source { bytes: page.len() as u64, ..wire::Source::new(format!("{name}.txt")) };
    let options = wire::Options { pretty: true, ..wire::Options::default() };
    let json = wire::to_string(&report, grammars, &source, &options) + "\n";
    if blessing() {
        std::fs::write(&json_file, &json).expect("a file");
    }
    let expected = std::fs::read_to_string(&json_file).map_err(|error| format!("{name}.json: {error}"))?;
    let differs = json.lines().zip(expected.lines()).position(|(one, other)| one != other);
    match (json == expected, differs) {
        (true, _) => Ok(()),
        (false, Some(line)) => {
            let line_of = |text: &str| text.lines().nth(line).unwrap_or("").trim().to_owned();
            Err(format!(
                "{name}.json, line {}: {} is expected, {} was written",
                line + 1,
                line_of(&expected),
                line_of(&json)
            ))
        }
        (false, None) => Err(format!("{name}.json is shorter or longer than what was written")),
    }
}

#[test]
fn samples_are_read_as_before_and_rightly() {
    let grammars = Grammars::built_in();
    let wrong: Vec<String> = RECIPES.iter().filter_map(|recipe| check(&grammars, recipe).err()).collect();
    assert!(wrong.is_empty(), "{} samples (BLESS=1 writes them anew):\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn samples_have_both_files_and_a_recipe() {
    let names = |part: &str| -> BTreeSet<String> {
        let entries =
            std::fs::read_dir(folder(part)).expect("the folder").map(|entry| entry.expect("an entry").file_name());
        entries.map(|name| name.to_string_lossy().into_owned()).collect()
    };
    let there: BTreeSet<String> = names("samples").union(&names("expected")).cloned().collect();
    let right: BTreeSet<String> =
        RECIPES.iter().flat_map(|recipe| [format!("{}.txt", recipe.0), format!("{}.json", recipe.0)]).collect();
    if !blessing() {
        assert_eq!(there, right);
    }
}

#[test]
fn samples_have_every_layout_edition_and_encoding() {
    for layout in Layout::ALL {
        assert!(RECIPES.iter().any(|recipe| recipe.3 == *layout), "{}", layout.name());
    }
    assert!(Edition::ALL.iter().all(|edition| RECIPES.iter().any(|recipe| recipe.2 == *edition)));
    assert!(Encoding::ALL.iter().all(|encoding| RECIPES.iter().any(|recipe| recipe.6 == *encoding)));
}
