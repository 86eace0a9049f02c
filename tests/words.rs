//! The sentence of each kind of finding that speaks of a rule, in both languages, and of the cells that are to blame.

use gongkai::grammar::{Grammar, Grammars};
use gongkai::render::{Lang, help, message};
use gongkai::report::{
    Blame, Blamed, CellId, Code, Decimal, Finding, Looks, RuleId, Severity, Side, Sides, Span, Term,
};

/// A cell by its ids.
fn cell(grammar: &Grammar, id: &str) -> CellId {
    let parts: Vec<&str> = id.split('.').collect();
    let (table, row, column) = grammar.cell(parts[0], parts[1], parts[2]).unwrap_or_else(|| panic!("{id}"));
    CellId { table, row, column }
}

/// `66 = 58 + 8`, with `?` for a blank. Cells, as many as given, belong to the terms from the left.
fn sides(words: &str, cells: &[CellId]) -> Box<Sides> {
    let sign = ["!=", "<=", ">=", "=", "<", ">"].into_iter().find(|sign| words.contains(sign)).expect("a sign");
    let (left, right) = words.split_once(sign).expect("two sides");
    let mut cells = cells.iter().copied();
    let mut side = |words: &str| {
        let term = |word: &str| {
            let (times, word) = word.trim().strip_prefix('-').map_or((1, word.trim()), |rest| (-1, rest.trim()));
            let value = word.parse().ok().map(|value: i64| Decimal::from(value));
            Term { times, cell: None, last: false, value }
        };
        let words = words.replace(" - ", " + -");
        let terms: Vec<Term> = words.split('+').map(term).map(|term| Term { cell: cells.next(), ..term }).collect();
        let value = terms.iter().try_fold(Decimal::ZERO, |sum, term| sum.plus(term.value?.times(term.times)?));
        Side { terms, value }
    };
    let (left, right) = (side(left), side(right));
    Box::new(Sides { left, sign, right })
}

/// A finding of a rule at a cell (or a section), with its two sides.
fn finding(grammar: &Grammar, code: Code, rule: &str, place: &str, equation: &str) -> Finding {
    let rule = grammar.rules.iter().position(|known| known.id == rule).map(|position| position as RuleId);
    let mut finding = Finding { rule, ..Finding::new(code) };
    if place.contains('.') {
        let CellId { table, row, column } = cell(grammar, place);
        (finding.table, finding.row, finding.column) = (Some(table), Some(row), Some(column));
    } else if let Some(section) = grammar.sections.iter().position(|section| section.id == place) {
        finding.section = Some(section as u16);
    }
    match equation.split_once(" for ") {
        // `66 for 65`: what was found, and what was expected.
        Some((found, expected)) => {
            (finding.found, finding.expected) = (Some(found.to_owned()), Some(expected.to_owned()));
        }
        None if equation.contains(['=', '<', '>']) => finding.sides = Some(sides(equation, &[])),
        None => finding.found = (!equation.is_empty()).then(|| equation.to_owned()),
    }
    finding
}

#[track_caller]
fn check(code: Code, rule: &str, place: &str, equation: &str, english: &str, chinese: &str) {
    let grammars = Grammars::built_in();
    let grammar = ["gid-2021", "gid-2019"]
        .into_iter()
        .filter_map(|id| grammars.get(id))
        .find(|grammar| grammar.rules.iter().any(|known| known.id == rule))
        .expect("a grammar with this rule");
    let finding = finding(grammar, code, rule, place, equation);
    assert_eq!(message(&finding, Some(grammar), Lang::En), english);
    assert_eq!(message(&finding, Some(grammar), Lang::Zh), chinese);
}

#[test]
fn sums() {
    let balance = |equation, english, chinese| {
        check(
            Code::BalanceBroken,
            "applications.balance",
            "applications.outcome_total.natural_person",
            equation,
            english,
            chinese,
        );
    };
    balance(
        "58 + 8 = 64 + 0",
        "自然人: first and second items come to 66 (58 + 8), third and fourth to 64 (64 + 0)",
        "自然人：第一项加第二项之和为 66（58 + 8），第三项加第四项之和为 64（64 + 0）",
    );
    balance(
        "5 + 0 = 4 + ?",
        "自然人: first and second items come to 5 (5 + 0), third and fourth to at least 4 (4 + blank)",
        "自然人：第一项加第二项之和为 5（5 + 0），第三项加第四项之和为 至少 4（4 + 空白）",
    );
    check(
        Code::ApplicantsDiffer,
        "applications.row_total",
        "applications.granted.total",
        "66 = 58 + 7 + 0 + 0 + 0 + 0",
        "“（一）予以公开”: the total is 66, but its columns come to 65 (58 + 7)",
        "“（一）予以公开”：总计为 66，但各列之和为 65（58 + 7）",
    );
    check(
        Code::OutcomesDiffer,
        "applications.outcome_total",
        "applications.outcome_total.other",
        "66 = 58 + 7 + 0",
        "其他: the total of outcomes is 66, but the outcomes come to 65 (58 + 7)",
        "其他：办理结果总计为 66，但各项之和为 65（58 + 7）",
    );
    check(
        Code::ResultsDiffer,
        "review_litigation.row_total",
        "review_litigation.reconsideration.total",
        "0 = 10 + 1 + 0 + 0",
        "“行政复议”: the total is 0, but its results come to 11 (10 + 1)",
        "“行政复议”：总计为 0，但各项结果之和为 11（10 + 1）",
    );
}

