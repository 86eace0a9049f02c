//! What goes wrong, and its one line: what, where, and how to mend it.

use std::io;
use std::path::PathBuf;

use super::outputs::input_written;
use super::rejects::TooMany;
use super::unreadable::unreadable;
use crate::grammar::GrammarError;
use crate::pipeline::{Panicked, Rejection};
use crate::render::Lang;
use crate::{sink, source};

/// Why a command, or one input of it, failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// An input can't be read.
    Source(source::Error),
    /// A destination can't be written.
    Sink(sink::Error),
    /// Standard output can't be written.
    Stdout(io::Error),
    /// A folder was named where this command takes a file.
    FileWanted(String),
    /// A grammar file has mistakes.
    Grammar(GrammarError),
    /// There is no grammar of that id; those that there are.
    NoGrammar(String, Vec<String>),
    /// There is nothing of that name to explain; what is spelt like it.
    NothingToExplain(String, Vec<String>),
    /// Standard input was asked for twice.
    StdinTwice,
    /// The arguments name nothing.
    NoInput,
    /// Not one of the inputs gave a report.
    NothingRead,
    /// Not one of the inputs could be read for measuring.
    NothingMeasured,
    /// `--select` or `--ignore` names nothing that there is.
    NoSuchRule(String),
    /// A baseline can't be understood: its path, and why.
    Baseline(String, String),
    /// Ctrl-C: so many inputs are done, and whether the same command goes on from there.
    Interrupted { done: u64, goes_on: bool },
    /// More inputs gave no report than were to be borne.
    TooManyRejects(TooMany),
    /// This option asked for standard output, where reports go.
    StdoutTaken(&'static str),
    /// `--bom` was given for a destination that is no CSV.
    BomWithoutCsv,
    /// This option was given for a destination that is none of these.
    OnlyFor(&'static str, &'static str),
    /// SOURCE_DATE_EPOCH is no number of seconds.
    NoDate(String),
    /// Two options name this file for writing.
    WrittenTwice(String),
    /// This file is to be read and to be written.
    InputWritten(PathBuf),
    /// The system gives no threads.
    Threads(String),
    /// A defect of this program, with the input that showed it.
    Panicked(Option<String>, Panicked),
}

impl From<source::Error> for Failure {
    fn from(error: source::Error) -> Failure {
        Failure::Source(error)
    }
}

impl From<sink::Error> for Failure {
    fn from(error: sink::Error) -> Failure {
        Failure::Sink(error)
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Failure {
        match rejection {
            Rejection::Unreadable(error) => Failure::Source(error),
            Rejection::Panicked { path, panicked, .. } => Failure::Panicked(Some(path), panicked),
        }
    }
}

impl Failure {
    /// Why a file that is no report can't be read. Where it is a folder, there is no command for folders to advise.
    pub(super) fn of_file(error: source::Error) -> Failure {
        match error.cause {
            source::Cause::Folder => Failure::FileWanted(error.path),
            _ => Failure::Source(error),
        }
    }

    pub(super) fn is_closed_pipe(&self) -> bool {
        match self {
            Failure::Sink(error) => error.is_closed_pipe(),
            Failure::Stdout(error) => error.kind() == io::ErrorKind::BrokenPipe,
            _ => false,
        }
    }

