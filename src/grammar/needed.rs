//! Words of which every match of some patterns has one: a quick look, since hardly any text has a match.

use memchr::memmem::Finder;
use regex_syntax::hir::{Hir, HirKind};

/// The words of some patterns; none where a pattern needs no word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needed(Option<Vec<Finder<'static>>>);

impl Needed {
    /// For each of the patterns the longest word that it can't do without.
    pub(super) fn by<'p>(patterns: impl Iterator<Item = &'p str>) -> Needed {
        let needed = |pattern: &str| longest(&regex_syntax::Parser::new().parse(pattern).ok()?);
        let Some(mut words) = patterns.map(needed).collect::<Option<Vec<String>>>() else { return Needed(None) };
        // What has a word has each part of it.
        words.sort_by_key(String::len);
        let mut least: Vec<String> = Vec::new();
        for word in words {
            if !least.iter().any(|part| word.contains(part.as_str())) {
                least.push(word);
            }
        }
        Needed(Some(least.iter().map(|word| Finder::new(word).into_owned()).collect()))
    }

    /// Whether one of them stands in the text; no pattern matches if not.
    pub(crate) fn stands_in(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|words| words.iter().any(|word| word.find(text.as_bytes()).is_some()))
    }
}

/// The longest word that stands in every match.
fn longest(pattern: &Hir) -> Option<String> {
    match pattern.kind() {
        HirKind::Literal(word) => String::from_utf8(word.0.to_vec()).ok(),
        HirKind::Capture(group) => longest(&group.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => longest(&repeated.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(longest).max_by_key(String::len),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(patterns: &[&str], needed: Option<&[&str]>) {
        let found = Needed::by(patterns.iter().copied()).0;
        let words: Option<Vec<&[u8]>> = found.as_ref().map(|words| words.iter().map(|word| word.needle()).collect());
        assert_eq!(words, needed.map(|needed| needed.iter().map(|word| word.as_bytes()).collect()), "{patterns:?}");
    }

    #[test]
    fn words() {
        check(&["(?:公布|公开)《?(?P<issuer>.+?)信息公开(?:年度)?报告"], Some(&["信息公开"]));
        check(&["政府信息公开条例", "(信息公开)+", "^本报告由"], Some(&["信息公开", "本报告由"]));
        check(&["信息", "公布|公开"], None);
        check(&["信息", "(?:报告)*"], None);
        check(&["信息", "(?i)a"], None);
        check(&[], Some(&[]));
    }
}
