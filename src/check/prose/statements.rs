//! The segments of a sentence against the wordings of the grammar.

use std::borrow::Cow;
use std::cell::Cell;

use super::passage::Sign;
use super::segment::{Quantity, Segment, Sentence};
use super::stretch::Stretch;
use super::whose::names_a_body;
use super::{Clause, Prose, Read, begins_with, ends_with};
use crate::grammar::{StatementForm, Sum};
use crate::report::{Agreement, CellId, Code, Decimal, Doubt, Finding, Severity, Span, Statement};

/// What earlier segments of a sentence say of whom and of which year it speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Context {
    doubt: Option<Doubt>,
}

/// What a segment states, whatever its figure is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    /// The position of the segment in its sentence.
    segment: u32,
    /// The position of the statement in the grammar.
    statement: u32,
    doubt: Option<Doubt>,
    /// What is counted before has no figure of its own: one that is not 0 may be of both.
    joined: bool,
    /// Its words narrow what was said before of the same cells, if something was: 其中按时办结.
    narrows: bool,
}

/// What a sentence states that names no body.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// What earlier segments must have said, and what is known behind it.
    before: Context,
    after: Context,
    told: Box<[Told]>,
    /// The templates of its segments, with a line end behind each.
    words: Box<str>,
}

/// The words by which a year other than the report's is named.
const OTHER_YEARS: &[&str] = &["去年", "上年", "上一年", "往年", "前年", "同期", "P"];
/// The words that bring a sentence back to the report's year.
const THIS_YEAR: &[&str] = &["Y", "本年", "今年", "全年", "年内", "当年"];
/// Words of several years together.
const SEVERAL_YEARS: &[&str] = &["累计", "历年", "以来"];
/// Words of a part of the year.
const PARTS_OF_A_YEAR: &[&str] = &["上半年", "下半年", "季度", "月份"];
/// Words of a comparison: its year is not that of the sentence.
const COMPARISONS: &[&str] = &["比", "较", "同比", "与", "相比"];
/// What names of bodies end with.
#[rustfmt::skip]
const BODIES: &[&str] = &[
    "局", "委", "办", "厅", "处", "院", "所", "站", "队", "馆", "镇", "乡", "村", "街道", "社区", "中心", "部门", "单位", "公司", "集团",
    "学", "学校", "办公室",
];

/// Words of a part of what was done: in time, or of what came in the same year.
const NARROWER: &[&str] = &["按时", "按期", "及时", "当年"];

fn is_comparison(template: &str) -> bool {
    begins_with(template, COMPARISONS).is_some()
}

/// Of all words of time, and of the marks that matter, each has one of these letters.
fn is_letter_of_time(c: char) -> bool {
    matches!(c, '年' | '期' | '累' | '来' | '季' | '月' | 'P' | 'Y' | 'A' | 'W')
}

fn has(words: &str, list: &[&str]) -> bool {
    list.iter().any(|word| words.contains(word))
}

impl Context {
    /// What is doubtful of one statement is doubtful of the next one that names no subject of its own.
    fn hand_on(&mut self, doubt: Option<Doubt>) {
        if matches!(doubt, Some(Doubt::Part | Doubt::WholeArea | Doubt::OtherYear | Doubt::Cumulative)) {
            self.doubt = doubt;
        }
    }

    /// Takes in a segment that is no statement itself.
    fn take_in(&mut self, template: &str) {
        if is_comparison(template) {
            return;
        }
        let of_a_body = |template: &str| ends_with(template, BODIES).is_some();
        if !template.contains(is_letter_of_time) {
            if of_a_body(template) {
                self.doubt = Some(Doubt::Part);
            }
            return;
        }
        let last = |list: &[&str]| list.iter().filter_map(|word| template.rfind(word)).max();
        let (other, this) = (last(OTHER_YEARS), last(THIS_YEAR));
        if other > this {
            self.doubt = Some(Doubt::OtherYear);
        } else if this.is_some() && self.doubt == Some(Doubt::OtherYear) {
            self.doubt = None;
        }
        if has(template, SEVERAL_YEARS) && this.is_none() {
            self.doubt = Some(Doubt::Cumulative);
        } else if template.contains('A') {
            self.doubt = Some(Doubt::WholeArea);
        } else if has(template, PARTS_OF_A_YEAR) || (!template.contains('W') && of_a_body(template)) {
            self.doubt = Some(Doubt::Part);
        } else if template.ends_with('W') && self.doubt != Some(Doubt::OtherYear) {
            self.doubt = None;
        }
    }
}

