//! The rules of the form, held against the figures of a report.

mod blame;
