#!/usr/bin/env python3
"""Reads annual reports on open government the way a researcher's script does: what gongkai is measured against.

    plain.py FOLDER [OUT]      one JSON line a report, on standard output where no OUT is given

Standard library only. It reads every .txt file below FOLDER: decodes it (UTF-8, UTF-16 with a mark, else GB18030), normalises it
(NFKC), finds title, issuer and year, cuts it into the six sections, reads the tables of sections two, three and four, turns
figures into integers and decimals, and checks the sums that the form asks for.

It handles tables whose cells stand on one line a row, kept apart by tabs or bars, as most web pages give them: the layouts `tab`,
`tab_half_lost`, `tab_repeated`, `pipe_dropped`, `pipe_blank_tail` and `markdown` of the generator, in both forms (2021 and
2019), in ordinary words. It does not handle cells on lines of their own, text of PDF with wrapped labels, pages in one line,
traditional script, or figures with units and signs in words.
"""

import json
import re
import sys
import unicodedata
from decimal import Decimal, InvalidOperation
from pathlib import Path

TITLE = re.compile(r"^#*\s*(?:关于)?(.{0,40}?)\s*(20\d\d)\s*年度?(.{0,40}?)(?:政府)?信息公开.{0,8}(?:报告|年报)$", re.M)

SECTIONS = [
    ("overview", "总体情况"),
    ("proactive_disclosure", "主动公开政府信息情况"),
    ("applications", "收到和处理政府信息公开申请情况"),
    ("review_litigation", "政府信息公开行政复议、行政诉讼情况"),
    ("problems_improvements", "存在的主要问题及改进情况"),
    ("other_matters", "其他需要报告的事项"),
]
HEADING = re.compile(
    r"^[#\s]*(?:[一二三四五六]\s*[、.])?\s*(%s)\s*$" % "|".join(words.replace("、", "[、,]") for _, words in SECTIONS), re.M
)
SECTION_OF = {re.sub(r"\W", "", words): name for name, words in SECTIONS}

# The rows of the applications table, in the form's order. The same words can name two rows: then the order tells.
APPLICATIONS = [
    ("new_received", "本年新收政府信息公开申请数量"),
    ("carried_in", "上年结转政府信息公开申请数量"),
    ("granted", "予以公开"),
    ("partially_granted", "部分公开"),
    ("denied_state_secret", "属于国家秘密"),
    ("denied_prohibited_by_law", "其他法律行政法规禁止公开"),
    ("denied_security_stability", "危及三安全一稳定"),
    ("denied_third_party_rights", "保护第三方合法权益"),
    ("denied_internal_affairs", "属于三类内部事务信息"),
    ("denied_process_information", "属于四类过程性信息"),
    ("denied_enforcement_files", "属于行政执法案卷"),
    ("denied_administrative_inquiry", "属于行政查询事项"),
    ("unavailable_not_held", "本机关不掌握相关政府信息"),
    ("unavailable_needs_creation", "没有现成信息需要另行制作"),
    ("unavailable_still_unclear", "补正后申请内容仍不明确"),
    ("rejected_petition", "信访举报投诉类申请"),
    ("rejected_duplicate", "重复申请"),
    ("rejected_publication", "要求提供公开出版物"),
    ("rejected_excessive", "无正当理由大量反复申请"),
    ("rejected_reissue", "要求行政机关确认或重新出具已获取信息"),
    ("closed_no_correction", "申请人无正当理由逾期不补正"),
    ("closed_fee_unpaid", "申请人逾期未按收费通知要求缴纳费用"),
    ("closed", "其他处理"),
    ("closed_other", "其他"),
    ("outcome_total", "总计"),
    ("carried_out", "结转下年度继续办理"),
]
LABELS = sorted(APPLICATIONS, key=lambda row: -len(row[1]))
PERSONS = [
    "natural_person", "commercial_enterprise", "research_institution", "public_welfare_organization",
    "legal_service_institution", "other", "total",
]
RESULTS = ["upheld", "corrected", "other", "pending", "total"]
KINDS = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"]

# Rows of the blocks of section two: label, table, row.
DISCLOSURE = [
    ("行政规范性文件", "article_20_1", "normative_documents"),
    ("规范性文件", "article_20_1", "normative_documents"),
    ("规章", "article_20_1", "regulations"),
    ("行政许可", "article_20_5", "administrative_licensing"),
    ("其他对外管理服务事项", "article_20_5", "other_public_services"),
    ("行政处罚", "article_20_6", "administrative_penalty"),
    ("行政强制", "article_20_6", "administrative_coercion"),
    ("行政事业性收费", "article_20_8", "administrative_fees"),
    ("政府集中采购", "article_20_9", "government_procurement"),
]
COLUMNS = {
    2021: {
        "article_20_1": ["issued", "repealed", "in_force"],
        "article_20_5": ["decisions"],
        "article_20_6": ["decisions"],
        "article_20_8": ["amount"],
    },
    2019: {
        "article_20_1": ["created", "newly_disclosed", "disclosed_total"],
        "article_20_5": ["previous_items", "change", "decisions"],
        "article_20_6": ["previous_items", "change", "decisions"],
        "article_20_8": ["previous_items", "change"],
        "article_20_9": ["items", "amount"],
    },
}

