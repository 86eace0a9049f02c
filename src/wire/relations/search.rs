//! The full-text search of SQLite over the text of sections.
//!
//! Chinese has no blanks between words, so the index is made of every three letters that stand side by side (FTS5, trigram). It
//! keeps no text of its own. Whoever loads a section adds it to the index; triggers keep step with what is changed or removed. A trigger
//! for what is added would make the index write itself to the disk with every row, which takes four times as long.

use std::fmt::Write;

/// The table that is searched. Its rows have a number of their own, by which the index knows them.
pub(super) const SEARCHED: &str = "sections";

/// The column of that number, with its comment.
pub(super) const NUMBER: &str = "search_id INTEGER PRIMARY KEY, -- Numbers the sections: the rowid of sections_search.";

/// How to search, for whoever reads the script.
const HOW: &str = "\
-- Full-text search over sections, for words of three letters and more:
--   SELECT r.path, s.heading, snippet(sections_search, 0, '【', '】', '…', 20)
--   FROM sections_search JOIN sections s ON s.search_id = sections_search.rowid JOIN reports r USING (report_id)
--   WHERE sections_search MATCH '个人隐私' ORDER BY rank;
-- The index has no words of two letters; for these go through the texts: WHERE instr(text, '隐私') > 0.
";

/// Up to so many bytes are gathered before they are written to the index.
const GATHERED: u32 = 8 << 20;

/// The index and the triggers. The text stands first, since what stands behind takes more space.
pub(super) fn search() -> String {
    let mut sql = HOW.to_owned();
    sql.push_str(
        "CREATE VIRTUAL TABLE sections_search USING fts5 (text, heading, content = 'sections', \
         content_rowid = 'search_id', tokenize = 'trigram');\n",
    );
    let _ = writeln!(sql, "INSERT INTO sections_search (sections_search, rank) VALUES ('hashsize', {GATHERED});");
    let add = "INSERT INTO sections_search (rowid, text, heading) VALUES (new.search_id, new.text, new.heading);";
    let drop = "INSERT INTO sections_search (sections_search, rowid, text, heading) \
                VALUES ('delete', old.search_id, old.text, old.heading);";
    for (name, event, actions) in
        [("removed", "DELETE", drop.to_owned()), ("changed", "UPDATE", format!("{drop}\n  {add}"))]
    {
        let _ =
            writeln!(sql, "CREATE TRIGGER sections_search_{name} AFTER {event} ON {SEARCHED} BEGIN\n  {actions}\nEND;");
    }
    sql
}