impl Prose<'_> {
    /// What the segments of a sentence state. Its first `headings` segments are a heading in the same line; `before` gives the sentence
    /// or heading before this one.
    pub(super) fn told<'s>(
        &self,
        sentence: &'s Sentence,
        headings: usize,
        before: &dyn Fn() -> Vec<Sign>,
        context: &mut Context,
    ) -> Cow<'s, [Told]> {
        let fits = |plan: &&Plan| headings == 0 && plan.before == *context && !self.issuer.may_mark(&plan.words);
        if let Some(plan) = sentence.plan.as_ref().filter(fits) {
            *context = plan.after;
            return Cow::Borrowed(&plan.told);
        }
        let clauses: Vec<Clause> = sentence.segments.iter().map(|segment| self.clause(segment)).collect();
        Cow::Owned(self.tell(&clauses, headings, before, context))
    }

    /// Judges what the segments of a sentence state. Gives those that state a whole of their own. What was read from `said` on
    /// belongs to the same sentence, or to the one that it takes apart.
    pub(super) fn judged(
        &self,
        stretch: &Stretch,
        sentence: usize,
        told: &[Told],
        said: usize,
        all: &mut Vec<Read>,
    ) -> Vec<usize> {
        let mut wholes = Vec::new();
        let segments = stretch.cut.cut().sentences.get(sentence).map_or(&[][..], |sentence| &sentence.segments);
        for Told { segment, statement, doubt, joined, narrows } in told.iter().copied() {
            let at = segment as usize;
            let form = self.grammar.prose.statements.get(statement as usize);
            let Some((form, segment)) = form.zip(segments.get(at)) else { continue };
            let (span, quantity) = stretch.cut.said(sentence, at, segment);
            let counts = || quantity.is_some_and(|quantity| !quantity.value.is_zero());
            let is_part = || (joined && counts()) || (narrows && self.is_said(form, &all[said..]));
            let doubt = doubt.or_else(|| is_part().then_some(Doubt::Part));
            let read = Read { form: Some(statement), ..self.judge(span, quantity, form, doubt) };
            if form.whole && read.statement.agreement.doubt().is_none() {
                wholes.push(at);
            }
            all.push(read);
        }
        wholes
    }

    /// Makes plans for sentences that follow each other, where what they state does not depend on what stands before them.
    pub(super) fn plan(&self, sentences: &mut [Sentence]) {
        let mut context = Context::default();
        for sentence in sentences {
            if !sentence.goes_on {
                context = Context::default();
            }
            if !sentence.may_state {
                continue;
            }
            let form = |segment: &Segment| self.with_form(segment.wording);
            let clause =
                |segment| Clause { segment, template: Cow::Borrowed(&segment.template), wording: form(segment) };
            let clauses: Vec<Clause> = sentence.segments.iter().map(clause).collect();
            let (before, asked) = (context, Cell::new(false));
            let ask = || {
                asked.set(true);
                Vec::new()
            };
            let told = self.tell(&clauses, 0, &ask, &mut context).into();
            let templates = || sentence.segments.iter().map(|segment| &*segment.template);
            if !asked.get() && !templates().any(names_a_body) {
                let words = templates().flat_map(|template| [template, "\n"]).collect::<String>().into();
                sentence.plan = Some(Plan { before, after: context, told, words });
            }
        }
    }

    /// What clauses state.
    fn tell(
        &self,
        clauses: &[Clause<'_>],
        headings: usize,
        before: &dyn Fn() -> Vec<Sign>,
        context: &mut Context,
    ) -> Vec<Told> {
        let mut all_told = Vec::new();
        // Whether the quantity before was a statement, as far as there is one.
        let mut known: Option<bool> = None;
        // Words of this sentence so far, and where those behind the heading begin.
        let (mut words, mut own) = (String::new(), 0);
        // The segment before has nouns and no quantity.
        let mut bare = "";
        // Words that take a whole apart stand before.
        let mut apart = false;
        for (index, Clause { segment, template: all, wording }) in clauses.iter().enumerate() {
            let template = matched_words(all);
            apart |= segment.takes_apart && !segment.remark;
            // 办结5件 speaks of applications only where its sentence does.
            let speaks = |of: &[String], form: &StatementForm| {
                let here = || of.iter().any(|word| words.contains(word) || template.contains(word));
                of.is_empty() || known.unwrap_or_else(|| here() || is_said_before(of, &form.unless, &before()))
            };
            let mut sure = true;
            let told = wording.filter(|(.., form)| speaks(&form.about, form)).map(|(start, statement, form)| {
                sure = segment.quantity.is_none() || speaks(&form.only, form);
                let doubt = self.doubt(segment, &template[..start], context);
                if !segment.remark {
                    context.hand_on(doubt);
                }
                let narrower = has(&template[..start], NARROWER);
                let unless = || form.unless.iter().any(|word| words[own..].contains(word));
                let is_part = !sure || (apart && narrower) || unless();
                let doubt = doubt.or_else(|| is_part.then_some(Doubt::Part));
                let (segment, statement) = (index as u32, statement as u32);
                let joined = doubt.is_none() && !bare.is_empty() && self.is_subject(bare);
                Told { segment, statement, doubt, joined, narrows: apart || narrower }
            });
            if !segment.remark {
                // 较上年增加5件 says nothing of what the next figure is about.
                if segment.quantity.is_some() && !is_comparison(template) {
                    known = Some(told.is_some() && sure);
                }
                if told.is_none() {
                    context.take_in(all);
                }
                bare = if segment.quantity.is_none() && told.is_none() { all } else { "" };
                words.push_str(all);
                words.push(',');
                if index < headings {
                    own = words.len();
                }
            }
            all_told.extend(told);
        }
        all_told
    }

    /// Whether the same is stated there already.
    fn is_said(&self, form: &StatementForm, said: &[Read]) -> bool {
        let forms = &self.grammar.prose.statements;
        let mut others = said.iter().filter_map(|read| forms.get(read.form? as usize));
        others.any(|other| other.equals == form.equals)
    }

    /// Whether nouns are the subject of a statement whatever its sentence is about: then a figure behind them may be of both.
    fn is_subject(&self, nouns: &str) -> bool {
        let prose = &self.grammar.prose;
        let found = prose.wordings.find(&format!("{nouns}#"));
        let statement = found.and_then(|(_, index)| prose.statements.get(prose.owners.get(index)?.0));
        statement.is_some_and(|statement| statement.about.is_empty())
    }

    /// The position of the statement that a segment is by its template, and where its wording begins in that.
    pub(super) fn wording(&self, segment: &Segment, template: &str) -> Option<(usize, usize)> {
        let prose = &self.grammar.prose;
        let template = matched_words(template);
        if segment.quantity.is_none() && !template.contains(['未', '无', '没', '零']) {
            return None;
        }
        let mut known = self.known.borrow_mut();
        let found = known.wordings.get(template.as_bytes()).copied().unwrap_or_else(|| {
            let found = prose.wordings.find(template);
            known.wordings.keep(template.as_bytes(), found);
            found
        });
        let (start, index) = found?;
        let (statement, none) = *prose.owners.get(index)?;
        (none == segment.quantity.is_none()).then_some((start, statement))
    }

    /// Why the statement may speak of something else than the report's year and body.
    fn doubt(&self, segment: &Segment, lead: &str, context: &Context) -> Option<Doubt> {
        if segment.remark {
            return Some(Doubt::Remark);
        }
        if segment.quantity.is_some_and(|quantity| quantity.quoted) {
            return Some(Doubt::Quotation);
        }
        if segment.quantity.is_some_and(|quantity| quantity.approximate) {
            return Some(Doubt::Approximate);
        }
        let understood = lead.is_empty()
            || self.grammar.prose.lead.as_ref().and_then(|lead| lead.regex()).is_some_and(|known| known.is_match(lead));
        if !understood {
            return Some(if has(lead, OTHER_YEARS) {
                Doubt::OtherYear
            } else if has(lead, SEVERAL_YEARS) {
                Doubt::Cumulative
            } else if lead.contains('A') {
                Doubt::WholeArea
            } else {
                Doubt::Part
            });
        }
        let this_year = || has(lead, THIS_YEAR);
        if has(lead, SEVERAL_YEARS) && (lead.contains('截') || !this_year()) {
            return Some(Doubt::Cumulative);
        }
        match context.doubt {
            Some(Doubt::OtherYear) if this_year() => None,
            // 全县 after 县民政局 speaks of the whole again.
            Some(Doubt::WholeArea) if lead.contains('W') => None,
            doubt => doubt,
        }
    }

    /// Holds the statement against its cells.
    fn judge(&self, span: Span, quantity: Option<Quantity>, form: &StatementForm, doubt: Option<Doubt>) -> Read {
        let unit = quantity.and_then(|quantity| quantity.unit);
        let stated = quantity.map_or(Decimal::ZERO, |quantity| quantity.value);
        let cells = |sum: Option<&Sum>| -> Vec<CellId> {
            sum.into_iter().flat_map(|sum| &sum.terms).map(|term| term.cell).collect()
        };
        let in_unit = match quantity {
            Some(quantity) => self.in_unit_of(form, quantity.value, quantity.unit),
            None => Some(Decimal::ZERO),
        };
        let totals = || form.equals.iter().map(self.total);
        let settled = totals().position(|total| total.is_some() && total == in_unit);
        let agreement = match (doubt, in_unit, settled) {
            (Some(doubt), ..) => Agreement::NotChecked(doubt),
            (_, None, _) => Agreement::NotChecked(Doubt::Unit),
            (.., Some(_)) => Agreement::Holds,
            _ if totals().all(|total| total.is_some()) => Agreement::Fails,
            _ => Agreement::NotAssessable,
        };
        let statement = Statement {
            rule: form.rule,
            span,
            figure: quantity.map_or(span, |quantity| quantity.span),
            value: in_unit.unwrap_or(stated),
            unit: unit.map(|unit| unit.name),
            parts: Vec::new(),
            cells: cells(form.equals.get(settled.unwrap_or(0))),
            agreement,
        };
        let finding =
            (agreement == Agreement::Fails).then(|| self.differs(&statement, totals().next().flatten()).into());
        let off = match agreement {
            Agreement::Holds => Some(Decimal::ZERO),
            Agreement::Fails if form.equals.len() == 1 => {
                totals().next().flatten().and_then(|total| total.plus(statement.value.negated()))
            }
            _ => None,
        };
        Read { statement, form: None, finding, off }
    }

    fn differs(&self, statement: &Statement, total: Option<Decimal>) -> Finding {
        let rule = self.grammar.rules.get(usize::from(statement.rule));
        let code = rule.map_or(Code::StatementDiffers, |rule| rule.code);
        let first = statement.cells.first();
        let same =
            |one: fn(&CellId) -> u16| first.map(one).filter(|id| statement.cells.iter().all(|cell| one(cell) == *id));
        let spans = self.report.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table.id, cell)));
        let related = spans.filter(|(table, cell)| {
            let id = CellId { table: *table, row: cell.row, column: cell.column };
            statement.cells.contains(&id)
                && cell.value.number().is_some_and(|number| !number.is_zero() || statement.cells.len() == 1)
        });
        Finding {
            rule: Some(statement.rule),
            severity: rule.map_or(Severity::Warning, |rule| rule.severity),
            table: same(|cell| cell.table),
            row: same(|cell| cell.row),
            column: same(|cell| cell.column),
            expected: total.map(|total| total.to_string()),
            found: Some(statement.value.to_string()),
            related: related.filter_map(|(_, cell)| cell.span).collect(),
            sides: self.sides(statement),
            ..Finding::new(code).at(statement.figure)
        }
    }

    /// The figure in the unit of the cells; none where it counts something else.
    fn in_unit_of(&self, form: &StatementForm, value: Decimal, unit: Option<crate::layout::Unit>) -> Option<Decimal> {
        const OTHER_THINGS: &[&str] = &["人", "人次", "家", "户", "篇"];
        let cell = form.equals.first()?.terms.first()?.cell;
        let column = self.grammar.tables.get(usize::from(cell.table))?.columns.get(usize::from(cell.column))?;
        let (own, money) = (column.unit, column.unit.is_some_and(|unit| unit.money == Some(true)));
        match unit {
            None => (!money).then_some(value),
            Some(unit) if OTHER_THINGS.contains(&unit.name) => None,
            Some(unit) if unit.money.is_none_or(|is_money| is_money == money) => {
                value.shift(unit.power - own.map_or(0, |own| own.power))
            }
            Some(_) => None,
        }
    }
}

/// The words of a template without a percentage behind the figure.
fn matched_words(template: &str) -> &str {
    let mut figures = template.match_indices('#').map(|(at, _)| at + 1);
    figures.find(|behind| template[*behind..].starts_with('占')).map_or(template, |behind| &template[..behind])
}

/// Whether the sentence before speaks of something, and not of what makes that doubtful.
fn is_said_before(of: &[String], unless: &[String], before: &[Sign]) -> bool {
    let said = |words: &[String]| words.iter().any(|word| says(before, word));
    said(of) && !said(unless)
}

fn says(signs: &[Sign], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    signs.windows(word.len().max(1)).any(|window| window.iter().map(|sign| sign.c).eq(word.iter().copied()))
}
