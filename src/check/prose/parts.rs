//! A whole and its parts in one sentence: 主动公开213条，其中…148条，…1条，…1条，…63条; and the percentages beside them.
//!
//! Parts that are more than their whole are wrong. Parts that are less are wrong only where they claim to be all of it: where
//! the last one is of what is left (其他). A list ends at a semicolon, at another unit, at a comparison, and at words that begin
//! another whole. Where an earlier figure of the sentence may be the whole as well, nothing is judged.

use super::segment::{Quantity, Segment, Sentence, Share};
use super::{Prose, Read};
use crate::check::rules;
use crate::grammar::{Check, Rule};
use crate::report::{Agreement, Code, Decimal, Finding, Part, RuleId, Span, Statement};

/// A whole with what follows it.
#[derive(Clone)]
struct List<'s> {
    whole: Quantity,
    /// The words of the whole and of its parts.
    span: Span,
    parts: Vec<(&'s Segment, Quantity, Option<Share>)>,
    /// It went on to the end of the sentence, or to another whole.
    closed: bool,
    /// Figures of the same unit before the whole.
    before: Vec<Decimal>,
    /// The whole that ended it.
    next: Option<(&'s Segment, Quantity)>,
}

impl<'s> List<'s> {
    fn sum(&self) -> Option<Decimal> {
        self.parts.iter().try_fold(Decimal::ZERO, |sum, (_, part, _)| sum.plus(part.value))
    }

    /// The list with what ended it as its last part.
    fn with_next(&self) -> Option<List<'s>> {
        let (segment, quantity) = self.next.filter(|(_, quantity)| quantity.unit == self.whole.unit)?;
        let parts = self.parts.iter().copied().chain([(segment, quantity, None)]).collect();
        Some(List { parts, span: self.span.to(segment.span), next: None, ..self.clone() })
    }
}

