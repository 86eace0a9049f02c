-- From version 1 to 2: sections have numbers of their own, by which the full-text search knows them.
CREATE TABLE sections_anew ( -- One row a section of a report.
  search_id INTEGER PRIMARY KEY, -- Numbers the sections: the rowid of sections_search.
  report_id INTEGER NOT NULL REFERENCES reports (report_id) ON DELETE CASCADE, -- The report.
  section_id TEXT, -- Which section of the form it is.
  ordinal INTEGER NOT NULL, -- Its place in the report, from 1.
  number TEXT, -- Its number as printed.
  heading TEXT NOT NULL, -- Its heading without the number.
  text TEXT NOT NULL, -- Its headings and paragraphs, a line each; tables are left out.
  UNIQUE (report_id, ordinal)
);
INSERT INTO sections_anew (report_id, section_id, ordinal, number, heading, text)
  SELECT report_id, section_id, ordinal, number, heading, text FROM sections ORDER BY report_id, ordinal;
DROP TABLE sections;
ALTER TABLE sections_anew RENAME TO sections;
