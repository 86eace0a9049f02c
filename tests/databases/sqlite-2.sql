-- The tables of gongkai, version 2.

CREATE TABLE schema_version ( -- One row: which version of these tables this is.
  version INTEGER PRIMARY KEY -- The version of the tables; gongkai upgrades an older one by itself.
);

CREATE TABLE loads ( -- One row a run of gongkai that changed something.
  load_id INTEGER PRIMARY KEY, -- Numbers the runs, from 1.
  started_at TEXT NOT NULL, -- When the run began (UTC).
  ended_at TEXT, -- When it came to its end (UTC); empty while it runs, or where it was killed.
  state TEXT NOT NULL, -- running, complete, or stopped: interrupted or killed before its end.
  version TEXT NOT NULL, -- The version of gongkai.
  fingerprint TEXT NOT NULL, -- A hash of all that the rows depend on but the texts: version, grammars, options.
  options TEXT NOT NULL, -- The options that the reports were read with.
  added INTEGER NOT NULL, -- How many reports were new.
  replaced INTEGER NOT NULL, -- How many took the place of an older reading or an older text.
  unchanged INTEGER NOT NULL, -- How many were there already, as they are.
  removed INTEGER NOT NULL -- How many were removed, since their texts are gone (--prune).
);

CREATE TABLE reports ( -- One row a report, also for texts that are none (status unrecognized).
  report_id INTEGER PRIMARY KEY, -- Numbers the reports. A changed text keeps the number of the one before.
  path TEXT NOT NULL, -- The path as it was given; a member of an archive is a.tar!/b.txt.
  record TEXT, -- The record within the file, where it holds several.
  sha256 TEXT NOT NULL, -- SHA-256 of the bytes of the text, in hexadecimal.
  bytes INTEGER NOT NULL, -- The size of the text in bytes.
  encoding TEXT NOT NULL, -- The encoding that it was read in.
  grammar TEXT, -- The edition of the form: gid-2021, gid-2019; empty where no form fits.
  status TEXT NOT NULL, -- complete: title, year, every section and table of the form found; partial: some; unrecognized.
  title TEXT, -- The title as it stands.
  issuer TEXT, -- The body whose report it is.
  year INTEGER, -- The year reported on.
  loaded_at TEXT NOT NULL, -- When the run began that wrote this row (UTC).
  load_id INTEGER NOT NULL REFERENCES loads (load_id), -- The run that wrote this row.
  name_key TEXT NOT NULL, -- A hash of path and record; with sha256 it is what a report is known by.
  replaced INTEGER NOT NULL, -- How many wrong bytes of the text were replaced by U+FFFD.
  cell_count INTEGER NOT NULL, -- How many cells its tables have.
  section_count INTEGER NOT NULL, -- How many sections were found.
  statement_count INTEGER NOT NULL, -- How many statements of quantities were found in its prose.
  error_count INTEGER NOT NULL, -- How many findings are errors: something is wrong.
  warning_count INTEGER NOT NULL, -- How many are warnings: something is absent or doubtful.
  note_count INTEGER NOT NULL -- How many are notes.
);

CREATE TABLE cell_names ( -- One row a cell of the forms: what its number means.
  cell_id INTEGER PRIMARY KEY, -- Numbers the cells.
  table_id TEXT NOT NULL, -- The table.
  row_id TEXT NOT NULL, -- The row.
  column_id TEXT NOT NULL -- The column.
);

CREATE TABLE codebook ( -- One row a form and cell: what the form itself calls it.
  grammar TEXT NOT NULL, -- The edition of the form.
  table_id TEXT NOT NULL, -- The table.
  row_id TEXT NOT NULL, -- The row.
  column_id TEXT NOT NULL, -- The column.
  table_label TEXT NOT NULL, -- The caption of the table in the form.
  row_label TEXT NOT NULL, -- The label of the row in the form, behind those of its groups.
  column_label TEXT NOT NULL, -- The head of the column in the form.
  unit TEXT, -- The unit of its figures, where the form gives one.
  ordinal INTEGER NOT NULL, -- Where the cell stands in the form, from 1.
  cell_id INTEGER NOT NULL REFERENCES cell_names (cell_id), -- The number of the cell.
  PRIMARY KEY (grammar, table_id, row_id, column_id)
) WITHOUT ROWID;

