//! What holds for the report of any bytes. Shared by the property tests and the fuzz targets, so that both ask the same.

use std::sync::LazyLock;

use gongkai::grammar::{Check, Grammar, Grammars};
use gongkai::report::{Agreement, Block, CellId, Code, Doubt, Report, Role, Span, Status, Value};
use gongkai::text::is_invisible;
use gongkai::{Limits, parse, wire};

/// The built-in grammars, loaded once.
pub static GRAMMARS: LazyLock<Grammars> = LazyLock::new(Grammars::built_in);

/// Reads the bytes and panics where the report breaks a promise.
#[track_caller]
pub fn check(bytes: &[u8]) -> Report<'_> {
    let report = parse(bytes, &GRAMMARS, &Limits::default());
    spans(&report);
    coverage(&report);
    cells(&report);
    rules(&report);
    unchecked(bytes, &report);
    json(&report);
    let again = parse(bytes, &GRAMMARS, &Limits::default());
    assert_eq!(format!("{report:?}"), format!("{again:?}"), "reading twice gives two reports");
    report
}

/// Every span of the report lies within the text, on boundaries of characters.
#[track_caller]
fn spans(report: &Report<'_>) {
    let mut all: Vec<(&str, Span)> = Vec::new();
    all.extend(report.title.map(|span| ("title", span)));
    for section in &report.sections {
        all.extend(section.number.map(|span| ("section number", span)));
        all.push(("section heading", section.heading));
        for block in &section.blocks {
            match block {
                Block::Paragraph(span) => all.push(("paragraph", *span)),
                Block::Heading { number, text, .. } => {
                    all.extend(number.map(|span| ("number", span)));
                    all.push(("heading", *text));
                }
                Block::Table(_) => {}
            }
        }
        let (first, last) = section.lines;
        assert!(0 < first && first <= last, "lines of a section: {first} to {last}");
    }
    all.extend(
        report.tables.iter().flat_map(|table| &table.cells).filter_map(|cell| cell.span).map(|span| ("cell", span)),
    );
    all.extend(report.findings.iter().filter_map(|finding| finding.span).map(|span| ("finding", span)));
    for statement in &report.statements {
        all.extend([("statement", statement.span), ("figure", statement.figure)]);
        all.extend(statement.parts.iter().map(|part| ("part", part.span)));
        assert!(
            statement.span.start <= statement.figure.start && statement.figure.end <= statement.span.end,
            "the figure {:?} stands outside its statement {:?}",
            statement.figure,
            statement.span
        );
    }
    for finding in &report.findings {
        all.extend(finding.related.iter().map(|span| ("related", *span)));
        let blamed = finding.blame.iter().flat_map(|blame| &blame.cells);
        all.extend(blamed.filter_map(|cell| cell.span).map(|span| ("blamed", span)));
    }
    all.extend(report.unbound.iter().map(|span| ("unbound", *span)));
    all.extend(report.coverage.iter().map(|(span, _)| ("coverage", *span)));
    for (what, span) in all {
        assert!(
            report.text.get(span.start as usize..span.end as usize).is_some(),
            "{what} {span:?} is no slice of the text"
        );
    }
    if let Some(plain) = &report.plain {
        assert_eq!(plain.len(), report.text.len(), "the text without markup has another length");
        let boundaries = |text: &str| text.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
        let (plain, text) = (boundaries(plain), boundaries(&report.text));
        assert!(text.iter().all(|at| plain.binary_search(at).is_ok()), "the text without markup cuts a character");
    }
}

/// Coverage is in order, without overlap, and leaves out nothing but blanks and what delimits cells.
#[track_caller]
fn coverage(report: &Report<'_>) {
    let text: &str = &report.text;
    let mut at = 0;
    for (span, role) in &report.coverage {
        assert!(span.start >= at && span.end > span.start, "{role:?} {span:?} after {at}");
        nothing_lost(report, at as usize..span.start as usize);
        at = span.end;
    }
    nothing_lost(report, at as usize..text.len());
    let unbound: Vec<Span> =
        report.coverage.iter().filter(|(_, role)| *role == Role::Unbound).map(|(span, _)| *span).collect();
    assert_eq!(unbound, report.unbound, "`unbound` and the roles differ");
}

