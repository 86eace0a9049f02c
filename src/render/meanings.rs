//! What a kind of finding means, whatever page it is on: the words of its page in `docs/findings`.

use super::Lang;
use crate::report::{Code, Severity};

/// The word for a severity.
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    match (severity, lang) {
        (_, Lang::En) => severity.name(),
        (Severity::Error, Lang::Zh) => "错误",
        (Severity::Warning, Lang::Zh) => "警告",
        (Severity::Note, Lang::Zh) => "提示",
    }
}

/// What findings of that kind mean, in a few words: the title of the page.
pub fn meaning(code: Code, lang: Lang) -> &'static str {
    let title = page(code, lang).lines().next().unwrap_or_default();
    title.split_once([':', '：']).map_or(title, |(_, meaning)| meaning.trim_start())
}

/// The same in a few sentences: the first part of the page, on one line.
pub fn explanation(code: Code, lang: Lang) -> String {
    let (_, parts) = page(code, lang).split_once("\n## ").unwrap_or_default();
    let lines = parts.lines().skip(1).take_while(|line| !line.starts_with("## ")).filter(|line| !line.is_empty());
    // Chinese is written without blanks, also where a line ended.
    lines.collect::<Vec<_>>().join(if lang == Lang::Zh { "" } else { " " })
}

/// The page of a code in that language.
pub fn page(code: Code, lang: Lang) -> &'static str {
    match lang {
        Lang::En => code.page(),
        Lang::Zh => code.chinese_page(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings() {
        assert_eq!(meaning(Code::BalanceBroken, Lang::En), "what came in is not what was settled and carried on");
        assert_eq!(meaning(Code::BalanceBroken, Lang::Zh), "收到与办理不平衡");
    }
}