    /// The line, without a line end. A grammar's mistakes are a line each.
    pub(super) fn words(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Failure::Source(error) => unreadable(error, zh),
            Failure::Sink(error) => unwritable(error, zh),
            Failure::Stdout(error) if zh => format!("无法写入标准输出：{}", reason(error, zh)),
            Failure::Stdout(error) => format!("cannot write to standard output: {}", reason(error, zh)),
            Failure::FileWanted(path) if zh => format!("无法读取 {path}：这是目录；请给出其中的文件"),
            Failure::FileWanted(path) => format!("cannot read {path}: it is a folder; name the file in it"),
            Failure::Grammar(error) => error.to_string(),
            Failure::NoGrammar(id, known) if zh => format!("没有名为 {id} 的格式，现有：{}", known.join("、")),
            Failure::NoGrammar(id, known) => format!("there is no grammar `{id}`; there are {}", known.join(", ")),
            Failure::NothingToExplain(name, near) => unexplained(name, near, zh),
            Failure::StdinTwice if zh => "标准输入 - 只能给出一次".to_owned(),
            Failure::StdinTwice => "standard input `-` can be given only once".to_owned(),
            Failure::NoInput if zh => "没有可读的输入：所给参数中没有任何文本（隐藏文件不计，归档可能为空）".to_owned(),
            Failure::NoInput => {
                "nothing to read: the arguments hold no text (hidden files are left out, and archives may be empty)"
                    .to_owned()
            }
            Failure::NothingRead if zh => "所有输入均无法读取，未写入任何内容".to_owned(),
            Failure::NothingRead => "none of the inputs could be read; nothing was written".to_owned(),
            Failure::NothingMeasured if zh => "所有输入均无法读取，没有可测量的内容".to_owned(),
            Failure::NothingMeasured => "none of the inputs could be read; there is nothing to measure".to_owned(),
            Failure::TooManyRejects(too_many) => too_many.words(zh),
            Failure::StdoutTaken(option) if zh => {
                format!("标准输出已用于报告；请为 {option} 指定文件，或用 `-o` 指定输出")
            }
            Failure::StdoutTaken(option) => {
                format!("standard output is for reports; give `{option}` a file, or the reports one with `-o`")
            }
            Failure::BomWithoutCsv if zh => "--bom 只用于 CSV；请输出到 .csv 文件".to_owned(),
            Failure::BomWithoutCsv => "`--bom` is for CSV only; write to a `.csv` file".to_owned(),
            Failure::OnlyFor(option, kinds) if zh => format!("{option} 只用于 {kinds}"),
            Failure::OnlyFor(option, kinds) => format!("`{option}` is for {kinds} only"),
            Failure::NoDate(value) if zh => format!("SOURCE_DATE_EPOCH 应为自 1970 年起的秒数，而不是 `{value}`"),
            Failure::NoDate(value) => {
                format!("SOURCE_DATE_EPOCH should be a number of seconds since 1970, not `{value}`")
            }
            Failure::WrittenTwice(path) if zh => format!("{path} 被指定为两个输出；请另取名称"),
            Failure::WrittenTwice(path) => format!("{path} is named for two outputs; give one of them another name"),
            Failure::InputWritten(path) => input_written(path, zh),
            Failure::NoSuchRule(name) if zh => {
                format!(
                    "没有名为 `{name}` 的代码或规则；代码如 GK201 或 GK2，规则如 applications.balance 或 statement.*"
                )
            }
            Failure::NoSuchRule(name) => format!(
                "no code or rule is called `{name}`; codes are such as GK201 or GK2, rules such as applications.balance or statement.*"
            ),
            Failure::Baseline(path, why) if zh => {
                format!("{path} 不是有效的基线文件：{why}；请用 --write-baseline 重新生成")
            }
            Failure::Baseline(path, why) => {
                format!("{path} is not a baseline: {why}; write it anew with --write-baseline")
            }
            Failure::Interrupted { done, goes_on } => interrupted(*done, *goes_on, zh),
            Failure::Threads(why) if zh => format!("无法启动线程：{why}；请减小 --jobs"),
            Failure::Threads(why) => format!("cannot start threads: {why}; try a smaller --jobs"),
            Failure::Panicked(path, panicked) => {
                let path = path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default();
                let words = if zh { "程序内部错误，请报告" } else { "internal error, please report it" };
                format!("{path}{words}: {panicked}")
            }
        }
    }
}

fn interrupted(done: u64, goes_on: bool, zh: bool) -> String {
    match (zh, goes_on) {
        (true, true) => format!("已中断，完成 {done} 个输入；再次运行同一命令即可继续"),
        (true, false) => format!("已中断，完成 {done} 个输入"),
        (false, true) => format!("interrupted; inputs done: {done}; the same command goes on from there"),
        (false, false) => format!("interrupted; inputs done: {done}"),
    }
}

fn unexplained(name: &str, near: &[String], zh: bool) -> String {
    match (zh, near.is_empty()) {
        (true, true) => format!("没有编号或规则 {name}；`gongkai explain` 列出全部编号"),
        (true, false) => format!("没有编号或规则 {name}；您是否要找 {}？", near.join("、")),
        (false, true) => format!("there is no code or rule `{name}`; `gongkai explain` lists the codes"),
        (false, false) => format!("there is no code or rule `{name}`; did you mean {}?", near.join(" or ")),
    }
}