#[track_caller]
fn nothing_lost(report: &Report<'_>, gap: std::ops::Range<usize>) {
    let text: &str = &report.text;
    let start = gap.start;
    let mut dashes = None;
    // Bars of other kinds, rules of drawn boxes, marks of quotations and commas are read as signs that delimit.
    let is_read_as_one = |at: usize| {
        let plain = report.plain.as_ref().map(|plain| plain.as_bytes()[at]);
        plain.is_some_and(|sign| matches!(sign, b'|' | b'-' | b'+' | b'\t' | 1) && sign != text.as_bytes()[at])
    };
    for (at, c) in text[gap].char_indices() {
        match c {
            '|' | '#' => {}
            '>' | ',' | '"' | '｜' | '\u{2500}'..='\u{257F}' if is_read_as_one(start + at) => {}
            '-' | '+' => dashes = dashes.or(Some(start + at)),
            c if c.is_whitespace() || is_invisible(c) => {}
            c => panic!("{c:?} at {} has no role", start + at),
        }
        // A dash delimits only where its whole line is a rule.
        if c == '\n' || c == '\r' {
            dashes.take().into_iter().for_each(|at| in_a_rule(report.plain(), at));
        }
    }
    dashes.into_iter().for_each(|at| in_a_rule(report.plain(), at));
}

#[track_caller]
fn in_a_rule(text: &str, at: usize) {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let end = text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length);
    let line = &text[start..end];
    let of_a_rule = |c: char| matches!(c, '|' | '-' | '+' | ':' | '#') || c.is_whitespace() || is_invisible(c);
    assert!(line.chars().all(of_a_rule), "a dash at {at} has no role: {line:?}");
}

/// A table has its cells in the form's order, and a number stands where ink with that role is.
#[track_caller]
fn cells(report: &Report<'_>) {
    let Some(grammar) = report.grammar.map(|index| &GRAMMARS.list()[index]) else {
        assert_eq!(report.status, Status::Unrecognized);
        assert!(report.tables.is_empty() && report.sections.is_empty(), "parts of a report without a form");
        return;
    };
    assert_ne!(report.status, Status::Unrecognized);
    assert!(report.tables.windows(2).all(|pair| pair[0].id < pair[1].id), "tables out of order, or twice");
    let mut inked: Vec<Span> = Vec::new();
    for table in &report.tables {
        let form = &grammar.tables[usize::from(table.id)];
        let expected = |row: usize| (0..form.columns.len()).map(move |column| (row, column));
        let has = |row: usize| table.cells.iter().any(|cell| usize::from(cell.row) == row);
        let rows = (0..form.rows.len()).filter(|row| !form.rows[*row].optional || has(*row));
        let places: Vec<_> = table.cells.iter().map(|cell| (usize::from(cell.row), usize::from(cell.column))).collect();
        assert_eq!(places, rows.flat_map(expected).collect::<Vec<_>>(), "the cells of {}", form.id);
        for cell in &table.cells {
            let raw = cell.span.map(|span| span.of(&report.text));
            match cell.value {
                Value::Missing => assert_eq!(raw, None, "a missing cell has ink"),
                Value::Number(number) => {
                    let raw = raw.unwrap_or_else(|| panic!("{number} was made out of nothing"));
                    assert!(raw.chars().any(|c| c.is_numeric()), "{number} was made out of {raw:?}");
                }
                Value::Dash | Value::None | Value::Text => {
                    assert!(raw.is_some_and(|raw| !raw.trim().is_empty()), "{:?} without ink", cell.value);
                }
                Value::Blank => {}
            }
            if let Some(span) = cell.span.filter(|_| !matches!(cell.value, Value::Text | Value::Blank)) {
                inked.push(span);
            }
        }
    }
    inked.sort();
    assert!(inked.windows(2).all(|pair| pair[0].end <= pair[1].start), "one figure stands in two cells");
    for span in inked {
        let role = report.coverage.iter().find(|(other, _)| other.start <= span.start && span.end <= other.end);
        assert_eq!(role.map(|(_, role)| *role), Some(Role::Cell), "the role of {:?}", span.of(&report.text));
    }
}

