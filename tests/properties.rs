//! What holds for every page: for bytes that are no page, for pages by the generator, and for pages a little changed.
//!
//! The random part is the same in each run. `PROPTEST_CASES=5000 cargo test --test properties` tries more of it, each time
//! with other numbers; what fails then is kept in `tests/properties.proptest-regressions`.

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // files are what some of it reads; it tells a count

mod invariants;
mod truth;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gongkai::grammar::{Check, Kind, Sign, Truth};
use gongkai::report::{Agreement, Cell, CellId, Report, Severity};
use gongkai::text::radical;
use gongkai::{Limits, Memory, parse, parse_with, wire};
use gongkai_corpus::{Edition, Encoding, Layout, Recipe, Rng, Sample, Size, Style, encode, radicals, write};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{FileFailurePersistence, RngSeed};

use invariants::{GRAMMARS, check};
use truth::differences;

/// The cases asked for in the environment.
fn asked_for() -> Option<u32> {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok())
}

fn cases(few: u32) -> ProptestConfig {
    ProptestConfig {
        cases: asked_for().unwrap_or(few),
        rng_seed: if asked_for().is_some() { RngSeed::Random } else { RngSeed::Fixed(2021) },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/properties.proptest-regressions"))),
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

/// Seeds for what is tried in every layout: few, or as many as make the cases asked for.
fn seeds(few: u64) -> std::ops::Range<u64> {
    0..asked_for().map_or(few, |cases| few.max(u64::from(cases) / 20))
}

fn read(bytes: &[u8]) -> Report<'_> {
    parse(bytes, &GRAMMARS, &Limits::default())
}

/// A short page with everything chosen by the seed but its layout.
fn page(seed: u64, layout: Layout) -> (Recipe, Sample) {
    let mut recipe = Recipe::random(seed);
    recipe.layout = layout;
    if let Size::Long(_) = recipe.size {
        recipe.size = Size::Short;
    }
    let sample = write(&recipe);
    (recipe, sample)
}

/// A short page without anything odd.
fn plain(seed: u64, edition: Edition, layout: Layout) -> Sample {
    write(&Recipe { size: Size::Short, ..Recipe::plain(seed, edition, layout) })
}

/// Words of the forms, and what stands between words on pages.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<String> = Vec::new();
    for grammar in GRAMMARS.list() {
        let headings = grammar.sections.iter().flat_map(|section| &section.headings);
        let tables = grammar.tables.iter();
        let rows = tables.clone().flat_map(|table| &table.rows).flat_map(|row| row.labels.iter().chain(&row.group));
        let columns = tables
            .clone()
            .flat_map(|table| &table.columns)
            .flat_map(|column| column.labels.iter().chain(column.under.iter().flatten()));
        let heads = tables.flat_map(|table| table.captions.iter().chain(&table.header));
        words.extend(
            headings.chain(rows).chain(columns).chain(heads).chain(&grammar.endings).map(|label| label.shown.clone()),
        );
    }
    words.sort();
    words.dedup();
    let others = [
        "青石县",
        "2023年",
        "二〇二二年",
        "2019",
        "一、",
        "二、",
        "（一）",
        "(三)",
        "1.",
        "３．",
        "①",
        "其中",
        "（其中修订2件）",
        "全年主动公开信息",
        "。",
        "，",
        "第 3 页",
        "- 4 -",
        "打印",
        "发布日期：2024-01-12",
        "增5",
        "减少8",
        "+(0)",
        "201件",
        "25.1万元",
        "1,016",
        "４０",
        "99999999999999999999999999999999999999999",
        "0",
        "1",
        "7",
        "-",
        "—",
        "/",
        "\\",
        "无",
        "不适用",
        "見",
        "總計",
        "⾃然⼈",
        "⼀、",
        "\u{200B}",
        "\u{FEFF}",
        "\u{A0}",
        "\u{3000}",
        "\u{FFFD}",
        "\u{0}",
        "\u{85}",
        "\u{2028}",
        "#",
        "##",
        "|---|---|",
        "+--+--+",
        ":---:",
        "---",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</p>",
        "<br/>",
        "<script>",
        "<!--",
        "&nbsp;",
        "&lt;",
        "𠀀",
        "e\u{301}",
        "ﬁ",
        "½",
        "Ⅳ",
    ];
    words.extend(others.map(str::to_owned));
    words
});