fn unwritable(error: &sink::Error, zh: bool) -> String {
    let path = named(&error.path.to_string_lossy(), zh, false);
    let why = match (&error.cause, zh) {
        (sink::Cause::Io(error), _) => reason(error, zh),
        (sink::Cause::NoParent(parent), true) => format!("目录 {} 不存在，请先创建", parent.display()),
        (sink::Cause::NoParent(parent), false) => {
            format!("the folder {} does not exist; create it first", parent.display())
        }
        (sink::Cause::ParentIsFile(path), true) => format!("{} 是文件而不是目录；请另取名称", path.display()),
        (sink::Cause::ParentIsFile(path), false) => {
            format!("{} is a file, not a folder; give another name", path.display())
        }
        (sink::Cause::IsFolder, true) => "这是目录；写入目录请用 `--to dir`".to_owned(),
        (sink::Cause::IsFolder, false) => {
            "it is a folder; use `--to dir` to write one file a report into it".to_owned()
        }
        (sink::Cause::IsFile, true) => "这是文件而不是目录；请另取名称".to_owned(),
        (sink::Cause::IsFile, false) => "it is a file, not a folder; give another name".to_owned(),
        (sink::Cause::Busy, true) => "另一次运行正在写入；请等待其结束".to_owned(),
        (sink::Cause::Busy, false) => "another run is writing it; wait for that to end".to_owned(),
        (sink::Cause::Locked, true) => "另一程序正在写入；请等待其结束".to_owned(),
        (sink::Cause::Locked, false) => "another program is writing it; wait for that to end".to_owned(),
        (sink::Cause::Damaged, true) => "其原有内容已无法读取；请用 `--force` 全部重新转换".to_owned(),
        (sink::Cause::Damaged, false) => {
            "what it has can't be read again; convert everything anew with `--force`".to_owned()
        }
        (sink::Cause::NotBuilt(kind, feature), true) => {
            format!("此程序编译时未包含 {kind}；请用 `--features {feature}` 重新编译，或写入 .jsonl 文件")
        }
        (sink::Cause::NotBuilt(kind, feature), false) => {
            format!("this build has no {kind}; build it with `--features {feature}`, or write to a `.jsonl` file")
        }
        (sink::Cause::Foreign, true) => "其内容不是 gongkai 写入的；请另取名称".to_owned(),
        (sink::Cause::Foreign, false) => "it holds something that gongkai did not write; give another name".to_owned(),
        (sink::Cause::InTheWay, true) => "此处已有不是 gongkai 写入的文件；请先移走，或输出到另一目录".to_owned(),
        (sink::Cause::InTheWay, false) => {
            "a file that gongkai did not write stands there; move it away, or write to another folder".to_owned()
        }
        (sink::Cause::Newer(version), true) => {
            format!("由更新版本的 gongkai 写入（表结构版本 {version}）；请升级 gongkai")
        }
        (sink::Cause::Newer(version), false) => {
            format!("a newer gongkai wrote it (version {version} of the tables); install that one")
        }
        (sink::Cause::Unreachable(why), true) => format!("无法连接：{why}；请检查地址、用户与密码"),
        (sink::Cause::Unreachable(why), false) => {
            format!("cannot connect: {why}; check the address, the user and the password")
        }
        (sink::Cause::Untrusted(why), true) => {
            format!("不信任服务器的证书：{why}；请在地址中用 sslrootcert=FILE 给出其签发者的证书")
        }
        (sink::Cause::Untrusted(why), false) => {
            format!(
                "the server's certificate is not trusted: {why}; name its issuer's one by sslrootcert=FILE in the address"
            )
        }
        (sink::Cause::Lost(why), true) => format!("连接已断开：{why}；待服务器恢复后，再次运行同一命令即可继续"),
        (sink::Cause::Lost(why), false) => {
            format!("the connection was lost: {why}; the same command goes on once the server is there again")
        }
        (sink::Cause::Database(why), true) => format!("数据库报告：{why}"),
        (sink::Cause::Database(why), false) => format!("the database says: {why}"),
        (sink::Cause::MayNotCreate(role, sql), true) => {
            format!("角色 {role} 无权建表；请数据库所有者先执行：\n{sql}")
        }
        (sink::Cause::MayNotCreate(role, sql), false) => {
            format!("the role {role} may not create tables; ask the owner of the database to run:\n{sql}")
        }
        (sink::Cause::MayNotWrite(role, sql), true) => {
            format!("角色 {role} 无权写入这些表；请数据库所有者先执行：\n{sql}")
        }
        (sink::Cause::MayNotWrite(role, sql), false) => {
            format!("the role {role} may not write to the tables; ask the owner of the database to run:\n{sql}")
        }
        (sink::Cause::UnknownKind, true) => {
            "从名称看不出类型；请用 .jsonl 文件、以 / 结尾的目录，或给出 `--to`".to_owned()
        }
        (sink::Cause::UnknownKind, false) => {
            "its name tells no kind; use a `.jsonl` file, a folder whose name ends with `/`, or `--to`".to_owned()
        }
        (sink::Cause::NoPath, true) => "写入目录或数据库需要用 `-o` 给出路径".to_owned(),
        (sink::Cause::NoPath, false) => "a folder or a database needs a path; give it with `-o`".to_owned(),
    };
    if zh { format!("无法写入 {path}：{why}") } else { format!("cannot write {path}: {why}") }
}

pub(super) fn named(path: &str, zh: bool, input: bool) -> String {
    let words = match (path, zh, input) {
        ("-", true, true) => "标准输入",
        ("-", true, false) => "标准输出",
        ("-", false, true) => "standard input",
        ("-", false, false) => "standard output",
        _ => path,
    };
    words.to_owned()
}

/// The system's words, without its number.
pub(super) fn reason(error: &io::Error, zh: bool) -> String {
    let chinese = match error.kind() {
        io::ErrorKind::NotFound => "文件不存在",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::StorageFull => "磁盘已满",
        io::ErrorKind::QuotaExceeded => "超出磁盘配额",
        io::ErrorKind::ReadOnlyFilesystem => "文件系统为只读",
        io::ErrorKind::NotADirectory => "路径中有一部分不是目录",
        io::ErrorKind::InvalidFilename => "文件名无效",
        _ => "",
    };
    if zh && !chinese.is_empty() {
        return chinese.to_owned();
    }
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or(&words).to_owned()
}
