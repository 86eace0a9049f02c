//! The tables, as data. The names of columns are those of the contract; what it does not name stands behind.

/// A table.
#[derive(Debug)]
pub struct Relation {
    /// Its name.
    pub name: &'static str,
    /// What a row of it is.
    pub comment: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// The columns that name a row.
    pub key: &'static [&'static str],
    /// Other ways to look for rows.
    pub indices: &'static [Index],
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub kind: Type,
    /// Whether it may be empty.
    pub optional: bool,
    /// What it means, with the unit.
    pub comment: &'static str,
    /// The table and column that it points to.
    pub refers: Option<(&'static str, &'static str)>,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A whole number of up to 31 bits.
    Integer,
    /// A whole number of up to 63 bits.
    Long,
    /// A code of few values.
    Small,
    /// An exact decimal.
    Decimal,
    /// A text.
    Text,
    /// A text of few values, which is stored once where the format can.
    Word,
    /// A moment in UTC.
    Time,
}

/// A way to look for rows.
#[derive(Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// What it is made of.
    pub columns: &'static [&'static str],
    /// Whether no two rows share it.
    pub unique: bool,
}

const fn column(name: &'static str, kind: Type, comment: &'static str) -> Column {
    Column { name, kind, optional: false, comment, refers: None }
}

const fn optional(name: &'static str, kind: Type, comment: &'static str) -> Column {
    Column { name, kind, optional: true, comment, refers: None }
}

const fn of_report(comment: &'static str) -> Column {
    Column { name: "report_id", kind: Type::Integer, optional: false, comment, refers: Some(("reports", "report_id")) }
}