#[test]
fn figures() {
    let whole = |found, english, chinese| {
        check(Code::NotACount, "figure.whole", "article_20_1.regulations.in_force", found, english, chinese);
    };
    whole("3.5", "“规章, 现行有效件数”: 3.5 is not a whole number", "“规章，现行有效件数”：3.5 不是整数");
    whole("-3", "“规章, 现行有效件数”: -3 is below zero", "“规章，现行有效件数”：-3 小于 0");
    check(
        Code::NoCompetence,
        "regulations.competence",
        "article_20_1.regulations.issued",
        "3",
        "“规章, 本年制发件数”: 3 in the report of a body that has no power to make 规章",
        "“规章，本年制发件数”为 3，但该机关没有规章制定权",
    );
    check(
        Code::ReviewsAlone,
        "review_litigation.without_applications",
        "",
        "3",
        "3 reviews or lawsuits in a year in which no application was received or carried in",
        "本年没有新收和结转的申请，却有行政复议、行政诉讼 3 件",
    );
    check(
        Code::DecisionsAsStock,
        "hint.decisions_as_stock",
        "article_20_5.administrative_licensing.decisions",
        "13 for 13",
        "“行政许可”: 13 is just last year's items and their change, so it may be no number of decisions",
        "“行政许可”：13 恰为上一年项目数量与本年增/减之和，可能并非处理决定数量",
    );
}

#[test]
fn texts() {
    check(
        Code::StatementDiffers,
        "statement.new_received",
        "applications.new_received.total",
        "67 for 66",
        "the text says 67, but the table has 66 for “一、本年新收政府信息公开申请数量, 总计”",
        "文字为 67，但表中“一、本年新收政府信息公开申请数量，总计”为 66",
    );
    check(
        Code::PartsDiffer,
        "statement.parts",
        "",
        "213 = 148 + 1 + 1 + 62",
        "the text says ? in all, but its parts come to 212 (148 + 1 + 1 + 62)",
        "文字总数为 ?，但其中各项之和为 212（148 + 1 + 1 + 62）",
    );
    check(
        Code::ShareWrong,
        "statement.share",
        "",
        "53.2% for 53.3",
        "the text says 53.2%, but the figures give 53.3%",
        "文字为 53.2%，但按所列数据应为 53.3%",
    );
    check(
        Code::SectionEmpty,
        "section.empty",
        "problems_improvements",
        "",
        "the section “存在的主要问题及改进情况” says nothing of what the form asks for",
        "“存在的主要问题及改进情况”部分没有写出应报告的内容",
    );
}

#[test]
fn several_cells_of_a_statement() {
    let grammars = Grammars::built_in();
    let grammar = grammars.get("gid-2021").expect("the grammar");
    let says = |equation: &str, ids: &[&str], lang| {
        let cells: Vec<CellId> = ids.iter().map(|id| cell(grammar, id)).collect();
        let mut sides = sides(equation, &[]);
        for (term, cell) in sides.right.terms.iter_mut().zip(&cells) {
            term.cell = Some(*cell);
        }
        let finding =
            Finding { found: Some("57".to_owned()), sides: Some(sides), ..Finding::new(Code::StatementDiffers) };
        message(&finding, Some(grammar), lang)
    };
    let lawsuits =
        ["review_litigation.litigation_direct.total", "review_litigation.litigation_after_reconsideration.total"];
    assert_eq!(
        says("57 = 50 + 3", &lawsuits, Lang::En),
        "the text says 57, but the table has 53 (50 + 3) for “行政诉讼 未经复议直接起诉, 总计” and “行政诉讼 复议后起诉, 总计”"
    );
    let refused = ["denied_state_secret", "denied_prohibited_by_law", "denied_security_stability"]
        .map(|row| format!("applications.{row}.total"));
    let refused: Vec<&str> = refused.iter().map(String::as_str).collect();
    assert_eq!(
        says("57 = 50 + 0 + 3", &refused, Lang::Zh),
        "文字为 57，但表中“不予公开 1.属于国家秘密，总计”至“不予公开 3.危及‘三安全一稳定’，总计”为 53（50 + 3）"
    );
}

