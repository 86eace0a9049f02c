//! What one character is worth: to a reader ([`shown`]) and to a comparison ([`folded`]).
//!
//! Sources: Unicode's NFKC (crate `unicode-normalization`); the CJK radicals that NFKC leaves as they are, by Unicode's names
//! for them; `traditional.txt`, pairs of a traditional and a simplified character, from OpenCC's TSCharacters (Apache-2.0).

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// A character that has no ink and no width: it is neither text nor a blank.
pub fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' => false,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' => true,
        '\u{FE00}'..='\u{FE0F}' => true,
        _ => c.is_control(),
    }
}

/// The ordinary character for a CJK radical, which browsers and PDF printers put in place of it.
pub fn radical(c: char) -> Option<char> {
    match u32::from(c).checked_sub(0x2E80) {
        Some(at) if at <= 0x2FD5 - 0x2E80 => ORDINARY[at as usize],
        _ => None,
    }
}

/// The ordinary character for each sign of the blocks of radicals, U+2E80 to U+2FD5.
static ORDINARY: LazyLock<Vec<Option<char>>> = LazyLock::new(|| {
    let ordinary = |c: char| match c {
        '\u{2F00}'.. => c.nfkc().next(),
        _ => RADICALS.iter().find(|(radical, _)| *radical == c).map(|(_, ordinary)| *ordinary),
    };
    ('\u{2E80}'..='\u{2FD5}').map(ordinary).collect()
});

/// The text in simplified characters; each takes as many bytes as the one it stands for.
pub fn simplify(text: &str) -> String {
    let simplify = simplifier();
    let mut simplified = String::with_capacity(text.len());
    // Most of them are simplified already.
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        if let Some(simple) = simplify(c).filter(|simple| *simple != c) {
            simplified.push_str(&text[copied..at]);
            simplified.push(simple);
            copied = at + c.len_utf8();
        }
    }
    simplified.push_str(&text[copied..]);
    simplified
}

/// Whether a text surely is clean, simplified and without blanks: then none of that would change it.
pub fn is_plain(text: &str) -> bool {
    let simplify = simplifier();
    text.chars().all(|c| match c {
        '\u{4E00}'..='\u{9FFF}' => simplify(c) == Some(c),
        '!'..='~' | '\u{2010}'..='\u{2027}' | '、'..='】' | '！'..='／' | '：'..='？' => true,
        _ => false,
    })
}

/// The simplified character for a traditional one; any other character is its own.
pub(super) fn simplified(c: char) -> char {
    ideograph(c).map_or(c, |at| TRADITIONAL[at])
}

/// Simplifies ideographs, and nothing else: with what it needs at hand, for one character after another.
pub(super) fn simplifier() -> impl Fn(char) -> Option<char> {
    let table = &**TRADITIONAL;
    move |c| ideograph(c).map(|at| table[at])
}

const FIRST: char = '\u{4E00}';
const IDEOGRAPHS: usize = 0x5200;

fn ideograph(c: char) -> Option<usize> {
    u32::from(c).checked_sub(u32::from(FIRST)).map(|at| at as usize).filter(|at| *at < IDEOGRAPHS)
}

/// The character in its plainest form, punctuation included: half-width, no radical, simplified, small. Nothing for blanks.
pub fn plain(c: char) -> Option<char> {
    match c {
        '\u{4E00}'..='\u{9FFF}' => Some(simplified(c)),
        '!'..='~' => Some(c.to_ascii_lowercase()),
        '\u{FF01}'..='\u{FF5E}' => Some(char::from((u32::from(c) - 0xFEE0) as u8).to_ascii_lowercase()),
        '﹝' => Some('〔'),
        '﹞' => Some('〕'),
        _ if c.is_whitespace() || is_invisible(c) => None,
        _ => Some(radical(c).map_or(c, simplified)),
    }
}

/// Every character that comes to `c` in plain form: itself, traditional ones, radicals.
pub fn variants(c: char) -> Vec<char> {
    let first = OTHERS.partition_point(|(plain, _)| *plain < c);
    let others = OTHERS[first..].iter().take_while(|(plain, _)| *plain == c).map(|(_, other)| *other);
    std::iter::once(c).chain(others).collect()
}

/// Traditional characters and radicals behind what each comes to in plain form, in order of that.
static OTHERS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let all = ('\u{4E00}'..='\u{9FFF}').chain('\u{2E80}'..='\u{2FD5}');
    let mut others: Vec<(char, char)> = all.filter_map(|other| Some((plain(other)?, other))).collect();
    others.retain(|(plain, other)| plain != other);
    others.sort_by_key(|(plain, _)| *plain);
    others
});

/// Feeds `keep` the characters that `c` counts for in a comparison: letters and digits, in their plainest form. Nothing for
/// blanks, punctuation and signs.
pub(super) fn folded(c: char, mut keep: impl FnMut(char)) {
    match c {
        '\0'..='\x7F' => {
            if c.is_ascii_alphanumeric() {
                keep(c.to_ascii_lowercase());
            }
        }
        '\u{4E00}'..='\u{9FFF}' => keep(simplified(c)),
        '\u{3000}'..='\u{3006}' | '\u{3008}'..='\u{3020}' | '\u{2000}'..='\u{206F}' => {}
        '\u{FF01}'..='\u{FF5E}' => folded(char::from((u32::from(c) - 0xFEE0) as u8), keep),
        _ => match radical(c) {
            Some(ordinary) => keep(simplified(ordinary)),
            None => c
                .nfkc()
                .filter(|c| c.is_alphanumeric() && *c != '\u{FFFD}')
                .for_each(|c| keep(simplified(c.to_ascii_lowercase()))),
        },
    }
}

