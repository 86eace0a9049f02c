//! The sentence of a finding that speaks of a rule: both sides with their figures, in the words of the form.

use super::{Lang, names, sums};
use crate::grammar::{Grammar, Rule};
use crate::report::{CellId, Code, Finding, Side, Sides};

/// The finding as a sentence. None where it is of no rule.
pub(super) fn message(finding: &Finding, grammar: Option<&Grammar>, lang: Lang) -> Option<String> {
    if !(200..300).contains(&(finding.code as u16)) {
        return None;
    }
    let rule = grammar.zip(finding.rule).and_then(|(grammar, id)| grammar.rules.get(usize::from(id)));
    let words = Words { finding, grammar, rule, lang };
    Some(match lang {
        Lang::En => words.english(),
        Lang::Zh => words.chinese(),
    })
}

/// What the caret under the place says, in a few words.
pub(super) fn label(finding: &Finding, lang: Lang) -> Option<String> {
    let expected = finding.expected.as_deref()?;
    let (english, chinese) = match finding.code {
        Code::StatementDiffers => (format!("{expected} in the table"), format!("表中为 {expected}")),
        Code::CarriedDiffers | Code::TotalJumps => (format!("{expected} last year"), format!("上年为 {expected}")),
        // The first says it in its sentence; of the others nobody can say what should stand there.
        Code::PartsDiffer | Code::NoCompetence | Code::ReviewsAlone | Code::DecisionsAsStock => return None,
        code if (200..300).contains(&(code as u16)) => (format!("{expected} expected"), format!("应为 {expected}")),
        _ => return None,
    };
    Some(if lang == Lang::Zh { chinese } else { english })
}

struct Words<'f> {
    finding: &'f Finding,
    grammar: Option<&'f Grammar>,
    rule: Option<&'f Rule>,
    lang: Lang,
}