static GAPS: &[&str] = &[
    "",
    "",
    " ",
    "  ",
    "\t",
    "\t\t",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " | ",
    " |",
    "|",
    "||",
    "\n|\n",
    "\n\n",
    "│",
    " │\n",
    "｜",
    "┌──┬─┐",
    "> ",
    "（",
    "）",
    "\u{3000}",
];

fn mix() -> impl Strategy<Value = String> {
    let piece = (0..WORDS.len(), select(GAPS)).prop_map(|(word, gap)| format!("{}{gap}", WORDS[word]));
    proptest::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

/// One thing that may happen to a page on its way.
#[derive(Clone, Debug)]
enum Mishap {
    BytesLost(f64, usize),
    BytesInserted(f64, Vec<u8>),
    WordInserted(f64, usize),
    LineDoubled(f64),
    LinesSwapped(f64, f64),
    LinesLost(f64, usize),
    CutBefore(f64),
    CutBehind(f64),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    let at = || 0.0..1.0f64;
    prop_oneof![
        (at(), 1..40usize).prop_map(|(at, length)| Mishap::BytesLost(at, length)),
        (at(), proptest::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Mishap::BytesInserted(at, bytes)),
        (at(), 0..WORDS.len()).prop_map(|(at, word)| Mishap::WordInserted(at, word)),
        at().prop_map(Mishap::LineDoubled),
        (at(), at()).prop_map(|(one, two)| Mishap::LinesSwapped(one, two)),
        (at(), 1..5usize).prop_map(|(at, count)| Mishap::LinesLost(at, count)),
        (0.0..0.3f64).prop_map(Mishap::CutBefore),
        (0.5..1.0f64).prop_map(Mishap::CutBehind),
    ]
}

fn befall(bytes: &mut Vec<u8>, mishap: &Mishap) {
    let place = |at: f64, length: usize| ((at * length as f64) as usize).min(length);
    let mut by_lines = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        if !lines.is_empty() {
            change(&mut lines);
        }
        *bytes = lines.concat();
    };
    match mishap {
        Mishap::LineDoubled(at) => by_lines(&|lines| {
            let index = place(*at, lines.len() - 1);
            let line = lines[index].clone();
            lines.insert(index, line);
        }),
        Mishap::LinesSwapped(one, two) => by_lines(&|lines| {
            let last = lines.len() - 1;
            lines.swap(place(*one, last), place(*two, last));
        }),
        Mishap::LinesLost(at, count) => by_lines(&|lines| {
            let start = place(*at, lines.len());
            let end = (start + count).min(lines.len());
            lines.drain(start..end);
        }),
        Mishap::BytesLost(at, length) => {
            let start = place(*at, bytes.len());
            bytes.drain(start..(start + length).min(bytes.len()));
        }
        Mishap::BytesInserted(at, inserted) => {
            let start = place(*at, bytes.len());
            bytes.splice(start..start, inserted.iter().copied());
        }
        Mishap::WordInserted(at, word) => {
            let start = place(*at, bytes.len());
            bytes.splice(start..start, WORDS[*word].bytes());
        }
        Mishap::CutBefore(at) => {
            bytes.drain(..place(*at, bytes.len()));
        }
        Mishap::CutBehind(at) => bytes.truncate(place(*at, bytes.len())),
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..800)) {
        check(&bytes);
    }

    #[test]
    fn any_mix_of_words_is_read(text in mix()) {
        check(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(cases(70))]

    #[test]
    fn damaged_pages_are_read(
        seed in 0..10_000u64,
        layout in select(Layout::ALL),
        encoding in select(&[Encoding::Utf8, Encoding::Utf8, Encoding::Gb18030, Encoding::Utf16Le]),
        mishaps in proptest::collection::vec(mishap(), 1..6),
    ) {
        let (_, sample) = page(seed, layout);
        let mut bytes = encode(&sample.text, encoding);
        for mishap in &mishaps {
            befall(&mut bytes, mishap);
        }
        check(&bytes);
    }
}

