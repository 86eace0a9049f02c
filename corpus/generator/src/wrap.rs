//! Prose broken into lines of a page's width, as PDF text has it.

/// Breaks a paragraph into lines of about `width` characters. A number is never cut in two, nor parted from what
/// stands before it, so that no line begins with a figure.
pub fn wrap_prose(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for c in text.chars() {
        let closing = matches!(c, '，' | '。' | '、' | '；' | '：' | '）' | '》' | '〕') || c.is_ascii();
        if length >= width && !closing {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        line.push(c);
        length += 1;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_whole() {
        let text = "发布信息123456条，内容涵盖若干方面。".repeat(9);
        let lines = wrap_prose(&text, 7);
        assert_eq!(lines.concat(), text);
        assert!(lines.iter().all(|line| !line.starts_with(|c: char| c.is_ascii_digit())));
    }
}
