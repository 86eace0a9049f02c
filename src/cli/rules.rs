//! The rules of the loaded grammars, in lines for people.

use crate::grammar::{Check, Grammar, Grammars, Instance, Kind, Rule};
use crate::render::Lang;
use crate::report::{Code, Severity};

/// The word for a severity.
pub(super) fn severity(severity: Severity, lang: Lang) -> &'static str {
    match (severity, lang) {
        (severity, Lang::En) => severity.name(),
        (Severity::Error, Lang::Zh) => "错误",
        (Severity::Warning, Lang::Zh) => "警告",
        (Severity::Note, Lang::Zh) => "提示",
    }
}

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

    /// The rules of a code: what is to be said of the one, or the names of all.
    pub(super) fn under(&self, code: Code) -> Vec<String> {
        let ids: Vec<&(&str, Vec<Form<'_>>)> =
            self.ids.iter().filter(|(_, forms)| forms.iter().any(|(_, rule)| rule.code == code)).collect();
        match ids[..] {
            [(id, _)] => self.rule(id, false),
            _ => ids
                .iter()
                .map(|(id, forms)| {
                    let says = forms.first().map_or("", |(_, rule)| &rule.says);
                    self.words(&format!("Rule: `{id}`: {says}"), &format!("规则：`{id}`，{says}"))
                })
                .collect(),
        }
    }

    /// The lines about one rule: its code and severity where `whole`, its kind, words, formula and places.
    pub(super) fn rule(&self, id: &str, whole: bool) -> Vec<String> {
        let forms = self.forms(id);
        let mut lines = Vec::new();
        if whole {
            lines.extend(self.lines(("Code", "编号"), forms, |(_, rule)| Some(rule.code.to_string())));
            lines.extend(
                self.lines(("Severity", "级别"), forms, |(_, rule)| {
                    Some(severity(rule.severity, self.lang).to_owned())
                }),
            );
        }
        lines.extend(self.lines(("Rule", "规则"), forms, |(_, rule)| Some(self.kind(id, rule.kind))));
        lines.extend(self.lines(("In words", "表述"), forms, |(_, rule)| Some(rule.says.clone())));
        lines.extend(self.lines(("Formula", "公式"), forms, |(_, rule)| {
            let formula: Vec<&str> = rule.formula.split_whitespace().collect();
            Some(formula.join(" ")).filter(|formula| !formula.is_empty()).map(|formula| format!("`{formula}`"))
        }));
        lines.extend(self.lines(("Holds for", "适用"), forms, |form| self.places(form)));
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

    fn kind(&self, id: &str, kind: Kind) -> String {
        let english = match kind {
            Kind::InTable => "within a table",
            Kind::AcrossTables => "across tables",
            Kind::TextAndTable => "text against tables",
            Kind::InText => "within the text",
            Kind::AcrossYears => "across years",
        };
        self.words(&format!("`{id}` ({}, {english})", kind.name()), &format!("`{id}`（{}）", kind.name()))
    }

    /// Where a formula is checked, by the ids of the form; none where it is for the report as a whole.
    fn places(&self, (grammar, rule): &Form<'_>) -> Option<String> {
        let Check::Formula(instances) = &rule.check else { return None };
        let mut tables: Vec<String> = Vec::new();
        for table in instances.iter().filter_map(|instance| grammar.tables.get(usize::from(instance.table?))) {
            let name = format!("`{}`", table.id);
            if !tables.contains(&name) {
                tables.push(name);
            }
        }
        let (each, each_chinese) = match instances.first()? {
            Instance { row: Some(_), column: Some(_), .. } => ("each cell", "每个单元格"),
            Instance { row: Some(_), .. } => ("each row", "每一行"),
            Instance { column: Some(_), .. } => ("each column", "每一列"),
            _ => return None,
        };
        let all = tables.len() == grammar.tables.len();
        let english = if all { "every table".to_owned() } else { tables.join(", ") };
        let chinese = if all { "所有表格".to_owned() } else { tables.join("、") };
        Some(self.words(&format!("{each} of {english}"), &format!("{chinese}的{each_chinese}")))
    }

    fn words(&self, english: &str, chinese: &str) -> String {
        match self.lang {
            Lang::En => english.to_owned(),
            Lang::Zh => chinese.to_owned(),
        }
    }
}