CREATE TABLE cell_values ( -- One row a report and cell of its tables: the figure, or why there is none. The view cells has the names.
  report_id INTEGER NOT NULL REFERENCES reports (report_id) ON DELETE CASCADE, -- The report.
  cell_id INTEGER NOT NULL REFERENCES cell_names (cell_id), -- The cell.
  kind INTEGER NOT NULL, -- What stands there: 0 number, 1 blank, 2 dash, 3 none (无), 4 text, 5 missing.
  value, -- The figure as an exact decimal, in the unit of its column; empty where there is none, never 0 for nothing.
  raw TEXT, -- The cell as it stands on the page, where that is not the figure as written here.
  line INTEGER, -- The line that it stands on, from 1.
  start_offset INTEGER, -- Where it begins in the decoded text, in bytes.
  end_offset INTEGER, -- Where it ends, in bytes.
  unit TEXT, -- The unit printed in the cell, where the form gives the column none.
  PRIMARY KEY (report_id, cell_id)
) WITHOUT ROWID;

CREATE TABLE sections ( -- One row a section of a report.
  search_id INTEGER PRIMARY KEY, -- Numbers the sections: the rowid of sections_search.
  report_id INTEGER NOT NULL REFERENCES reports (report_id) ON DELETE CASCADE, -- The report.
  section_id TEXT, -- Which section of the form it is.
  ordinal INTEGER NOT NULL, -- Its place in the report, from 1.
  number TEXT, -- Its number as printed.
  heading TEXT NOT NULL, -- Its heading without the number.
  text TEXT NOT NULL, -- Its headings and paragraphs, a line each; tables are left out.
  UNIQUE (report_id, ordinal)
);

CREATE TABLE statements ( -- One row a quantity that the prose of a report states, and whether the tables agree.
  report_id INTEGER NOT NULL REFERENCES reports (report_id) ON DELETE CASCADE, -- The report.
  ordinal INTEGER NOT NULL, -- Its place in the report, from 1.
  rule_id TEXT NOT NULL, -- The rule that it is checked by.
  subject TEXT NOT NULL, -- What it speaks of.
  figure NOT NULL, -- The figure as an exact decimal, in the unit of the cells that it speaks of.
  unit TEXT, -- The unit as printed.
  text TEXT NOT NULL, -- The words.
  line INTEGER NOT NULL, -- The line that they stand on, from 1.
  start_offset INTEGER NOT NULL, -- Where they begin in the decoded text, in bytes.
  end_offset INTEGER NOT NULL, -- Where they end, in bytes.
  cells TEXT NOT NULL, -- The cells that it was held against, table.row.column, blanks between them.
  parts TEXT, -- The figures that it is made of, where it is a whole with its parts, blanks between them.
  result TEXT NOT NULL, -- holds, fails, not_assessable or not_checked.
  reason TEXT, -- Why it was not checked.
  PRIMARY KEY (report_id, ordinal)
) WITHOUT ROWID;

CREATE TABLE findings ( -- One row a finding: what is wrong, absent or doubtful in a report.
  report_id INTEGER NOT NULL REFERENCES reports (report_id) ON DELETE CASCADE, -- The report.
  ordinal INTEGER NOT NULL, -- Its place in the report, from 1.
  code TEXT NOT NULL, -- The kind of finding; gongkai explain CODE tells more.
  rule_id TEXT, -- The rule that is broken.
  severity TEXT NOT NULL, -- error: something is wrong; warning: something is absent or doubtful; note.
  table_id TEXT, -- The table.
  row_id TEXT, -- The row.
  column_id TEXT, -- The column.
  expected TEXT, -- What should stand there.
  found TEXT, -- What stands there.
  line INTEGER, -- The line that it is about, from 1.
  message TEXT NOT NULL, -- The finding in words.
  section_id TEXT, -- The section.
  help TEXT, -- What may be the cause, and how to mend it.
  PRIMARY KEY (report_id, ordinal)
) WITHOUT ROWID;

CREATE UNIQUE INDEX reports_by_name ON reports (name_key, sha256);
CREATE INDEX reports_by_issuer ON reports (issuer, year);
CREATE INDEX reports_by_year ON reports (year, status);
CREATE UNIQUE INDEX cell_names_by_name ON cell_names (table_id, row_id, column_id);
CREATE INDEX cell_values_by_cell ON cell_values (cell_id, value);
CREATE INDEX statements_by_subject ON statements (subject, result);
CREATE INDEX findings_by_code ON findings (code, rule_id);
CREATE INDEX findings_by_rule ON findings (rule_id);