#[test]
fn years() {
    check(
        Code::CarriedDiffers,
        "series.carried",
        "applications.carried_in.natural_person",
        "8 for 9",
        "自然人: 8 carried in, but last year's report carried 9 on",
        "自然人：上年结转为 8，但上年报告结转下年度为 9",
    );
    check(
        Code::StockDiffers,
        "series.in_force",
        "article_20_1.normative_documents.in_force",
        "420 = 597 + 50 - 228",
        "“行政规范性文件”: 420 in force, but last year's report and this year's changes give 419 (597 + 50 - 228)",
        "“行政规范性文件”：现行有效为 420，但按上年报告及本年增减应为 419（597 + 50 - 228）",
    );
    check(
        Code::ReportTwice,
        "series.duplicate",
        "",
        "a/b.txt",
        "a second report of this body for this year; the first one is a/b.txt",
        "同一机关同一年度的又一份报告，第一份为 a/b.txt",
    );
    check(
        Code::TotalJumps,
        "series.jump",
        "applications.new_received.total",
        "500 for 20",
        "“一、本年新收政府信息公开申请数量, 总计”: 500, after 20 last year",
        "“一、本年新收政府信息公开申请数量，总计”：本年为 500，上年为 20",
    );
}

#[test]
fn rules_of_users() {
    let rule = r#"
[[rule]]
id = "own.few"
table = "applications"
each = "column"
holds = "carried_out <= new_received"
says = "结转不多于新收"
"#;
    let mut grammars = Grammars::built_in();
    let (name, text) = Grammars::BUILT_IN[0];
    grammars.add(name, &format!("{text}{rule}")).expect("a grammar");
    let grammar = grammars.get("gid-2021").expect("the grammar");
    let place = "applications.carried_out.natural_person";
    let broken = finding(grammar, Code::RuleBroken, "own.few", place, "12 <= 5");
    assert_eq!(
        message(&broken, Some(grammar), Lang::En),
        "“四、结转下年度继续办理, 自然人”: 12 should be at most 5: 结转不多于新收"
    );
    assert_eq!(
        message(&broken, Some(grammar), Lang::Zh),
        "“四、结转下年度继续办理，自然人”：12 应不大于 5：结转不多于新收"
    );
    let no_sides = finding(grammar, Code::RuleBroken, "own.few", place, "12");
    assert!(message(&no_sides, Some(grammar), Lang::En).ends_with(": 12 does not fit: 结转不多于新收"));
}

#[test]
fn who_is_to_blame() {
    let grammars = Grammars::built_in();
    let grammar = grammars.get("gid-2021").expect("the grammar");
    let blamed = |id: &str, found: i64, mended: i64| Blamed {
        cell: cell(grammar, id),
        span: Some(Span::new(0, 1)),
        found: Decimal::from(found),
        mended: Decimal::from(mended),
    };
    let says = |cells: &[Blamed], looks, explains, others, lang| {
        let blame = Blame { cells: cells.to_vec(), looks, explains, others };
        let finding = Finding { blame: Some(Box::new(blame)), ..Finding::new(Code::ApplicantsDiffer) };
        help(&finding, Some(grammar), lang).expect("words")
    };
    let one = [blamed("applications.granted.natural_person", 21, 12)];
    assert_eq!(
        says(&one, Some(Looks::DigitsSwapped), 3, 0, Lang::En),
        "（一）予以公开, 自然人 is probably 12, not 21 (two digits swapped): this one figure explains 3 findings"
    );
    assert_eq!(
        says(&one, Some(Looks::DigitsSwapped), 3, 0, Lang::Zh),
        "“（一）予以公开，自然人”很可能应为 12，而非 21（两位数字颠倒）：此一处可解释 3 个发现"
    );
    assert_eq!(
        says(&one, None, 1, 4, Lang::En),
        "（一）予以公开, 自然人 is probably 12, not 21: this one figure would explain it; the likeliest of 5 explanations as short"
    );
    let two = [one[0], blamed("applications.granted.total", 25, 16)];
    assert_eq!(
        says(&two, None, 2, 0, Lang::En),
        "（一）予以公开, 自然人 is probably 12, not 21; （一）予以公开, 总计 is probably 16, not 25: these 2 figures together explain 2 findings"
    );
    assert_eq!(help(&Finding::new(Code::ApplicantsDiffer), Some(grammar), Lang::En), None);
}

/// No kind of finding falls back on words for others.
#[test]
fn each_kind_has_its_words() {
    for code in Code::ALL {
        for lang in [Lang::En, Lang::Zh] {
            let words = message(&Finding::new(*code), None, lang);
            let fallback = ["stands there, ", "：为 ，应为 "].iter().any(|part| words.contains(part));
            assert!(!fallback && !words.is_empty(), "{code}: {words}");
        }
        assert!(Severity::Note <= code.severity());
    }
}
