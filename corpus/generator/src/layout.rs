//! The shapes in which tables reach a text file, each with its name.

/// How the cells of a page's tables are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Tabs, merged cells as empty ones, the label in column 0, 1 or 2.
    Tab,
    /// Tabs, some of the empty cells at the left lost, any number of tabs at the end.
    TabHalfLost,
    /// Tabs, the text of a merged cell repeated in each cell that it covers.
    TabRepeated,
    /// ` | ` in one line, merged cells dropped.
    Pipe,
    /// As `Pipe`, the merged rest of a row as bare `||` at its end.
    PipeBlankTail,
    /// One cell a line, each closed by ` |`.
    PipeCells,
    /// As `PipeCells`, the merged rest glued to the last cell.
    PipeCellsGlued,
    /// Cells and pipes on alternate lines.
    PipeAlternate,
    /// A pipe first, then cells padded by newlines and blanks.
    PipeFirst,
    /// Markdown tables and headings.
    Markdown,
    /// Markdown with a small table for each row and invented heads.
    MarkdownRows,
    /// One cell a line and nothing else.
    Lines,
    /// As `Lines`, with an empty line between cells.
    LinesSpaced,
    /// Cells kept apart by two or more blanks.
    Spaces,
    /// Text of a PDF: labels wrapped, the figures at the end of the last line.
    Pdf,
    /// Text of a PDF with upright labels, and labels cut by page numbers.
    PdfShredded,
    /// The whole report in one line, one blank between cells.
    OneLine,
}

impl Layout {
    /// Every layout.
    pub const ALL: &[Layout] = &[
        Layout::Tab,
        Layout::TabHalfLost,
        Layout::TabRepeated,
        Layout::Pipe,
        Layout::PipeBlankTail,
        Layout::PipeCells,
        Layout::PipeCellsGlued,
        Layout::PipeAlternate,
        Layout::PipeFirst,
        Layout::Markdown,
        Layout::MarkdownRows,
        Layout::Lines,
        Layout::LinesSpaced,
        Layout::Spaces,
        Layout::Pdf,
        Layout::PdfShredded,
        Layout::OneLine,
    ];

    /// Its name in the truth and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Tab => "tab",
            Layout::TabHalfLost => "tab_half_lost",
            Layout::TabRepeated => "tab_repeated",
            Layout::Pipe => "pipe_dropped",
            Layout::PipeBlankTail => "pipe_blank_tail",
            Layout::PipeCells => "pipe_cells",
            Layout::PipeCellsGlued => "pipe_cells_glued",
            Layout::PipeAlternate => "pipe_alternate",
            Layout::PipeFirst => "pipe_first",
            Layout::Markdown => "markdown",
            Layout::MarkdownRows => "markdown_rows",
            Layout::Lines => "cell_per_line",
            Layout::LinesSpaced => "cell_per_line_spaced",
            Layout::Spaces => "spaces",
            Layout::Pdf => "pdf",
            Layout::PdfShredded => "pdf_shredded",
            Layout::OneLine => "one_line",
        }
    }

    /// The layout of that name; `pdf-shredded` and `PdfShredded` do for `pdf_shredded`.
    pub fn from_name(name: &str) -> Option<Self> {
        let bare = |name: &str| name.replace(['-', '_'], "").to_lowercase();
        let wanted = bare(name);
        Layout::ALL
            .iter()
            .copied()
            .find(|layout| bare(layout.name()) == wanted || bare(&format!("{layout:?}")) == wanted)
    }

    /// Can an empty cell be told from no cell at all? Only then may a page leave cells blank, for
    /// elsewhere a reader could not say which of the cells the remaining figures stand in.
    pub fn keeps_blanks(self) -> bool {
        matches!(
            self,
            Layout::Tab
                | Layout::TabRepeated
                | Layout::Pipe
                | Layout::PipeCells
                | Layout::PipeAlternate
                | Layout::PipeFirst
                | Layout::Markdown
                | Layout::MarkdownRows
        )
    }

    /// Is this the text of a PDF?
    pub fn is_pdf(self) -> bool {
        matches!(self, Layout::Pdf | Layout::PdfShredded)
    }
}