-- Full-text search over sections, for words of three letters and more:
--   SELECT r.path, s.heading, snippet(sections_search, 0, '【', '】', '…', 20)
--   FROM sections_search JOIN sections s ON s.search_id = sections_search.rowid JOIN reports r USING (report_id)
--   WHERE sections_search MATCH '个人隐私' ORDER BY rank;
-- The index has no words of two letters; for these go through the texts: WHERE instr(text, '隐私') > 0.
CREATE VIRTUAL TABLE sections_search USING fts5 (text, heading, content = 'sections', content_rowid = 'search_id', tokenize = 'trigram');
INSERT INTO sections_search (sections_search, rank) VALUES ('hashsize', 8388608);
CREATE TRIGGER sections_search_removed AFTER DELETE ON sections BEGIN
  INSERT INTO sections_search (sections_search, rowid, text, heading) VALUES ('delete', old.search_id, old.text, old.heading);
END;
CREATE TRIGGER sections_search_changed AFTER UPDATE ON sections BEGIN
  INSERT INTO sections_search (sections_search, rowid, text, heading) VALUES ('delete', old.search_id, old.text, old.heading);
  INSERT INTO sections_search (rowid, text, heading) VALUES (new.search_id, new.text, new.heading);
END;

CREATE VIEW cells AS -- One row a report and cell, with names: the long form.
SELECT
  v.report_id,
  n.table_id,
  n.row_id,
  n.column_id,
  v.value,
  CASE v.kind WHEN 0 THEN 'number' WHEN 1 THEN 'blank' WHEN 2 THEN 'dash' WHEN 3 THEN 'none' WHEN 4 THEN 'text' WHEN 5 THEN 'missing' END AS kind,
  coalesce(v.raw, CASE WHEN v.start_offset IS NOT NULL THEN CASE typeof(v.value) WHEN 'real' THEN printf('%.15g', v.value) ELSE CAST(v.value AS TEXT) END END) AS raw,
  v.line,
  v.start_offset,
  v.end_offset,
  v.unit
FROM cell_values v LEFT JOIN cell_names n ON n.cell_id = v.cell_id;

CREATE VIEW cell_totals AS -- One row a cell: how many reports have a figure there, and their exact sum.
SELECT
  s.table_id,
  s.row_id,
  s.column_id,
  s.reports,
  s.total
FROM (
  SELECT table_id, row_id, column_id, reports,
    CASE WHEN places = 0 THEN whole ELSE
      CASE WHEN whole < 0 OR places < 0 THEN '-' ELSE '' END || abs(whole) || '.' || rtrim(printf('%012d', abs(places)), '0')
    END AS total
  FROM (
    SELECT table_id, row_id, column_id, reports, whole + places / 1000000000000 + sign AS whole,
      places % 1000000000000 - sign * 1000000000000 AS places
    FROM (
      SELECT *, CASE
        WHEN whole + places / 1000000000000 > 0 AND places % 1000000000000 < 0 THEN -1
        WHEN whole + places / 1000000000000 < 0 AND places % 1000000000000 > 0 THEN 1
        ELSE 0 END AS sign
      FROM (
        SELECT n.table_id, n.row_id, n.column_id, count(v.value) AS reports, sum(CAST(v.value AS INTEGER)) AS whole,
          sum(CASE WHEN typeof(v.value) = 'integer' OR instr(v.value, '.') = 0 THEN 0 ELSE
            CASE WHEN substr(v.value, 1, 1) = '-' THEN -1 ELSE 1 END
            * CAST(substr(substr(v.value, instr(v.value, '.') + 1) || '000000000000', 1, 12) AS INTEGER) END) AS places
        FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id AND v.value IS NOT NULL
        GROUP BY n.table_id, n.row_id, n.column_id
      )
    )
  )
) s;