FIGURE = re.compile(r"[-+]?\d+(?:\.\d+)?")
NOTHING = {"", "-", "—", "/", "无"}
LETTERS = re.compile(r"[^\u4e00-\u9fff]")


def decode(data):
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def value(cell):
    """An int, a Decimal, or None where the cell has no figure."""
    if not FIGURE.fullmatch(cell):
        return None
    try:
        return Decimal(cell) if "." in cell else int(cell)
    except InvalidOperation:
        return None


def rows(text):
    """The rows of a table: the labels before the figures, and the cells from the first figure on."""
    for line in text.splitlines():
        line = line.strip(" |")
        cells = [cell.strip() for cell in re.split(r"[\t|]", line)]
        labels, figures = [], []
        for cell in cells:
            if FIGURE.fullmatch(cell) or (figures and cell in NOTHING):
                figures.append(cell)
            elif cell and not figures:
                labels.append(cell)
        if figures:
            yield labels, figures


def disclosure(text, form):
    tables = {}
    for labels, figures in rows(text):
        label = LETTERS.sub("", labels[-1]) if labels else ""
        for words, table, row in DISCLOSURE:
            if label.endswith(words) and table in COLUMNS[form]:
                columns = COLUMNS[form][table]
                if len(figures) >= len(columns):
                    tables.setdefault(table, {})[row] = {name: value(cell) for name, cell in zip(columns, figures)}
                break
    return tables


def applications(text):
    table = {}
    for labels, figures in rows(text):
        figures = figures[: len(PERSONS)]
        if not labels or len(figures) < len(PERSONS):
            continue
        label = LETTERS.sub("", re.sub(r"^[^、.]{1,3}[、.]", "", labels[-1]))
        for name, words in LABELS:
            if words in label and name not in table:
                table[name] = {column: value(cell) for column, cell in zip(PERSONS, figures)}
                break
    return table


def review(text):
    for _, figures in rows(text):
        if len(figures) >= 15:
            figures = [value(cell) for cell in figures[:15]]
            return {kind: dict(zip(RESULTS, figures[5 * at : 5 * at + 5])) for at, kind in enumerate(KINDS)}
    return {}


def total(row, names):
    return sum(row.get(name) or 0 for name in names)


def check(tables):
    """The sums that the form asks for, and do not hold."""
    wrong = []
    table = tables.get("applications", {})
    for name, row in table.items():
        if row["total"] is not None and total(row, PERSONS[:-1]) != row["total"]:
            wrong.append(f"applications.{name}: the columns do not add up to the total")
    outcomes = [name for name, _ in APPLICATIONS[2:-2]]
    if {"new_received", "carried_in", "outcome_total", "carried_out"} <= table.keys():
        for person in PERSONS:
            cell = lambda name: table[name][person] or 0
            if cell("new_received") + cell("carried_in") != cell("outcome_total") + cell("carried_out"):
                wrong.append(f"applications.{person}: received and carried in is not handled and carried out")
            if sum(table[name][person] or 0 for name in outcomes if name in table) != cell("outcome_total"):
                wrong.append(f"applications.{person}: the outcomes do not add up")
    for kind, row in tables.get("review_litigation", {}).items():
        if row["total"] is not None and total(row, RESULTS[:-1]) != row["total"]:
            wrong.append(f"review_litigation.{kind}: the results do not add up")
    return wrong


def read(path):
    text = unicodedata.normalize("NFKC", decode(path.read_bytes()))
    found = TITLE.search(text)
    year = int(found[2]) if found else None
    issuer = (found[1] or re.sub("^(?:关于)", "", found[3])).strip() if found else None
    headings = list(HEADING.finditer(text))
    sections, tables = [], {}
    for heading, after in zip(headings, headings[1:] + [None]):
        name = SECTION_OF[re.sub(r"\W", "", heading[1])]
        body = text[heading.end() : after.start() if after else len(text)].strip()
        sections.append({"id": name, "heading": heading[1], "text": body})
        if name == "proactive_disclosure":
            form = 2019 if "本年新公开" in body or "上一年项目数量" in body else 2021
            tables.update(disclosure(body, form))
        elif name == "applications":
            tables["applications"] = applications(body)
        elif name == "review_litigation":
            tables["review_litigation"] = review(body)
    return {
        "path": str(path),
        "title": found[0].lstrip("# ") if found else None,
        "issuer": issuer,
        "year": year,
        "sections": sections,
        "tables": tables,
        "wrong": check(tables),
    }


def main():
    folder = Path(sys.argv[1])
    out = open(sys.argv[2], "w", encoding="utf-8") if len(sys.argv) > 2 else sys.stdout
    for path in sorted(folder.rglob("*.txt")):
        out.write(json.dumps(read(path), ensure_ascii=False, default=str) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