impl Prose<'_> {
    /// The sums within one sentence that takes something apart. `before` is the one before it, for a sentence that begins with
    /// 其中; `wholes` are the positions of segments that state a whole of their own, never a part of the figure before it.
    pub(super) fn parts(&self, sentence: &Sentence, before: Option<&Sentence>, wholes: &[usize]) -> Vec<Read> {
        let mut found = Vec::new();
        let Some((parts_rule, rule)) = self.rule(|check| matches!(check, Check::Parts)) else { return found };
        let Some(list) = self.list(sentence, before, wholes) else { return found };
        let Some(sum) = list.sum() else { return found };
        // 受理133件，其中…其他处理5件，结转下年度16件: what ends the list may be the last part of all.
        let (list, sum) = match list.with_next().and_then(|longer| Some((longer.sum()?, longer))) {
            Some((all, longer)) if sum != list.whole.value && all == list.whole.value => (longer, all),
            _ => (list, sum),
        };
        let agreement = self.agreement(&list, sum);
        let statement = Statement {
            rule: parts_rule,
            span: list.span,
            figure: list.whole.span,
            value: list.whole.value,
            unit: list.whole.unit.map(|unit| unit.name),
            parts: list
                .parts
                .iter()
                .map(|(_, quantity, _)| Part { span: quantity.span, value: quantity.value })
                .collect(),
            cells: Vec::new(),
            agreement,
        };
        let finding = (agreement == Agreement::Fails).then(|| Finding {
            rule: Some(parts_rule),
            severity: rule.severity,
            expected: Some(list.whole.value.to_string()),
            found: Some(sum.to_string()),
            related: statement.parts.iter().map(|part| part.span).collect(),
            sides: self.sides(&statement),
            ..Finding::new(Code::PartsDiffer).at(list.whole.span)
        });
        if list.parts.len() > 1 || finding.is_some() {
            found.push(Read { statement, form: None, finding: finding.map(Box::new), off: None });
        }
        found.extend(self.shares(&list));
        found
    }

    fn rule(&self, is: impl Fn(&Check) -> bool) -> Option<(RuleId, &Rule)> {
        rules(self.grammar).find(|(_, rule)| is(&rule.check))
    }

    /// The first whole with parts in the sentence.
    fn list<'s>(&self, sentence: &'s Sentence, before: Option<&Sentence>, wholes: &[usize]) -> Option<List<'s>> {
        let prose = &self.grammar.prose;
        let segments: Vec<(usize, &Segment)> =
            sentence.segments.iter().enumerate().filter(|(_, segment)| !segment.remark).collect();
        let begins = |segment: &Segment| segment.takes_apart;
        let start = segments.iter().position(|(_, segment)| begins(segment))?;
        let earlier: Vec<(Span, Quantity)> = if start == 0 {
            // A sentence that takes the one before it apart begins with 其中; 清单包括… has a subject of its own.
            let (_, first) = segments.first()?;
            prose.parts.iter().find(|word| first.template.starts_with(word.as_str()))?;
            // Of its own parts none is the whole.
            let segments = before?.segments.iter();
            quantities(segments.take_while(|segment| !begins(segment)))
        } else {
            quantities(segments[..start].iter().map(|(_, segment)| *segment))
        };
        let ((whole_span, whole), others) = earlier.split_last()?;
        let before =
            others.iter().filter(|(_, other)| other.unit == whole.unit).map(|(_, quantity)| quantity.value).collect();
        let mut list = List { whole: *whole, span: *whole_span, parts: Vec::new(), closed: true, before, next: None };
        for (step, (index, segment)) in segments[start..].iter().enumerate() {
            if step > 0 && wholes.contains(index) {
                list.next = segment.quantity.map(|quantity| (*segment, quantity));
                break;
            }
            // A second 其中 takes a part apart.
            let nested = step > 0 && begins(segment);
            match segment.quantity {
                _ if segment.compares || nested => {
                    list.closed = false;
                    break;
                }
                Some(quantity) if quantity.unit != whole.unit || quantity.approximate => {
                    list.closed = false;
                    break;
                }
                Some(quantity) => {
                    list.parts.push((segment, quantity, segment.share));
                    list.span = list.span.to(segment.span);
                }
                // 网络申请1303件，占86.92%
                None if segment.template.starts_with('占') => {
                    if let Some((.., share)) = list.parts.last_mut() {
                        *share = share.or(segment.share);
                    }
                }
                None => {}
            }
        }
        (!list.parts.is_empty() && !whole.approximate && whole.unit.is_some()).then_some(list)
    }

    fn agreement(&self, list: &List<'_>, sum: Decimal) -> Agreement {
        let whole = list.whole.value;
        if sum == whole {
            return if list.parts.len() > 1 { Agreement::Holds } else { Agreement::NotAssessable };
        }
        // 行政复议5件、行政诉讼3件，其中…: the whole may be all of them, or an earlier one.
        let all = list.before.iter().try_fold(whole, |all, value| all.plus(*value));
        if list.before.contains(&sum) || all.is_none_or(|all| all == sum) {
            return Agreement::NotAssessable;
        }
        let claims_all = list.closed
            && list.parts.len() > 1
            && list.parts.last().is_some_and(|(last, ..)| {
                self.grammar.prose.rest.iter().any(|word| last.template.contains(word.as_str()))
            });
        if claims_all || all.is_some_and(|all| exceeds(sum, all)) { Agreement::Fails } else { Agreement::NotAssessable }
    }

    /// Percentages that are not what part and whole give.
    fn shares(&self, list: &List<'_>) -> Vec<Read> {
        let Some((id, rule)) = self.rule(|check| matches!(check, Check::Shares)) else { return Vec::new() };
        let mut found = Vec::new();
        for (segment, part, share) in &list.parts {
            let Some(share) = share.filter(|_| !exceeds(part.value, list.whole.value)) else { continue };
            let Some((right, cut_off)) = right_share(part.value, list.whole.value, share.places) else { continue };
            // Right to its last digit, whether it was rounded or cut off.
            let close = share.value == right || share.value == cut_off;
            let agreement = if close { Agreement::Holds } else { Agreement::Fails };
            let statement = Statement {
                rule: id,
                span: segment.span.to(share.span),
                figure: share.span,
                value: share.value,
                unit: None,
                parts: [*part, list.whole].map(|of| Part { span: of.span, value: of.value }).to_vec(),
                cells: Vec::new(),
                agreement,
            };
            let finding = (!close).then(|| Finding {
                rule: Some(id),
                severity: rule.severity,
                expected: Some(format!("{right}%")),
                found: Some(format!("{}%", share.value)),
                related: vec![part.span, list.whole.span],
                ..Finding::new(Code::ShareWrong).at(share.span)
            });
            found.push(Read { statement, form: None, finding: finding.map(Box::new), off: None });
        }
        found
    }
}

/// Whether a segment compares with something else.
pub(super) fn compares(template: &str) -> bool {
    let words = ["较", "比", "增长", "增加", "减少", "下降", "上升", "去年"];
    words.iter().any(|word| template.contains(word))
}

fn quantities<'s>(segments: impl Iterator<Item = &'s Segment>) -> Vec<(Span, Quantity)> {
    segments.filter(|segment| !segment.remark).filter_map(|segment| Some((segment.span, segment.quantity?))).collect()
}

fn exceeds(value: Decimal, limit: Decimal) -> bool {
    limit.plus(value.negated()).is_some_and(Decimal::is_negative)
}

/// `part` of `whole` in percent, rounded to so many places and cut off there.
fn right_share(part: Decimal, whole: Decimal, places: u8) -> Option<(Decimal, Decimal)> {
    const MOST_PLACES: u8 = 6;
    let (part, whole) = (part.to_i64()?, whole.to_i64()?);
    if whole <= 0 || part < 0 || places > MOST_PLACES {
        return None;
    }
    let (whole, scaled) = (i128::from(whole), i128::from(part) * 100 * 10i128.pow(u32::from(places)));
    let in_percent = |steps: i128| Decimal::from(i64::try_from(steps).ok()?).shift(-i8::try_from(places).ok()?);
    Some((in_percent((scaled * 2 + whole) / (2 * whole))?, in_percent(scaled / whole)?))
}