/// What is said of rules fits the rules, and speaks of cells that are there.
#[track_caller]
fn rules(report: &Report<'_>) {
    let Some(grammar) = report.grammar.map(|index| &GRAMMARS.list()[index]) else {
        assert!(report.statements.is_empty() && report.open.is_empty(), "rules of no form");
        return;
    };
    let of_prose = |code| matches!(code, Code::StatementDiffers | Code::PartsDiffer | Code::ShareWrong);
    for finding in &report.findings {
        assert_eq!(finding.rule.is_some(), finding.code.is_of_a_rule(), "{finding:?}");
        if let Some(rule) = finding.rule.map(|rule| &grammar.rules[usize::from(rule)]) {
            assert_eq!((finding.code, finding.severity), (rule.code, rule.severity), "{finding:?}");
        }
        for cell in finding.blame.iter().flat_map(|blame| &blame.cells) {
            assert_eq!(number(report, cell.cell), Some(cell.found), "a cell is blamed for what it does not say");
            assert_ne!(cell.found, cell.mended, "nothing is mended");
        }
    }
    for open in &report.open {
        assert!(open.gaps.windows(2).all(|pair| pair[0] < pair[1]), "gaps out of order: {open:?}");
        assert!(open.gaps.iter().all(|gap| number(report, *gap).is_none()), "a number leaves a rule open: {open:?}");
    }
    let mut at = 0;
    for statement in &report.statements {
        let rule = &grammar.rules[usize::from(statement.rule)];
        assert!(statement.cells.iter().all(|cell| is_of(grammar, *cell)), "{statement:?} speaks of no cell");
        // A remark stands before what it interrupts, and a whole of parts behind them.
        let is_plain = matches!(rule.check, Check::Statements) && statement.agreement.doubt() != Some(Doubt::Remark);
        if is_plain {
            assert!(statement.span.start >= at, "statements out of order at {:?}", statement.span);
            at = statement.span.end;
        }
    }
    let failing = report.statements.iter().filter(|statement| statement.agreement == Agreement::Fails).count();
    let findings = report.findings.iter().filter(|finding| of_prose(finding.code)).count();
    assert_eq!(failing, findings, "statements that fail and findings on them");
}

fn number(report: &Report<'_>, id: CellId) -> Option<gongkai::report::Decimal> {
    let table = report.tables.iter().find(|table| table.id == id.table)?;
    table.cells.iter().find(|cell| (cell.row, cell.column) == (id.row, id.column))?.value.number()
}

fn is_of(grammar: &Grammar, id: CellId) -> bool {
    let table = grammar.tables.get(usize::from(id.table));
    table.is_some_and(|table| usize::from(id.row) < table.rows.len() && usize::from(id.column) < table.columns.len())
}

/// Rules are all that checking adds.
#[track_caller]
fn unchecked(bytes: &[u8], report: &Report<'_>) {
    let limits = Limits { check: false, ..Limits::default() };
    let unchecked = parse(bytes, &GRAMMARS, &limits);
    let mut without = report.clone();
    without.findings.retain(|finding| !finding.code.is_of_a_rule());
    without.statements.clear();
    without.open.clear();
    assert_eq!(format!("{without:?}"), format!("{unchecked:?}"), "checking changes what is read");
}

/// The JSON is valid, the same in both shapes, and its `raw` slices are those of the text.
#[track_caller]
fn json(report: &Report<'_>) {
    let source = wire::Source::new("page.txt");
    let write = |pretty| {
        let options = wire::Options { pretty, provenance: true, ..wire::Options::default() };
        wire::to_string(report, &GRAMMARS, &source, &options)
    };
    let (compact, pretty) = (write(false), write(true));
    assert!(!compact.contains('\n'), "compact JSON has a line end");
    let value: serde_json::Value = serde_json::from_str(&compact).expect("compact JSON");
    assert_eq!(value, serde_json::from_str::<serde_json::Value>(&pretty).expect("pretty JSON"));
    assert_eq!(write(false), compact, "writing twice gives two texts");
    for cell in value["cells"].as_array().expect("cells") {
        let offset = |name: &str| cell[name].as_u64().map(|at| at as usize);
        let slice = offset("start").zip(offset("end")).map(|(start, end)| &report.text[start..end]);
        assert_eq!(cell["raw"].as_str(), slice);
    }
}
