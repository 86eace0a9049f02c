//! The wording of labels under a style: the form's label in, the label of this page out.

use crate::form::Column;
use crate::sheet::Sheet;
use crate::style::{Brackets, Captions, Numbering, Punctuation, Quotes, Style, TotalWord};

/// `（一）予以公开` in the page's brackets.
pub fn item(number: &str, label: &str, style: &Style) -> String {
    match style.brackets {
        Brackets::Wide => format!("（{number}）{label}"),
        Brackets::Narrow => format!("({number}){label}"),
        Brackets::WideBlank => format!("（{number}） {label}"),
    }
}

/// `1.属于国家秘密` in the page's numbering.
pub fn sub(index: usize, label: &str, style: &Style) -> String {
    let mark = match style.numbering {
        Numbering::Dot => ".",
        Numbering::DotBlank => ". ",
        Numbering::Comma => "、",
        Numbering::WideDot => "．",
    };
    format!("{index}{mark}{label}")
}

/// The page's word for 总计.
pub fn total(style: &Style) -> &'static str {
    match style.total_word {
        TotalWord::Official => "总计",
        TotalWord::Spaced => "总 计",
        TotalWord::Sum => "合计",
    }
}

/// The line over a block of section 二.
pub fn caption(official: &str, style: &Style) -> String {
    match style.captions {
        Captions::Official => official.to_owned(),
        Captions::Blank => official.replacen("条第", "条 第", 1),
        Captions::Short => official.replacen("条第", "条", 1),
    }
}

/// The head of a column.
pub fn column_label(column: &Column, style: &Style) -> String {
    if column.label == "总计" {
        return total(style).to_owned();
    }
    if style.cut_header && column.label.starts_with("本年新") {
        return "本年新".to_owned();
    }
    let words = ["结果", "其他", "尚未", "商业", "科研", "社会", "公益", "法律", "服务"];
    if style.blank_heads && column.label.chars().count() > 3 {
        let mut label = column.label.replacen("本年新", "本年新 ", 1);
        for word in words {
            if let Some(rest) = label.strip_prefix(word) {
                label = format!("{word} {rest}");
            }
        }
        return label;
    }
    column.label.to_owned()
}

/// The label of a row of section 二, with a definition behind it where the page has such.
pub fn definition(row: &str, label: &str, style: &Style) -> String {
    let label = match (row, style.other_documents) {
        ("normative_documents", true) if label == "规范性文件" => "行政规范性文件",
        ("normative_documents", true) => "规范性文件",
        _ => label,
    };
    match (row, style.definitions) {
        ("regulations", true) => {
            format!("{label}：依照法定权限和程序制定、以命令形式公布并按规定备案的各类规章，不含一般工作制度")
        }
        ("normative_documents", true) => {
            format!(
                "{label}（指规章以外，本机关依照法定程序制定并公开发布、在一定时期内反复适用的文件，内部工作规定不在其内）"
            )
        }
        _ => label.to_owned(),
    }
}

/// Text of a label with the page's quotes.
pub fn table_text(label: &str, style: &Style) -> String {
    match style.quotes {
        Quotes::Curly => label.to_owned(),
        Quotes::Straight => label.replace(['“', '”'], "\""),
        Quotes::None => label.replace(['“', '”'], ""),
        Quotes::Spaced => label.replace('“', " “ ").replace('”', " ” ").trim_end().to_owned(),
    }
}

/// The sheet with narrow punctuation where the page has it in its tables.
pub fn narrow_table(mut sheet: Sheet, style: &Style) -> Sheet {
    if style.punctuation == Punctuation::Wide {
        return sheet;
    }
    let labels = sheet.rows.iter_mut().flat_map(|row| row.labels.iter_mut());
    for slot in sheet.header.iter_mut().flatten().chain(labels) {
        slot.text = narrow(&slot.text);
    }
    for figure in sheet.rows.iter_mut().flat_map(|row| row.figures.iter_mut()) {
        *figure = narrow(figure);
    }
    sheet.caption = sheet.caption.map(|caption| narrow(&caption));
    sheet
}

/// The text with the punctuation that converters make narrow: `，（）：；`. The full stop and `、` stay.
pub fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '，' => ',',
            '（' => '(',
            '）' => ')',
            '：' => ':',
            '；' => ';',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_the_style() {
        let mut style = Style::plain();
        assert_eq!(sub(3, "危及", &style), "3.危及");
        style.numbering = Numbering::DotBlank;
        style.brackets = Brackets::WideBlank;
        style.quotes = Quotes::Spaced;
        assert_eq!(sub(3, &table_text("危及“三安全一稳定”", &style), &style), "3. 危及 “ 三安全一稳定 ”");
        assert_eq!(item("一", "予以公开", &style), "（一） 予以公开");
        style.blank_heads = true;
        let column = Column { id: "c", label: "社会公益组织", unit: "" };
        assert_eq!(column_label(&column, &style), "社会 公益组织");
    }
}