const fn index(name: &'static str, columns: &'static [&'static str]) -> Index {
    Index { name, columns, unique: false }
}

/// The tables; none points to one behind it.
pub const TABLES: &[Relation] = &[
    Relation {
        name: "schema_version",
        comment: "One row: which version of these tables this is.",
        columns: &[column(
            "version",
            Type::Integer,
            "The version of the tables; gongkai upgrades an older one by itself.",
        )],
        key: &["version"],
        indices: &[],
    },
    Relation {
        name: "loads",
        comment: "One row a run of gongkai that changed something.",
        columns: &[
            column("load_id", Type::Integer, "Numbers the runs, from 1."),
            column("started_at", Type::Time, "When the run began (UTC)."),
            optional(
                "ended_at",
                Type::Time,
                "When it came to its end (UTC); empty while it runs, or where it was killed.",
            ),
            column("state", Type::Word, "running, complete, or stopped: interrupted or killed before its end."),
            column("version", Type::Word, "The version of gongkai."),
            column(
                "fingerprint",
                Type::Word,
                "A hash of all that the rows depend on but the texts: version, grammars, options.",
            ),
            column("options", Type::Text, "The options that the reports were read with."),
            column("added", Type::Integer, "How many reports were new."),
            column("replaced", Type::Integer, "How many took the place of an older reading or an older text."),
            column("unchanged", Type::Integer, "How many were there already, as they are."),
            column("removed", Type::Integer, "How many were removed, since their texts are gone (--prune)."),
        ],
        key: &["load_id"],
        indices: &[],
    },
    Relation {
        name: "reports",
        comment: "One row a report, also for texts that are none (status unrecognized).",
        columns: &[
            column(
                "report_id",
                Type::Integer,
                "Numbers the reports. A changed text keeps the number of the one before.",
            ),
            column("path", Type::Text, "The path as it was given; a member of an archive is a.tar!/b.txt."),
            optional("record", Type::Text, "The record within the file, where it holds several."),
            column("sha256", Type::Text, "SHA-256 of the bytes of the text, in hexadecimal."),
            column("bytes", Type::Long, "The size of the text in bytes."),
            column("encoding", Type::Word, "The encoding that it was read in."),
            optional("grammar", Type::Word, "The edition of the form: gid-2021, gid-2019; empty where no form fits."),
            column(
                "status",
                Type::Word,
                "complete: title, year, every section and table of the form found; partial: some; unrecognized.",
            ),
            optional("title", Type::Text, "The title as it stands."),
            optional("issuer", Type::Text, "The body whose report it is."),
            optional("year", Type::Integer, "The year reported on."),
            column("loaded_at", Type::Time, "When the run began that wrote this row (UTC)."),
            Column {
                name: "load_id",
                kind: Type::Integer,
                optional: false,
                comment: "The run that wrote this row.",
                refers: Some(("loads", "load_id")),
            },
            column("name_key", Type::Text, "A hash of path and record; with sha256 it is what a report is known by."),
            column("replaced", Type::Integer, "How many wrong bytes of the text were replaced by U+FFFD."),
            column("cell_count", Type::Integer, "How many cells its tables have."),
            column("section_count", Type::Integer, "How many sections were found."),
            column("statement_count", Type::Integer, "How many statements of quantities were found in its prose."),
            column("error_count", Type::Integer, "How many findings are errors: something is wrong."),
            column("warning_count", Type::Integer, "How many are warnings: something is absent or doubtful."),
            column("note_count", Type::Integer, "How many are notes."),
        ],
        key: &["report_id"],
        indices: &[
            Index { name: "reports_by_name", columns: &["name_key", "sha256"], unique: true },
            index("reports_by_issuer", &["issuer", "year"]),
            index("reports_by_year", &["year", "status"]),
        ],
    },
    Relation {
        name: "cell_names",
        comment: "One row a cell of the forms: what its number means.",
        columns: &[
            column("cell_id", Type::Integer, "Numbers the cells."),
            column("table_id", Type::Word, "The table."),
            column("row_id", Type::Word, "The row."),
            column("column_id", Type::Word, "The column."),
        ],
        key: &["cell_id"],
        indices: &[Index { name: "cell_names_by_name", columns: &["table_id", "row_id", "column_id"], unique: true }],
    },
    Relation {
        name: "codebook",
        comment: "One row a form and cell: what the form itself calls it.",
        columns: &[
            column("grammar", Type::Word, "The edition of the form."),
            column("table_id", Type::Word, "The table."),
            column("row_id", Type::Word, "The row."),
            column("column_id", Type::Word, "The column."),
            column("table_label", Type::Word, "The caption of the table in the form."),
            column("row_label", Type::Word, "The label of the row in the form, behind those of its groups."),
            column("column_label", Type::Word, "The head of the column in the form."),
            optional("unit", Type::Word, "The unit of its figures, where the form gives one."),
            column("ordinal", Type::Integer, "Where the cell stands in the form, from 1."),
            Column {
                name: "cell_id",
                kind: Type::Integer,
                optional: false,
                comment: "The number of the cell.",
                refers: Some(("cell_names", "cell_id")),
            },
        ],
        key: &["grammar", "table_id", "row_id", "column_id"],
        indices: &[],
    },
    Relation {
        name: "cell_values",
        comment: "One row a report and cell of its tables: the figure, or why there is none. The view cells has the names.",
        columns: &[
            of_report("The report."),
            Column {
                name: "cell_id",
                kind: Type::Integer,
                optional: false,
                comment: "The cell.",
                refers: Some(("cell_names", "cell_id")),
            },
            column(
                "kind",
                Type::Small,
                "What stands there: 0 number, 1 blank, 2 dash, 3 none (无), 4 text, 5 missing.",
            ),
            optional(
                "value",
                Type::Decimal,
                "The figure as an exact decimal, in the unit of its column; empty where there is none, never 0 for nothing.",
            ),
            optional(
                "raw",
                Type::Text,
                "The cell as it stands on the page, where that is not the figure as written here.",
            ),
            optional("line", Type::Integer, "The line that it stands on, from 1."),
            optional("start_offset", Type::Integer, "Where it begins in the decoded text, in bytes."),
            optional("end_offset", Type::Integer, "Where it ends, in bytes."),
            optional("unit", Type::Word, "The unit printed in the cell, where the form gives the column none."),
        ],
        key: &["report_id", "cell_id"],
        indices: &[index("cell_values_by_cell", &["cell_id", "value"])],
    },
    Relation {
        name: "sections",
        comment: "One row a section of a report.",
        columns: &[
            of_report("The report."),
            optional("section_id", Type::Word, "Which section of the form it is."),
            column("ordinal", Type::Integer, "Its place in the report, from 1."),
            optional("number", Type::Text, "Its number as printed."),
            column("heading", Type::Text, "Its heading without the number."),
            column("text", Type::Text, "Its headings and paragraphs, a line each; tables are left out."),
        ],
        key: &["report_id", "ordinal"],
        indices: &[],
    },
    Relation {
        name: "statements",
        comment: "One row a quantity that the prose of a report states, and whether the tables agree.",
        columns: &[
            of_report("The report."),
            column("ordinal", Type::Integer, "Its place in the report, from 1."),
            column("rule_id", Type::Word, "The rule that it is checked by."),
            column("subject", Type::Word, "What it speaks of."),
            column(
                "figure",
                Type::Decimal,
                "The figure as an exact decimal, in the unit of the cells that it speaks of.",
            ),
            optional("unit", Type::Word, "The unit as printed."),
            column("text", Type::Text, "The words."),
            column("line", Type::Integer, "The line that they stand on, from 1."),
            column("start_offset", Type::Integer, "Where they begin in the decoded text, in bytes."),
            column("end_offset", Type::Integer, "Where they end, in bytes."),
            column("cells", Type::Text, "The cells that it was held against, table.row.column, blanks between them."),
            optional(
                "parts",
                Type::Text,
                "The figures that it is made of, where it is a whole with its parts, blanks between them.",
            ),
            column("result", Type::Word, "holds, fails, not_assessable or not_checked."),
            optional("reason", Type::Word, "Why it was not checked."),
        ],
        key: &["report_id", "ordinal"],
        indices: &[index("statements_by_subject", &["subject", "result"])],
    },
    Relation {
        name: "findings",
        comment: "One row a finding: what is wrong, absent or doubtful in a report.",
        columns: &[
            of_report("The report."),
            column("ordinal", Type::Integer, "Its place in the report, from 1."),
            column("code", Type::Word, "The kind of finding; gongkai explain CODE tells more."),
            optional("rule_id", Type::Word, "The rule that is broken."),
            column(
                "severity",
                Type::Word,
                "error: something is wrong; warning: something is absent or doubtful; note.",
            ),
            optional("table_id", Type::Word, "The table."),
            optional("row_id", Type::Word, "The row."),
            optional("column_id", Type::Word, "The column."),
            optional("expected", Type::Text, "What should stand there."),
            optional("found", Type::Text, "What stands there."),
            optional("line", Type::Integer, "The line that it is about, from 1."),
            column("message", Type::Text, "The finding in words."),
            optional("section_id", Type::Word, "The section."),
            optional("help", Type::Text, "What may be the cause, and how to mend it."),
        ],
        key: &["report_id", "ordinal"],
        indices: &[index("findings_by_code", &["code", "rule_id"]), index("findings_by_rule", &["rule_id"])],
    },
];
