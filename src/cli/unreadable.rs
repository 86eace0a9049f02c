//! Why an input can't be read, in one line: what, where, and how to mend it.

use super::failure::{named, reason};
use crate::source::{Cause, Error, Flaw};

pub(super) fn unreadable(error: &Error, zh: bool) -> String {
    let path = named(&error.path, zh, true);
    let path = match (&error.record, zh) {
        (None, _) => path,
        (Some(record), true) => format!("{path}（记录 {record}）"),
        (Some(record), false) => format!("{path}, record {record}"),
    };
    match &error.cause {
        Cause::NoMatch if zh => format!("没有与 {path} 匹配的文件"),
        Cause::Pattern(why) if zh => format!("{path} 不是有效的通配符：{why}"),
        _ if zh => format!("无法读取 {path}：{}", chinese(error)),
        _ => format!("cannot read {path}: {}", english(error)),
    }
}

fn english(error: &Error) -> String {
    let Error { cause, place, lost, .. } = error;
    let place = place.map_or(String::new(), |byte| format!(" at byte {byte}"));
    let lost = lost.filter(|lost| *lost > 0).map_or(String::new(), |lost| format!(" ({lost} bytes lost)"));
    match cause {
        Cause::Io(error) => reason(error, false),
        Cause::Folder => "it is a folder; use `gongkai convert` for folders".to_owned(),
        Cause::NoMatch => "no such file, and no file matches it as a pattern".to_owned(),
        Cause::Pattern(why) => format!("no such file, and as a pattern it is wrong: {why}"),
        Cause::Several(0) => "there is no text in it".to_owned(),
        Cause::Several(_) => "it holds several texts; use `gongkai convert` for archives".to_owned(),
        Cause::Changed => "it was written to while it was read; run again when it is at rest".to_owned(),
        Cause::TooLarge(limit) => {
            format!("the text has more than {} bytes; raise `--max-text-bytes`, or split it", sized(*limit as u64))
        }
        Cause::Expanded(limit) => format!(
            "it unpacks to more than {} bytes, and was read up to there; raise `--max-expanded` if it is no bomb",
            sized(*limit)
        ),
        Cause::Ratio(limit) => format!(
            "it unpacks to more than {limit} times its size, and was read up to there; raise `--max-ratio` if it is no bomb"
        ),
        Cause::Nesting(limit) => {
            format!("more than {limit} archives or packings stand inside each other; raise `--max-nesting`")
        }
        Cause::Members(limit) => {
            format!("it has more than {limit} members, and was read up to there; raise `--max-members`")
        }
        Cause::Damaged(what) => format!("the {what} is damaged{place}{lost}; get the file anew"),
        Cause::Behind(what) => format!(
            "{} bytes{place} do not belong to the {what} before them, which were read; get the file anew if more should be in it",
            error.lost.unwrap_or_default()
        ),
        Cause::Cut(what) => format!("the {what} ends too soon{place}; get the whole file"),
        Cause::Encrypted => "it is encrypted; unpack it with its password first".to_owned(),
        Cause::Unsupported(what) => format!("this kind is not supported: {what}; convert it to plain text first"),
        Cause::NoRecord(Flaw::NotJson) => {
            "the line is no JSON object; write one object a line, and only that".to_owned()
        }
        Cause::NoRecord(Flaw::NoField(field)) => {
            format!("the record has no field `{field}`; name the one with the text by `--text-field`")
        }
        Cause::NoRecord(Flaw::NotText(field)) => {
            format!("the field `{field}` holds no text; name the one that does by `--text-field`")
        }
        Cause::Defect => "internal error while it was unpacked, please report it".to_owned(),
    }
}