impl Words<'_> {
    fn found(&self) -> &str {
        self.finding.found.as_deref().unwrap_or("?")
    }

    fn expected(&self) -> &str {
        self.finding.expected.as_deref().unwrap_or("?")
    }

    fn says(&self) -> &str {
        self.rule.map_or("?", |rule| &rule.says)
    }

    fn row(&self) -> String {
        let (grammar, table, row) = (self.grammar, self.finding.table, self.finding.row);
        grammar
            .zip(table)
            .zip(row)
            .and_then(|((grammar, table), row)| names::row(grammar, table, row))
            .unwrap_or_default()
    }

    fn column(&self) -> String {
        let (grammar, table, column) = (self.grammar, self.finding.table, self.finding.column);
        let column = grammar.zip(table).zip(column);
        column.and_then(|((grammar, table), column)| names::column(grammar, table, column)).unwrap_or_default()
    }

    /// Row and column, or the section, or the first cells of the rule.
    fn place(&self) -> String {
        let Some(grammar) = self.grammar else { return String::new() };
        let Finding { table, row, column, section, .. } = self.finding;
        if let Some(table) = *table {
            return names::place(grammar, table, *row, *column, self.lang);
        }
        section.and_then(|id| names::section(grammar, id)).unwrap_or_default().to_owned()
    }

    fn sides(&self) -> Option<&Sides> {
        self.finding.sides.as_deref()
    }

    /// The total and what its parts come to. The parts are the longer side.
    fn total_and_parts(&self) -> (String, String) {
        match self.sides() {
            Some(Sides { left, right, .. }) => {
                let (total, parts) = if left.terms.len() > right.terms.len() { (right, left) } else { (left, right) };
                (sums::value(total, self.lang), sums::side(parts, self.lang))
            }
            None => (self.found().to_owned(), self.expected().to_owned()),
        }
    }

    /// Both sides, each with its terms.
    fn both(&self) -> (String, String) {
        match self.sides() {
            Some(sides) => (sums::side(&sides.left, self.lang), sums::side(&sides.right, self.lang)),
            None => (self.expected().to_owned(), self.found().to_owned()),
        }
    }

    /// The cells of the table that a statement was held against, with their figures.
    fn told(&self) -> (String, String) {
        let Some((grammar, sides)) = self.grammar.zip(self.sides()) else {
            return (self.expected().to_owned(), self.place());
        };
        let has_cells = |side: &&Side| side.terms.iter().any(|term| term.cell.is_some());
        let Some(side) = [&sides.right, &sides.left].into_iter().find(has_cells) else {
            return (self.expected().to_owned(), self.place());
        };
        let cells: Vec<CellId> = side.terms.iter().filter_map(|term| term.cell).collect();
        let place = match cells.as_slice() {
            [one] => names::cell(grammar, *one, self.lang),
            [first, .., last] if cells.len() > 2 => {
                let (first, last) = (names::cell(grammar, *first, self.lang), names::cell(grammar, *last, self.lang));
                if self.lang == Lang::Zh {
                    format!("{first}”至“{last}")
                } else {
                    format!("{first}” to “{last}")
                }
            }
            _ => {
                let between = if self.lang == Lang::Zh { "”与“" } else { "” and “" };
                cells.iter().map(|cell| names::cell(grammar, *cell, self.lang)).collect::<Vec<_>>().join(between)
            }
        };
        (sums::side(side, self.lang), place)
    }

    fn english(&self) -> String {
        let (found, expected) = (self.found(), self.expected());
        match self.finding.code {
            Code::BalanceBroken => {
                let (left, right) = self.both();
                format!("{}: first and second items come to {left}, third and fourth to {right}", self.column())
            }
            Code::OutcomesDiffer => {
                let (total, parts) = self.total_and_parts();
                format!("{}: the total of outcomes is {total}, but the outcomes come to {parts}", self.column())
            }
            Code::ApplicantsDiffer => {
                let (total, parts) = self.total_and_parts();
                format!("“{}”: the total is {total}, but its columns come to {parts}", self.row())
            }
            Code::ResultsDiffer => {
                let (total, parts) = self.total_and_parts();
                format!("“{}”: the total is {total}, but its results come to {parts}", self.row())
            }
            Code::NotACount if found.starts_with('-') => format!("“{}”: {found} is below zero", self.place()),
            Code::NotACount => format!("“{}”: {found} is not a whole number", self.place()),
            Code::NoCompetence => {
                format!("“{}”: {found} in the report of a body that has no power to make 规章", self.place())
            }
            Code::ReviewsAlone => {
                format!("{found} reviews or lawsuits in a year in which no application was received or carried in")
            }
            Code::DecisionsAsStock => match self.sides() {
                Some(sides) => format!(
                    "“{}”: {found} is just last year's items and their change ({}), so it may be no number of decisions",
                    self.row(),
                    sums::terms(&sides.right, self.lang).unwrap_or_else(|| sums::value(&sides.right, self.lang)),
                ),
                None => format!(
                    "“{}”: {found} is just last year's items and their change, so it may be no number of decisions",
                    self.row()
                ),
            },
            Code::StatementDiffers => {
                let (figure, place) = self.told();
                format!("the text says {found}, but the table has {figure} for “{place}”")
            }
            Code::PartsDiffer => {
                let (_, parts) = self.total_and_parts();
                let parts = if self.sides().is_some() { parts } else { found.to_owned() };
                format!("the text says {expected} in all, but its parts come to {parts}")
            }
            Code::ShareWrong => format!("the text says {}, but the figures give {}", percent(found), percent(expected)),
            Code::CarriedDiffers => {
                format!("{}: {found} carried in, but last year's report carried {expected} on", self.column())
            }
            Code::StockDiffers => {
                let (figure, follows) = self.total_and_parts();
                format!(
                    "“{}”: {figure} in force, but last year's report and this year's changes give {follows}",
                    self.row()
                )
            }
            Code::ReportTwice => format!("a second report of this body for this year; the first one is {found}"),
            Code::TotalJumps => format!("“{}”: {found}, after {expected} last year", self.place()),
            Code::SectionEmpty => format!("the section “{}” says nothing of what the form asks for", self.place()),
            Code::MatterUnmentioned => {
                format!("the section “{}” does not say what the form asks for: {}", self.place(), self.says())
            }
            _ => self.generic_english(),
        }
    }

    fn chinese(&self) -> String {
        let (found, expected) = (self.found(), self.expected());
        match self.finding.code {
            Code::BalanceBroken => {
                let (left, right) = self.both();
                format!("{}：第一项加第二项之和为 {left}，第三项加第四项之和为 {right}", self.column())
            }
            Code::OutcomesDiffer => {
                let (total, parts) = self.total_and_parts();
                format!("{}：办理结果总计为 {total}，但各项之和为 {parts}", self.column())
            }
            Code::ApplicantsDiffer => {
                let (total, parts) = self.total_and_parts();
                format!("“{}”：总计为 {total}，但各列之和为 {parts}", self.row())
            }
            Code::ResultsDiffer => {
                let (total, parts) = self.total_and_parts();
                format!("“{}”：总计为 {total}，但各项结果之和为 {parts}", self.row())
            }
            Code::NotACount if found.starts_with('-') => format!("“{}”：{found} 小于 0", self.place()),
            Code::NotACount => format!("“{}”：{found} 不是整数", self.place()),
            Code::NoCompetence => format!("“{}”为 {found}，但该机关没有规章制定权", self.place()),
            Code::ReviewsAlone => format!("本年没有新收和结转的申请，却有行政复议、行政诉讼 {found} 件"),
            Code::DecisionsAsStock => match self.sides() {
                Some(sides) => format!(
                    "“{}”：{found} 恰为上一年项目数量与本年增/减之和（{}），可能并非处理决定数量",
                    self.row(),
                    sums::terms(&sides.right, self.lang).unwrap_or_else(|| sums::value(&sides.right, self.lang)),
                ),
                None => {
                    format!("“{}”：{found} 恰为上一年项目数量与本年增/减之和，可能并非处理决定数量", self.row())
                }
            },
            Code::StatementDiffers => {
                let (figure, place) = self.told();
                format!("文字为 {found}，但表中“{place}”为 {figure}")
            }
            Code::PartsDiffer => {
                let (_, parts) = self.total_and_parts();
                let parts = if self.sides().is_some() { parts } else { found.to_owned() };
                format!("文字总数为 {expected}，但其中各项之和为 {parts}")
            }
            Code::ShareWrong => format!("文字为 {}，但按所列数据应为 {}", percent(found), percent(expected)),
            Code::CarriedDiffers => {
                format!("{}：上年结转为 {found}，但上年报告结转下年度为 {expected}", self.column())
            }
            Code::StockDiffers => {
                let (figure, follows) = self.total_and_parts();
                format!("“{}”：现行有效为 {figure}，但按上年报告及本年增减应为 {follows}", self.row())
            }
            Code::ReportTwice => format!("同一机关同一年度的又一份报告，第一份为 {found}"),
            Code::TotalJumps => format!("“{}”：本年为 {found}，上年为 {expected}", self.place()),
            Code::SectionEmpty => format!("“{}”部分没有写出应报告的内容", self.place()),
            Code::MatterUnmentioned => format!("“{}”部分没有写明应报告的内容：{}", self.place(), self.says()),
            _ => self.generic_chinese(),
        }
    }

    /// A rule of a user: its own words, and what the figures say.
    fn generic_english(&self) -> String {
        let place = self.place();
        let before = if place.is_empty() { String::new() } else { format!("“{place}”: ") };
        let Some(sides) = self.sides() else {
            let found = self.finding.found.as_ref().map(|found| format!("{found} does not fit: ")).unwrap_or_default();
            return format!("{before}{found}{}", self.says());
        };
        let should = match sides.sign {
            "=" => "should equal",
            "!=" => "should differ from",
            "<=" => "should be at most",
            ">=" => "should be at least",
            "<" => "should be below",
            _ => "should be above",
        };
        let (left, right) = self.both();
        format!("{before}{left} {should} {right}: {}", self.says())
    }

    fn generic_chinese(&self) -> String {
        let place = self.place();
        let before = if place.is_empty() { String::new() } else { format!("“{place}”：") };
        let Some(sides) = self.sides() else {
            let found = self.finding.found.as_ref().map(|found| format!("{found} 不符：")).unwrap_or_default();
            return format!("{before}{found}{}", self.says());
        };
        let should = match sides.sign {
            "=" => "应等于",
            "!=" => "应不等于",
            "<=" => "应不大于",
            ">=" => "应不小于",
            "<" => "应小于",
            _ => "应大于",
        };
        let (left, right) = self.both();
        format!("{before}{left} {should} {right}：{}", self.says())
    }
}

/// A percentage with its sign, whether or not it came with one.
fn percent(figure: &str) -> String {
    if figure.ends_with(['%', '％']) { figure.to_owned() } else { format!("{figure}%") }
}
