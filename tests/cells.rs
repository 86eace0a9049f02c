//! The cells as CSV: what another reader of CSV finds in it is what the JSON says.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use std::path::Path;

use desk::{Desk, PAGE};
use serde_json::{Value, json};

const HEADER: &str = "path,record,grammar,status,issuer,year,table_id,row_id,column_id,value,unit,kind,raw,line,\
    start_offset,end_offset\n";

/// A text in which no field is like another: quotes, commas, line ends, signs that Excel runs as formulas.
const ODD: &str = "青石县,“一”2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（一）项\n\
    信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|=1+1|-8|\"x\",\n行政规范性文件|3|@a|-见附件\n";

/// The lines of a CSV file, each with its fields by name.
fn lines(csv: &[u8]) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(csv);
    let names = reader.headers().expect("a header").clone();
    let lines = reader.records().map(|record| {
        let record = record.expect("a line");
        assert_eq!(record.len(), names.len());
        Value::Object(names.iter().zip(&record).map(|(name, field)| (name.to_owned(), field.into())).collect())
    });
    lines.collect()
}

/// A member of the JSON as a field: null is nothing.
fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The same lines by the JSON with `--provenance`.
fn expected(json: &str) -> Vec<Value> {
    let mut lines = Vec::new();
    for report in json.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")) {
        for cell in report["cells"].as_array().expect("cells") {
            lines.push(json!({
                "path": field(&report["source"]["path"]),
                "record": field(&report["source"]["record"]),
                "grammar": field(&report["grammar"]),
                "status": field(&report["status"]),
                "issuer": field(&report["issuer"]),
                "year": field(&report["year"]),
                "table_id": field(&cell["table"]),
                "row_id": field(&cell["row"]),
                "column_id": field(&cell["column"]),
                "value": field(&cell["value"]),
                "kind": field(&cell["kind"]),
                "raw": field(&cell["raw"]),
                "line": field(&cell["line"]),
                "start_offset": field(&cell["start"]),
                "end_offset": field(&cell["end"]),
            }));
        }
    }
    lines
}

#[test]
fn cells_are_those_of_the_json() {
    let desk = Desk::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/samples");
    for entry in std::fs::read_dir(samples).expect("the samples") {
        let path = entry.expect("an entry").path();
        let name = format!("in/{}", path.file_name().expect("a name").to_string_lossy());
        desk.put(&name, std::fs::read(path).expect("a sample"));
    }
    desk.put("in/odd, \"name\".txt", ODD);
    desk.put("in/=1+1.txt", PAGE);
    desk.check(&["convert", "in", "-o", "x.csv", "--jobs", "2"], b"", 0, "", "39 inputs = ");
    desk.check(&["convert", "in", "-o", "x.jsonl", "--provenance"], b"", 0, "", "39 inputs = ");
    let csv = desk.get("x.csv");
    assert!(csv.starts_with(HEADER) && csv.ends_with('\n') && !csv.contains('\r'));
    let mut found = lines(csv.as_bytes());
    let expected = expected(&desk.get("x.jsonl"));
    assert!(found.len() > 7000, "{}", found.len());
    let mut units = 0;
    for line in &mut found {
        // The JSON has only units that stand in a cell; here they are those of the values.
        let unit = line.as_object_mut().expect("a line").remove("unit").expect("a unit");
        units += u32::from(unit == "万元" && line["column_id"] == "amount");
    }
    assert!(units > 20, "{units}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());

    let stdout = desk.run(&["convert", "in", "--to", "csv", "--jobs", "1"], b"").stdout;
    assert!(stdout == csv.as_bytes(), "standard output, or one thread, gives other bytes");
}

#[test]
fn values_are_exact_and_gaps_are_empty() {
    let desk = Desk::with_page();
    let line =
        "page.txt,,gid-2021,partial,青石县,2023,article_20_8,administrative_fees,amount,12.5,万元,number,12.50,7,";
    desk.check(&["convert", "page.txt", "--to", "csv", "--quiet"], b"", 0, line, "");
    let line = |raw: &str| PAGE.replace("12.50", raw);
    for (raw, expected) in [
        ("2500元", "amount,0.25,万元,number,2500元,"),
        ("-8", "amount,-8,万元,number,-8,"),
        ("减8", "amount,-8,万元,number,减8,"),
        ("—", "amount,,万元,dash,—,"),
        ("无", "amount,,万元,none,无,"),
        ("1,558.50", "amount,1558.5,万元,number,\"1,558.50\","),
        ("0.10", "amount,0.1,万元,number,0.10,"),
    ] {
        desk.check(&["convert", "-", "--to", "csv", "--quiet"], line(raw).as_bytes(), 0, expected, "");
    }
}

#[test]
fn no_cells_no_lines() {
    let desk = Desk::new();
    desk.put("hello.txt", "hello");
    desk.check(
        &["convert", "hello.txt", "-o", "x.csv"],
        b"",
        0,
        "",
        "1 input = 0 complete + 0 partial + 1 unrecognized",
    );
    assert_eq!(desk.get("x.csv"), HEADER);
}

#[test]
fn for_excel() {
    let desk = Desk::new();
    desk.put("odd.txt", ODD);
    let raws = |arguments: &[&str]| {
        let csv = desk.run(arguments, b"").stdout;
        let text = String::from_utf8(csv).expect("UTF-8");
        let plain = text.strip_prefix('\u{FEFF}');
        let lines = lines(plain.unwrap_or(&text).as_bytes());
        let raws: Vec<String> = lines.iter().map(|line| field(&line["raw"])).collect();
        (plain.is_some(), raws)
    };
    let plain = ["convert", "odd.txt", "--to", "csv"];
    assert_eq!(raws(&plain), (false, ["=1+1", "-8", "\"x\",", "3", "@a", "-见附件"].map(str::to_owned).to_vec()));
    let excel = [&plain[..], &["--bom"]].concat();
    assert_eq!(raws(&excel), (true, ["'=1+1", "-8", "\"x\",", "3", "'@a", "'-见附件"].map(str::to_owned).to_vec()));
    desk.check(
        &["convert", "odd.txt", "--bom"],
        b"",
        2,
        "",
        "gongkai: `--bom` is for CSV only; write to a `.csv` file\n",
    );
}