CREATE VIEW report_totals AS -- One row a report: the small tables, and the column 总计 of the applications.
SELECT
  r.report_id,
  r.issuer,
  r.year,
  r.grammar,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'regulations' AND n.column_id = 'issued')) AS regulations_issued,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'regulations' AND n.column_id = 'repealed')) AS regulations_repealed,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'regulations' AND n.column_id = 'in_force')) AS regulations_in_force,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'normative_documents' AND n.column_id = 'issued')) AS normative_documents_issued,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'normative_documents' AND n.column_id = 'repealed')) AS normative_documents_repealed,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'normative_documents' AND n.column_id = 'in_force')) AS normative_documents_in_force,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_5' AND n.row_id = 'administrative_licensing' AND n.column_id = 'decisions')) AS administrative_licensing_decisions,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_6' AND n.row_id = 'administrative_penalty' AND n.column_id = 'decisions')) AS administrative_penalty_decisions,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_6' AND n.row_id = 'administrative_coercion' AND n.column_id = 'decisions')) AS administrative_coercion_decisions,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_8' AND n.row_id = 'administrative_fees' AND n.column_id = 'amount')) AS administrative_fees_amount,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'new_received' AND n.column_id = 'total')) AS new_received,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'carried_in' AND n.column_id = 'total')) AS carried_in,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'granted' AND n.column_id = 'total')) AS granted,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'partially_granted' AND n.column_id = 'total')) AS partially_granted,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_state_secret' AND n.column_id = 'total')) AS denied_state_secret,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_prohibited_by_law' AND n.column_id = 'total')) AS denied_prohibited_by_law,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_security_stability' AND n.column_id = 'total')) AS denied_security_stability,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_third_party_rights' AND n.column_id = 'total')) AS denied_third_party_rights,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_internal_affairs' AND n.column_id = 'total')) AS denied_internal_affairs,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_process_information' AND n.column_id = 'total')) AS denied_process_information,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_enforcement_files' AND n.column_id = 'total')) AS denied_enforcement_files,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'denied_administrative_inquiry' AND n.column_id = 'total')) AS denied_administrative_inquiry,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'unavailable_not_held' AND n.column_id = 'total')) AS unavailable_not_held,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'unavailable_needs_creation' AND n.column_id = 'total')) AS unavailable_needs_creation,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'unavailable_still_unclear' AND n.column_id = 'total')) AS unavailable_still_unclear,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'rejected_petition' AND n.column_id = 'total')) AS rejected_petition,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'rejected_duplicate' AND n.column_id = 'total')) AS rejected_duplicate,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'rejected_publication' AND n.column_id = 'total')) AS rejected_publication,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'rejected_excessive' AND n.column_id = 'total')) AS rejected_excessive,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'rejected_reissue' AND n.column_id = 'total')) AS rejected_reissue,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'closed' AND n.column_id = 'total')) AS closed,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'closed_no_correction' AND n.column_id = 'total')) AS closed_no_correction,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'closed_fee_unpaid' AND n.column_id = 'total')) AS closed_fee_unpaid,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'closed_other' AND n.column_id = 'total')) AS closed_other,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'outcome_total' AND n.column_id = 'total')) AS outcome_total,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'applications' AND n.row_id = 'carried_out' AND n.column_id = 'total')) AS carried_out,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'regulations' AND n.column_id = 'created')) AS regulations_created,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'regulations' AND n.column_id = 'newly_disclosed')) AS regulations_newly_disclosed,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'regulations' AND n.column_id = 'disclosed_total')) AS regulations_disclosed_total,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'normative_documents' AND n.column_id = 'created')) AS normative_documents_created,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'normative_documents' AND n.column_id = 'newly_disclosed')) AS normative_documents_newly_disclosed,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_1' AND n.row_id = 'normative_documents' AND n.column_id = 'disclosed_total')) AS normative_documents_disclosed_total,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_5' AND n.row_id = 'administrative_licensing' AND n.column_id = 'previous_items')) AS administrative_licensing_previous_items,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_5' AND n.row_id = 'administrative_licensing' AND n.column_id = 'change')) AS administrative_licensing_change,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_5' AND n.row_id = 'other_public_services' AND n.column_id = 'previous_items')) AS other_public_services_previous_items,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_5' AND n.row_id = 'other_public_services' AND n.column_id = 'change')) AS other_public_services_change,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_5' AND n.row_id = 'other_public_services' AND n.column_id = 'decisions')) AS other_public_services_decisions,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_6' AND n.row_id = 'administrative_penalty' AND n.column_id = 'previous_items')) AS administrative_penalty_previous_items,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_6' AND n.row_id = 'administrative_penalty' AND n.column_id = 'change')) AS administrative_penalty_change,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_6' AND n.row_id = 'administrative_coercion' AND n.column_id = 'previous_items')) AS administrative_coercion_previous_items,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_6' AND n.row_id = 'administrative_coercion' AND n.column_id = 'change')) AS administrative_coercion_change,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_8' AND n.row_id = 'administrative_fees' AND n.column_id = 'previous_items')) AS administrative_fees_previous_items,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_8' AND n.row_id = 'administrative_fees' AND n.column_id = 'change')) AS administrative_fees_change,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_9' AND n.row_id = 'government_procurement' AND n.column_id = 'items')) AS government_procurement_items,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'article_20_9' AND n.row_id = 'government_procurement' AND n.column_id = 'amount')) AS government_procurement_amount
