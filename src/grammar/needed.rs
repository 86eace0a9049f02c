//! The words that each of some patterns can't do without: a quick look, since hardly any text has a match.

use memchr::memmem::Finder;
use regex_syntax::hir::{Hir, HirKind};

/// The words of some patterns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needed {
    words: Vec<Finder<'static>>,
    /// For each pattern its words, as numbers, the longest first.
    of_patterns: Vec<Vec<usize>>,
}

impl Needed {
    /// The words of each of the patterns.
    pub(super) fn by<'p>(patterns: impl Iterator<Item = &'p str>) -> Needed {
        /// As many words are looked for.
        const MOST: usize = u64::BITS as usize;
        let mut needed = Needed::default();
        for pattern in patterns {
            let mut words = Vec::new();
            let _ = regex_syntax::Parser::new().parse(pattern).map(|pattern| collect(&pattern, &mut words));
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            let mut numbers = Vec::new();
            for word in words {
                let known = needed.words.iter().position(|known| known.needle() == word.as_bytes());
                let number = known.unwrap_or(needed.words.len());
                if known.is_none() && number < MOST {
                    needed.words.push(Finder::new(&word).into_owned());
                }
                numbers.extend(Some(number).filter(|number| *number < MOST));
            }
            needed.of_patterns.push(numbers);
        }
        needed
    }

    /// The patterns of which all words stand in the text; no other one matches.
    pub(crate) fn in_text<'n>(&'n self, text: &'n str) -> impl Iterator<Item = usize> + 'n {
        let (mut looked_for, mut found) = (0u64, 0u64);
        let mut stands = move |word: &usize| {
            if looked_for >> word & 1 == 0 {
                looked_for |= 1 << word;
                found |= u64::from(self.words[*word].find(text.as_bytes()).is_some()) << word;
            }
            found >> word & 1 == 1
        };
        (0..self.of_patterns.len()).filter(move |pattern| self.of_patterns[*pattern].iter().all(&mut stands))
    }
}

/// The words that stand in every match.
fn collect(pattern: &Hir, words: &mut Vec<String>) {
    match pattern.kind() {
        HirKind::Literal(word) => words.extend(String::from_utf8(word.0.to_vec())),
        HirKind::Capture(group) => collect(&group.sub, words),
        HirKind::Repetition(repeated) if repeated.min > 0 => collect(&repeated.sub, words),
        HirKind::Concat(parts) => parts.iter().for_each(|part| collect(part, words)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(patterns: &[&str], text: &str, expected: &[usize]) {
        let found: Vec<usize> = Needed::by(patterns.iter().copied()).in_text(text).collect();
        assert_eq!(found, expected, "{patterns:?}");
    }

    #[test]
    fn words() {
        let patterns =
            ["(?:公布|公开)《?(?P<issuer>.+?)信息公开(?:年度)?报告", "(?P<issuer>(?:条例)+)", "^本报告由", "(?i)a"];
        check(&patterns, "公布某局信息公开年度报告", &[0, 3]);
        check(&patterns, "报告的信息公开", &[0, 3]);
        check(&patterns, "某局信息公开条例", &[1, 3]);
        check(&patterns, "现公布本报告，由", &[3]);
        check(&patterns, "本报告由某局编制", &[2, 3]);
        check(&["信息|公开", "(?:报告)*"], "", &[0, 1]);
        check(&[], "报告", &[]);
    }
}