/// Pages that are not read rightly yet, with the reason. One that is read rightly now must leave the list.
const KNOWN: &[(Layout, u64, &str)] = &[];

#[test]
fn pages_give_their_truth_back() {
    let mut wrong = Vec::new();
    for layout in Layout::ALL.iter().copied() {
        for seed in seeds(20) {
            let (_, sample) = page(seed, layout);
            let report = check(sample.text.as_bytes());
            let found = differences(&report, &GRAMMARS, &sample.truth);
            let known = KNOWN.iter().any(|(other, number, _)| (*other, *number) == (layout, seed));
            match (found.is_empty(), known) {
                (false, false) => {
                    wrong.push(format!("{} {seed}: {} things, such as {}", layout.name(), found.len(), found[0]))
                }
                (true, true) => wrong.push(format!("{} {seed} is read rightly now: take it off KNOWN", layout.name())),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} pages:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each plain page as it is, and what makes another file of the same page.
#[track_caller]
fn same_figures(what: &str, layouts: impl Fn(Layout) -> bool, change: impl Fn(&str) -> Vec<u8>) {
    let mut wrong = Vec::new();
    for layout in Layout::ALL.iter().copied().filter(|layout| layouts(*layout)) {
        for seed in seeds(2) {
            let edition = Edition::ALL[seed as usize % 2];
            let sample = plain(seed, edition, layout);
            let bytes = change(&sample.text);
            let found = differences(&read(&bytes), &GRAMMARS, &sample.truth);
            if !found.is_empty() {
                wrong.push(format!(
                    "{} {} {seed}: {} things, such as {}",
                    layout.name(),
                    edition.id(),
                    found.len(),
                    found[0]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{what}: {} pages:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn encodings_change_no_figure() {
    for encoding in [Encoding::Gb18030, Encoding::Utf16Le, Encoding::Utf8Bom] {
        same_figures(encoding.name(), |_| true, |text| encode(text, encoding));
    }
}

#[test]
fn line_ends_change_no_figure() {
    same_figures("carriage return and newline", |_| true, |text| text.replace('\n', "\r\n").into_bytes());
    same_figures("carriage return", |_| true, |text| text.replace('\n', "\r").into_bytes());
    same_figures("blank lines", |layout| layout != Layout::PipeFirst, |text| text.replace('\n', "\n\n").into_bytes());
}

#[test]
fn wide_digits_change_no_figure() {
    let wide = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0xFF10 + digit)).unwrap_or(c);
    same_figures("wide digits", |_| true, |text| text.chars().map(wide).collect::<String>().into_bytes());
}

/// The cells of a report by table, row and column.
fn cells(report: &Report<'_>) -> BTreeMap<(u16, u16, u16), Cell> {
    let tables = report.tables.iter().flat_map(|table| table.cells.iter().map(|cell| (table.id, cell)));
    tables.map(|(table, cell)| ((table, cell.row, cell.column), cell.clone())).collect()
}

/// Some figures of each plain page, one at a time replaced by something else, and what is to be said of each cell then.
#[track_caller]
fn one_figure_changed(
    layouts: &[Layout],
    some: usize,
    with: impl Fn(&mut Rng) -> String,
    right: impl Fn(bool, &Cell, Option<&Cell>, &str) -> bool,
) {
    let mut wrong = Vec::new();
    for layout in layouts.iter().copied() {
        for seed in seeds(2) {
            let sample = plain(seed, Edition::ALL[seed as usize % 2], layout);
            let before = cells(&read(sample.text.as_bytes()));
            let numbers: Vec<_> = before.iter().filter(|(_, cell)| cell.value.number().is_some()).collect();
            let mut rng = Rng::named(seed, layout.name());
            for _ in 0..some {
                let (place, cell) = numbers[rng.below(numbers.len())];
                let Some(span) = cell.span else { continue };
                let word = with(&mut rng);
                let mut text = sample.text.clone();
                text.replace_range(span.start as usize..span.end as usize, &word);
                let after = cells(&read(text.as_bytes()));
                for (other, cell) in &before {
                    if !right(other == place, cell, after.get(other), &word) {
                        let read = after.get(other).map(|cell| cell.value);
                        wrong.push(format!(
                            "{} {seed}: {place:?} made {word:?}: {other:?} is {read:?}, it was {:?}",
                            layout.name(),
                            cell.value
                        ));
                    }
                }
                let made =
                    after.iter().filter(|(other, cell)| !before.contains_key(*other) && cell.value.number().is_some());
                wrong.extend(made.map(|(other, _)| {
                    format!("{} {seed}: {place:?} made {word:?}: {other:?} came about", layout.name())
                }));
            }
        }
    }
    let shown = &wrong[..wrong.len().min(20)];
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), shown.join("\n"));
}

#[test]
fn a_removed_figure_makes_no_other() {
    one_figure_changed(
        &[Layout::Tab, Layout::Pipe, Layout::Markdown],
        20,
        |_| String::new(),
        |removed, before, after, _| {
            let number = after.and_then(|cell| cell.value.number());
            number.is_none() || (!removed && number == before.value.number())
        },
    );
}

#[test]
fn a_changed_figure_changes_its_cell_alone() {
    one_figure_changed(
        Layout::ALL,
        5,
        |rng| rng.between(1, 99_999).to_string(),
        |changed, before, after, word| match after {
            Some(after) if changed => after.value.number().is_some_and(|number| number.to_string() == word),
            Some(after) => after.value == before.value,
            None => false,
        },
    );
}

/// How many places of each rule name a cell, of the rules whose breach is more than a note: they say that two sums are equal.
fn rules_that_name(grammar: &gongkai::grammar::Grammar, cell: CellId) -> BTreeMap<&str, usize> {
    let mut naming = BTreeMap::new();
    for rule in grammar.rules.iter().filter(|rule| rule.severity > Severity::Note && rule.kind != Kind::AcrossYears) {
        let Check::Formula(instances) = &rule.check else { continue };
        let names = |truth: &Truth| match truth {
            Truth::Compare(comparison) if comparison.sign == Sign::Equal => {
                comparison.left.terms.iter().chain(&comparison.right.terms).any(|term| term.cell == cell)
            }
            _ => false,
        };
        let places = instances.iter().filter(|instance| names(&instance.truth)).count();
        if places > 0 {
            naming.insert(rule.id.as_str(), places);
        }
    }
    naming
}

/// What is wrong in a report after `cell` was changed, against the report before.
fn wrong_after(before: &Report<'_>, after: &Report<'_>, cell: CellId) -> Option<String> {
    let grammar = &GRAMMARS.list()[after.grammar?];
    let mut broken: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in after.findings.iter().filter(|finding| finding.severity > Severity::Note) {
        let rule = &grammar.rules[usize::from(finding.rule?)];
        if matches!(rule.check, Check::Formula(_)) {
            let sides = finding.sides.iter().flat_map(|sides| sides.left.terms.iter().chain(&sides.right.terms));
            if !sides.filter_map(|term| term.cell).any(|other| other == cell) {
                return Some(format!("{} does not name it", rule.id));
            }
            *broken.entry(&rule.id).or_default() += 1;
        }
    }
    let naming = rules_that_name(grammar, cell);
    if broken != naming {
        return Some(format!("{broken:?} are broken, {naming:?} name it"));
    }
    let pairs = before.statements.iter().zip(&after.statements);
    let wrong = pairs.into_iter().find(|(before, after)| match (before.agreement, after.agreement) {
        (Agreement::Holds, Agreement::Fails) => !before.cells.contains(&cell),
        // What may be understood in two ways may hold by the other one.
        (Agreement::Holds, Agreement::Holds) => before.cells.contains(&cell) && after.cells == before.cells,
        (before, after) => before != after,
    });
    wrong.map(|(before, after)| format!("{before:?} has become {after:?}"))
}

#[test]
fn a_changed_figure_breaks_the_rules_that_name_it() {
    let (mut tried, mut breaks) = (0, 0);
    let mut wrong = Vec::new();
    for layout in Layout::ALL.iter().copied() {
        for seed in seeds(2) {
            let edition = Edition::ALL[seed as usize % 2];
            let style = Style { statements: true, ..Style::plain() };
            let sample = write(&Recipe { style, size: Size::Short, ..Recipe::plain(seed, edition, layout) });
            let before = read(sample.text.as_bytes());
            let numbers: Vec<_> =
                cells(&before).into_iter().filter(|(_, cell)| cell.value.number().is_some()).collect();
            let mut rng = Rng::named(seed, layout.name());
            for _ in 0..8 {
                let ((table, row, column), cell) = &numbers[rng.below(numbers.len())];
                let (Some(span), Some(number)) = (cell.span, cell.value.number()) else { continue };
                let word = rng.between(1, 99_999).to_string();
                if word == number.to_string() {
                    continue;
                }
                let mut text = sample.text.clone();
                text.replace_range(span.start as usize..span.end as usize, &word);
                let after = read(text.as_bytes());
                let place = CellId { table: *table, row: *row, column: *column };
                tried += 1;
                breaks += after.findings.iter().filter(|finding| finding.severity > Severity::Note).count();
                if let Some(words) = wrong_after(&before, &after, place) {
                    wrong.push(format!("{} {} {seed}: {place:?} made {word}: {words}", layout.name(), edition.id()));
                }
            }
        }
    }
    println!("{tried} figures changed, {breaks} findings");
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_once_failed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for file in files {
        let bytes = std::fs::read(&file).expect("a file");
        let outcome = std::panic::catch_unwind(|| {
            check(&bytes);
        });
        assert!(outcome.is_ok(), "{}", file.display());
    }
}

#[test]
fn plain_styles_are_plain() {
    // The changed pages above say something only if those pages are read rightly as they are.
    same_figures("as it is", |_| true, |text| text.as_bytes().to_vec());
    assert_eq!(Recipe::plain(1, Edition::Gid2021, Layout::Tab).style, Style::plain());
}

/// A memory gives the report of none.
fn check_remembered(memory: &mut Memory, bytes: &[u8]) {
    let json = |report: &Report<'_>| {
        let options = wire::Options { provenance: true, ..wire::Options::default() };
        wire::to_string(report, &GRAMMARS, &wire::Source::new("page"), &options)
    };
    let remembered = parse_with(memory, bytes, &GRAMMARS, &Limits::default());
    assert!(json(&remembered) == json(&read(bytes)), "{}", String::from_utf8_lossy(bytes));
}

#[test]
fn a_table_that_ends_where_others_go_on() {
    let page = "青石县2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（一）项\n\
        信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n行政规范性文件\t3\t1\t12\n第二十条第（五）项\n\
        信息内容\t本年处理决定数量\n行政许可\t8\n第二十条第（六）项\n信息内容\t本年处理决定数量\n行政处罚\t2\n行政强制\t0\n\
        第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t0\n三、收到和处理政府信息公开申请情况\n无。\n\
        四、政府信息公开行政复议、行政诉讼情况\n无。\n";
    let mut memory = Memory::default();
    for _ in 0..3 {
        check_remembered(&mut memory, page.as_bytes());
    }
    let behind = page.find("三、").expect("the next section");
    for (end, _) in page[..behind].match_indices('\n') {
        check_remembered(&mut memory, format!("{}\n{}", &page[..end], &page[behind..]).as_bytes());
    }
}

/// One memory for many pages, with figures changed between them, gives the reports of none.
#[test]
fn what_is_remembered_changes_nothing() {
    let mut memory = Memory::default();
    let mut check = |bytes: &[u8]| check_remembered(&mut memory, bytes);
    let others = [
        "",
        "-",
        "—",
        "/",
        "无",
        "不适用",
        "见附件",
        "0",
        "7",
        "10",
        "123456",
        "0.5",
        "12.50",
        "-3",
        "1,016",
        "３２",
        "20 件",
        "201件",
        "3（其中修订 2 件）",
        "25.1万元",
        "99999999999999999999",
        "1、",
        "（一）",
        "增5",
        "+(0)",
    ];
    let mut rng = Rng::named(7, "memory");
    let mut last = String::new();
    for seed in seeds(3) {
        for layout in Layout::ALL {
            let pages = [page(seed, *layout).1, plain(seed, Edition::ALL[(seed % 2) as usize], *layout)];
            for sample in pages {
                // The third one is read from what the first two left.
                (0..3).for_each(|_| check(sample.text.as_bytes()));
                for _ in 0..8 {
                    let text = figures_changed(&sample.text, &mut rng, &others);
                    check(text.as_bytes());
                    check(text.as_bytes());
                }
                // Rows that are known stand in another order, twice, or with other blanks round them, and some are lost.
                for _ in 0..6 {
                    check(rows_moved(&sample.text, &mut rng).as_bytes());
                }
                // The fonts of a PDF print radicals where they like.
                let ordinary: String = sample.text.chars().map(|c| radical(c).unwrap_or(c)).collect();
                for _ in 0..4 {
                    check(radicals(&ordinary, &mut rng).as_bytes());
                }
                // What is known of a line holds among other lines too.
                for _ in 0..2 {
                    check(mixed(&last, &sample.text, &mut rng).as_bytes());
                }
                last = sample.text;
            }
        }
    }
}

/// The page with some of its lines lost, doubled, or changed with the next one, and with more or fewer blanks at their ends.
fn rows_moved(text: &str, rng: &mut Rng) -> String {
    let rarely = 4 + rng.below(30);
    let mut lines: Vec<&str> = text.lines().collect();
    for index in 1..lines.len() {
        if rng.below(rarely) == 0 {
            lines.swap(index - 1, index);
        }
    }
    let mut moved = String::with_capacity(2 * text.len());
    for line in lines {
        let blank = if line.contains('\t') { "\t" } else { " " };
        let parts: &[&str] = match rng.below(4 * rarely) {
            0 => &[],
            1 => &[line, "\n", line, "\n"],
            2 => &[blank, line, "\n"],
            3 => &[line, blank, "\n"],
            4 => &[line.trim_end_matches(['\t', ' ']), "\n"],
            _ => &[line, "\n"],
        };
        moved.extend(parts.iter().copied());
    }
    moved
}

/// Lines of two pages, a few of the one and a few of the other by turns.
fn mixed(one: &str, other: &str, rng: &mut Rng) -> String {
    let mut pages = [one.lines(), other.lines()];
    let mut mixed = String::with_capacity(one.len() + other.len());
    let mut page = 0;
    while pages.iter().any(|lines| lines.clone().next().is_some()) {
        for line in pages[page].by_ref().take(1 + rng.below(12)) {
            mixed.push_str(line);
            mixed.push('\n');
        }
        page = 1 - page;
    }
    mixed
}

/// The page with some of its numbers changed: to other digits, and now and then to something else.
fn figures_changed(text: &str, rng: &mut Rng, others: &[&str]) -> String {
    let (most, strange) = (rng.chance(50), rng.below(4));
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| start + end);
        changed.push_str(&rest[..start]);
        let whole =
            rest[..start].ends_with(['\t', ' ', '|', '\n']) && rest[end..].starts_with(['\t', ' ', '|', '\n', '\r']);
        match rng.below(100) {
            0..3 if strange == 0 => changed.push_str(rng.pick(others)),
            3..60 if most && whole => changed.push_str(&rng.below(100_000).to_string()),
            _ => changed.push_str(&rest[start..end]),
        }
        rest = &rest[end..];
    }
    changed.push_str(rest);
    changed
}