fn chinese(error: &Error) -> String {
    let Error { cause, place, lost, .. } = error;
    let place = place.map_or(String::new(), |byte| format!("第 {byte} 字节处"));
    let lost = lost.filter(|lost| *lost > 0).map_or(String::new(), |lost| format!("（丢失 {lost} 字节）"));
    match cause {
        Cause::Io(error) => reason(error, true),
        Cause::Folder => "这是目录；目录请用 `gongkai convert`".to_owned(),
        Cause::NoMatch | Cause::Pattern(_) => String::new(),
        Cause::Several(0) => "其中没有文本".to_owned(),
        Cause::Several(_) => "其中有多份文本；归档文件请用 `gongkai convert`".to_owned(),
        Cause::Changed => "读取期间文件被改动；请待其不再变动后重新运行".to_owned(),
        Cause::TooLarge(limit) => {
            format!("文本超过 {} 字节；请调高 `--max-text-bytes`，或将其拆分", sized(*limit as u64))
        }
        Cause::Expanded(limit) => {
            format!("解压后超过 {} 字节，只读到此处；如无问题请调高 `--max-expanded`", sized(*limit))
        }
        Cause::Ratio(limit) => format!("解压后超过原大小的 {limit} 倍，只读到此处；如无问题请调高 `--max-ratio`"),
        Cause::Nesting(limit) => format!("归档或压缩嵌套超过 {limit} 层；请调高 `--max-nesting`"),
        Cause::Members(limit) => format!("成员超过 {limit} 个，只读到此处；请调高 `--max-members`"),
        Cause::Damaged(what) => format!("{}{place}损坏{lost}；请重新获取文件", in_chinese(what)),
        Cause::Behind(what) => format!(
            "{place}起的 {} 字节不属于其前的 {}；其前的内容已读取；如本应有更多内容，请重新获取文件",
            error.lost.unwrap_or_default(),
            in_chinese(what)
        ),
        Cause::Cut(what) => format!("{}{place}提前结束；请获取完整的文件", in_chinese(what)),
        Cause::Encrypted => "已加密；请先用密码解开".to_owned(),
        Cause::Unsupported(what) => format!("不支持这种类型：{}；请先转换为纯文本", in_chinese(what)),
        Cause::NoRecord(Flaw::NotJson) => "这一行不是 JSON 对象；请每行只写一个对象".to_owned(),
        Cause::NoRecord(Flaw::NoField(field)) => format!("记录没有 `{field}` 字段；请用 `--text-field` 指明正文字段"),
        Cause::NoRecord(Flaw::NotText(field)) => {
            format!("`{field}` 字段不是文本；请用 `--text-field` 指明正文字段")
        }
        Cause::Defect => "解压时程序内部错误，请报告".to_owned(),
    }
}

/// The Chinese word for a kind; names of formats stay as they are.
fn in_chinese(what: &str) -> &str {
    match what {
        "gzip data" => "gzip 数据",
        "Zstandard data" => "Zstandard 数据",
        "bzip2 data" => "bzip2 数据",
        "xz data" => "xz 数据",
        "deflate data" => "deflate 数据",
        "tar archive" => "tar 归档",
        "zip archive" => "zip 归档",
        "zip directory" => "zip 目录",
        "WARC file" => "WARC 文件",
        "HTTP head in a WARC record" => "WARC 记录中的 HTTP 头",
        "page in the crawl" => "抓取的页面",
        "image" => "图像",
        "program" => "程序",
        "Office document" => "Office 文档",
        "Brotli in a WARC record" => "WARC 记录中的 Brotli 压缩",
        "content coding of a WARC record" => "WARC 记录的内容编码",
        "archive in a WARC record" => "WARC 记录中的归档",
        _ => what,
    }
}

/// A size as it is given on the command line.
fn sized(bytes: u64) -> String {
    let units = [(40, 'T'), (30, 'G'), (20, 'M'), (10, 'K')];
    let unit = units.iter().find(|(power, _)| bytes > 0 && bytes.is_multiple_of(1 << power));
    unit.map_or_else(|| bytes.to_string(), |(power, unit)| format!("{}{unit}", bytes >> power))
}