static TRADITIONAL: LazyLock<Box<[char; IDEOGRAPHS]>> = LazyLock::new(|| {
    let mut table = Box::new([FIRST; IDEOGRAPHS]);
    table.iter_mut().zip(FIRST..).for_each(|(entry, c)| *entry = c);
    for line in include_str!("traditional.txt").lines() {
        let mut signs = line.chars();
        while let (Some(traditional), Some(simplified)) = (signs.next(), signs.next()) {
            if let Some(at) = ideograph(traditional) {
                table[at] = simplified;
            }
        }
    }
    table
});

/// The block CJK Radicals Supplement, of which NFKC knows two.
#[rustfmt::skip]
const RADICALS: &[(char, char)] = &[
    ('⺁', '厂'), ('⺂', '乛'), ('⺃', '乚'), ('⺄', '乙'), ('⺅', '亻'), ('⺆', '冂'), ('⺇', '几'), ('⺈', '刀'), ('⺉', '刂'),
    ('⺊', '卜'), ('⺋', '㔾'), ('⺌', '小'), ('⺍', '小'), ('⺎', '兀'), ('⺏', '尣'), ('⺐', '尢'), ('⺑', '尣'), ('⺒', '巳'),
    ('⺓', '幺'), ('⺔', '彑'), ('⺕', '彐'), ('⺖', '忄'), ('⺗', '心'), ('⺘', '扌'), ('⺙', '攵'), ('⺛', '旡'), ('⺜', '日'),
    ('⺝', '月'), ('⺞', '歹'), ('⺟', '母'), ('⺠', '民'), ('⺡', '氵'), ('⺢', '氺'), ('⺣', '灬'), ('⺤', '爫'), ('⺥', '爫'),
    ('⺦', '丬'), ('⺧', '牛'), ('⺨', '犭'), ('⺩', '王'), ('⺪', '疋'), ('⺫', '目'), ('⺬', '示'), ('⺭', '礻'), ('⺮', '竹'),
    ('⺯', '糹'), ('⺰', '纟'), ('⺱', '网'), ('⺲', '罒'), ('⺳', '网'), ('⺴', '网'), ('⺵', '网'), ('⺶', '羊'), ('⺷', '羊'),
    ('⺸', '羊'), ('⺹', '耂'), ('⺺', '肀'), ('⺻', '聿'), ('⺼', '肉'), ('⺽', '臼'), ('⺾', '艹'), ('⺿', '艹'), ('⻀', '艹'),
    ('⻁', '虎'), ('⻂', '衤'), ('⻃', '西'), ('⻄', '西'), ('⻅', '见'), ('⻆', '角'), ('⻇', '角'), ('⻈', '讠'), ('⻉', '贝'),
    ('⻊', '足'), ('⻋', '车'), ('⻌', '辶'), ('⻍', '辶'), ('⻎', '辶'), ('⻏', '邑'), ('⻐', '钅'), ('⻑', '長'), ('⻒', '镸'),
    ('⻓', '长'), ('⻔', '门'), ('⻕', '阜'), ('⻖', '阝'), ('⻗', '雨'), ('⻘', '青'), ('⻙', '韦'), ('⻚', '页'), ('⻛', '风'),
    ('⻜', '飞'), ('⻝', '食'), ('⻞', '食'), ('⻟', '飠'), ('⻠', '饣'), ('⻡', '首'), ('⻢', '马'), ('⻣', '骨'), ('⻤', '鬼'),
    ('⻥', '鱼'), ('⻦', '鸟'), ('⻧', '卤'), ('⻨', '麦'), ('⻩', '黄'), ('⻪', '黾'), ('⻫', '斉'), ('⻬', '齐'), ('⻭', '歯'),
    ('⻮', '齿'), ('⻯', '竜'), ('⻰', '龙'), ('⻱', '龜'), ('⻲', '亀'), ('⻳', '龟'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(c: char, expected: &str) {
        let mut kept = String::new();
        folded(c, |c| kept.push(c));
        assert_eq!(kept, expected, "{c}");
    }

    #[test]
    fn variants_come_to_one_character() {
        assert_eq!(
            variants('复'),
            ['复', '復', '複', '覆'].into_iter().filter(|c| plain(*c) == Some('复')).collect::<Vec<_>>()
        );
        assert_eq!(variants('行'), ['行', '⾏']);
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for c in ('\0'..=char::MAX).filter(|c| is_plain(&c.to_string())) {
            let text = format!("一{c}");
            assert_eq!(simplify(&crate::text::clean(&text)), text);
            assert!(!c.is_whitespace(), "{c:?}");
        }
        assert!(is_plain("收取信息处理费5元，“无”。") && !is_plain("收取 5元") && !is_plain("無"));
    }

    #[test]
    fn characters() {
        for (c, expected) in [
            ('A', "a"),
            ('Ａ', "a"),
            ('３', "3"),
            ('規', "规"),
            ('製', "制"),
            ('⾃', "自"),
            ('⺠', "民"),
            ('⻥', "鱼"),
            ('㈠', "一"),
            ('①', "1"),
            ('（', ""),
            ('、', ""),
            (' ', ""),
            ('\u{3000}', ""),
            ('\u{200B}', ""),
            ('〇', "〇"),
            ('內', "内"),
            ('％', ""),
        ] {
            check(c, expected);
        }
    }
}
