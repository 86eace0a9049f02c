//! The rules of the loaded grammars, in lines for people.

use super::page::set;
use crate::grammar::{Check, Grammar, Grammars, Instance, Kind, Rule};
use crate::render::{Lang, severity};
use crate::report::Code;

/// All rules, those of one id together.
pub(super) struct Rules<'g> {
    lang: Lang,
    ids: Vec<(&'g str, Vec<Form<'g>>)>,
}

/// A rule as one grammar has it.
type Form<'g> = (&'g Grammar, &'g Rule);

impl<'g> Rules<'g> {
    pub(super) fn of(grammars: &'g Grammars, lang: Lang) -> Rules<'g> {
        let mut ids: Vec<(&str, Vec<Form<'_>>)> = Vec::new();
        for grammar in grammars.list() {
            for rule in &grammar.rules {
                match ids.iter_mut().find(|(id, _)| *id == rule.id) {
                    Some((_, forms)) => forms.push((grammar, rule)),
                    None => ids.push((&rule.id, vec![(grammar, rule)])),
                }
            }
        }
        Rules { lang, ids }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &'g str> {
        self.ids.iter().map(|(id, _)| *id)
    }

    /// The code of that rule; none where no grammar has it.
    pub(super) fn code(&self, id: &str) -> Option<Code> {
        self.forms(id).first().map(|(_, rule)| rule.code)
    }

    /// The rules of a code: all about it where it is one, or else their names and words.
    pub(super) fn under(&self, code: Code) -> Vec<String> {
        let ids: Vec<(&str, &Rule)> = self
            .ids
            .iter()
            .filter_map(|(id, forms)| Some((*id, forms.iter().find(|(_, rule)| rule.code == code)?.1)))
            .collect();
        let mut words: Vec<&str> = ids.iter().map(|(_, rule)| rule.says.as_str()).collect();
        words.dedup();
        match (&ids[..], &words[..]) {
            ([(id, _)], _) => self.rule(id, false),
            (_, [says]) => {
                let names: Vec<String> = ids.iter().map(|(id, _)| format!("`{id}`")).collect();
                let names = self.words(&format!("Rules: {}", names.join(", ")), &format!("规则：{}", names.join("、")));
                let names = set(&names).trim_end().to_owned();
                vec![names, self.words(&format!("In words: {says}"), &format!("表述：{says}"))]
            }
            _ => {
                let line = |(id, rule): &(&str, &Rule)| {
                    self.words(&format!("Rule: `{id}`: {}", rule.says), &format!("规则：`{id}`，{}", rule.says))
                };
                ids.iter().map(line).collect()
            }
        }
    }

    /// The lines about one rule: its code and severity where `whole`, its kind, its words, what it checks and where.
    pub(super) fn rule(&self, id: &str, whole: bool) -> Vec<String> {
        let forms = self.forms(id);
        let mut lines = Vec::new();
        if whole {
            lines.extend(self.lines(("Code", "编号"), forms, |(_, rule)| Some(rule.code.to_string())));
            let severity = |(_, rule): &Form<'_>| Some(severity(rule.severity, self.lang).to_owned());
            lines.extend(self.lines(("Severity", "级别"), forms, severity));
        }
        lines.extend(match whole {
            true => self.lines(("Kind", "类别"), forms, |(_, rule)| Some(self.kind(rule.kind))),
            false => self.lines(("Rule", "规则"), forms, |(_, rule)| {
                let kind = self.kind(rule.kind);
                Some(self.words(&format!("`{id}` ({kind})"), &format!("`{id}`（{kind}）")))
            }),
        });
        lines.extend(self.lines(("In words", "表述"), forms, |(_, rule)| Some(rule.says.clone())));
        lines.extend(self.lines(("Formula", "公式"), forms, |(_, rule)| match rule.check {
            Check::Formula(_) => Some(format!("`{}`", on_one_line(&rule.formula))),
            _ => None,
        }));
        lines.extend(self.lines(("Holds for", "适用"), forms, |form| self.places(form)));
        lines.extend(self.lines(("Mentions", "应提及"), forms, |(_, rule)| match rule.check {
            Check::Mentions(..) => Some(format!("`{}`", on_one_line(&rule.formula))),
            _ => None,
        }));
        lines.extend(self.lines(("Equals", "应等于"), forms, |(_, rule)| match rule.check {
            Check::Statements => {
                let mut sums: Vec<String> = Vec::new();
                for sum in rule.formula.split(" | ").map(|sum| format!("`{}`", on_one_line(sum))) {
                    if !sums.contains(&sum) {
                        sums.push(sum);
                    }
                }
                Some(sums.join(&self.words("\n    or: ", "\n    或：")))
            }
            _ => None,
        }));
        lines.extend(self.lines(("Bodies", "机关"), forms, |(_, rule)| {
            Some(format!("`{}`", rule.issuer.as_ref()?.regex()?.as_str()))
        }));
        let grammars: Vec<&str> = forms.iter().map(|(grammar, _)| grammar.id.as_str()).collect();
        lines
            .push(self.words(&format!("Grammars: {}", grammars.join(", ")), &format!("格式：{}", grammars.join("、"))));
        lines
    }

    fn forms(&self, id: &str) -> &[Form<'g>] {
        self.ids.iter().find(|(other, _)| *other == id).map_or(&[], |(_, forms)| forms)
    }

    /// A line with what all forms of a rule say; where they differ, one for each saying, with the grammars that have it.
    fn lines(
        &self,
        (english, chinese): (&str, &str),
        forms: &[Form<'g>],
        says: impl Fn(&Form<'g>) -> Option<String>,
    ) -> Vec<String> {
        let mut said: Vec<(Option<String>, Vec<&str>)> = Vec::new();
        for form in forms {
            let (words, id) = (says(form), form.0.id.as_str());
            match said.iter_mut().find(|(other, _)| *other == words) {
                Some((_, grammars)) => grammars.push(id),
                None => said.push((words, vec![id])),
            }
        }
        let alone = said.len() == 1;
        let line = |(words, grammars): (Option<String>, Vec<&str>)| {
            let words = words?;
            let of = match self.lang {
                _ if alone => String::new(),
                Lang::En => format!(" ({})", grammars.join(", ")),
                Lang::Zh => format!("（{}）", grammars.join("、")),
            };
            Some(self.words(&format!("{english}{of}: {words}"), &format!("{chinese}{of}：{words}")))
        };
        said.into_iter().filter_map(line).collect()
    }

    fn kind(&self, kind: Kind) -> String {
        let english = match kind {
            Kind::InTable => "within a table",
            Kind::AcrossTables => "across tables",
            Kind::TextAndTable => "text against tables",
            Kind::InText => "within the text",
            Kind::AcrossYears => "across years",
        };
        self.words(&format!("{}, {english}", kind.name()), kind.name())
    }

    /// Where a formula is checked, by the ids of the form; none where it is for the report as a whole.
    fn places(&self, (grammar, rule): &Form<'_>) -> Option<String> {
        let Check::Formula(instances) = &rule.check else { return None };
        let (english, chinese) = match instances.first()? {
            Instance { row: Some(_), column: Some(_), .. } => ("each cell", "每个单元格"),
            Instance { row: Some(_), .. } => ("each row", "每一行"),
            Instance { column: Some(_), .. } => ("each column", "每一列"),
            _ => return None,
        };
        let mut whole: Vec<String> = Vec::new();
        let mut some: Vec<String> = Vec::new();
        for (table, form) in (0..).zip(&grammar.tables) {
            let of_table: Vec<&Instance> = instances.iter().filter(|found| found.table == Some(table)).collect();
            let rows = of_table.first().and_then(|found| found.row).map_or(1, |_| form.rows.len());
            let columns = of_table.first().and_then(|found| found.column).map_or(1, |_| form.columns.len());
            if of_table.len() == rows * columns {
                whole.push(format!("`{}`", form.id));
                continue;
            }
            some.extend(of_table.iter().map(|found| {
                let row = found.row.and_then(|row| form.rows.get(usize::from(row))).map(|row| row.id.as_str());
                let column = found.column.and_then(|column| form.columns.get(usize::from(column)));
                let names = [Some(form.id.as_str()), row, column.map(|column| column.id.as_str())];
                format!("`{}`", names.into_iter().flatten().collect::<Vec<_>>().join("."))
            }));
        }
        let all = whole.len() == grammar.tables.len();
        let each = match &whole[..] {
            [] => None,
            _ if all => Some(self.words(&format!("{english} of every table"), &format!("所有表格的{chinese}"))),
            _ => Some(
                self.words(&format!("{english} of {}", whole.join(", ")), &format!("{}的{chinese}", whole.join("、"))),
            ),
        };
        Some(each.into_iter().chain(some).collect::<Vec<_>>().join(&self.words(", ", "、")))
    }

    fn words(&self, english: &str, chinese: &str) -> String {
        match self.lang {
            Lang::En => english.to_owned(),
            Lang::Zh => chinese.to_owned(),
        }
    }
}

fn on_one_line(formula: &str) -> String {
    formula.split_whitespace().collect::<Vec<_>>().join(" ")
}