FROM reports r;

CREATE VIEW review_litigation AS -- One row a report: 行政复议、行政诉讼.
SELECT
  r.report_id,
  r.issuer,
  r.year,
  r.grammar,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'reconsideration' AND n.column_id = 'upheld')) AS reconsideration_upheld,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'reconsideration' AND n.column_id = 'corrected')) AS reconsideration_corrected,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'reconsideration' AND n.column_id = 'other')) AS reconsideration_other,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'reconsideration' AND n.column_id = 'pending')) AS reconsideration_pending,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'reconsideration' AND n.column_id = 'total')) AS reconsideration_total,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_direct' AND n.column_id = 'upheld')) AS litigation_direct_upheld,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_direct' AND n.column_id = 'corrected')) AS litigation_direct_corrected,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_direct' AND n.column_id = 'other')) AS litigation_direct_other,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_direct' AND n.column_id = 'pending')) AS litigation_direct_pending,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_direct' AND n.column_id = 'total')) AS litigation_direct_total,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_after_reconsideration' AND n.column_id = 'upheld')) AS litigation_after_reconsideration_upheld,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_after_reconsideration' AND n.column_id = 'corrected')) AS litigation_after_reconsideration_corrected,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_after_reconsideration' AND n.column_id = 'other')) AS litigation_after_reconsideration_other,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_after_reconsideration' AND n.column_id = 'pending')) AS litigation_after_reconsideration_pending,
  (SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM cell_names n WHERE n.table_id = 'review_litigation' AND n.row_id = 'litigation_after_reconsideration' AND n.column_id = 'total')) AS litigation_after_reconsideration_total
FROM reports r;

CREATE VIEW applicants AS -- One row a report and kind of applicant: the rows of the applications side by side.
SELECT
  r.report_id,
  r.issuer,
  r.year,
  a.column_id AS applicant,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'new_received' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS new_received,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'carried_in' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS carried_in,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'granted' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS granted,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'partially_granted' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS partially_granted,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_state_secret' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_state_secret,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_prohibited_by_law' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_prohibited_by_law,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_security_stability' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_security_stability,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_third_party_rights' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_third_party_rights,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_internal_affairs' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_internal_affairs,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_process_information' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_process_information,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_enforcement_files' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_enforcement_files,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'denied_administrative_inquiry' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS denied_administrative_inquiry,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'unavailable_not_held' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS unavailable_not_held,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'unavailable_needs_creation' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS unavailable_needs_creation,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'unavailable_still_unclear' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS unavailable_still_unclear,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'rejected_petition' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS rejected_petition,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'rejected_duplicate' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS rejected_duplicate,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'rejected_publication' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS rejected_publication,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'rejected_excessive' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS rejected_excessive,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'rejected_reissue' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS rejected_reissue,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'closed' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS closed,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'closed_no_correction' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS closed_no_correction,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'closed_fee_unpaid' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS closed_fee_unpaid,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'closed_other' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS closed_other,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'outcome_total' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS outcome_total,
  (SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = 'applications' AND n.row_id = 'carried_out' AND n.column_id = a.column_id AND v.report_id = r.report_id) AS carried_out
FROM reports r
JOIN codebook a ON a.grammar = r.grammar AND a.table_id = 'applications' AND a.row_id = 'new_received';

CREATE VIEW labelled_findings AS -- One row a finding, with whose report it is and what the form calls the place.
SELECT
  f.report_id,
  r.issuer,
  r.year,
  r.path,
  r.record,
  f.severity,
  f.code,
  f.rule_id,
  c.table_label,
  c.row_label,
  c.column_label,
  f.expected,
  f.found,
  f.line,
  f.message,
  f.help
FROM findings f
JOIN reports r ON r.report_id = f.report_id
LEFT JOIN codebook c ON c.grammar = r.grammar AND c.table_id = f.table_id AND c.row_id = f.row_id AND c.column_id = f.column_id;

INSERT INTO schema_version (version) VALUES (2);
