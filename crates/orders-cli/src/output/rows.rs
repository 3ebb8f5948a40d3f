//! Tables of one line a row that fit a terminal.

use comfy_table::{CellAlignment, Table, TableComponent, presets};

/// As wide as a table may be: a usual terminal.
const WIDTH: usize = 80;

/// The space left and right of a cell.
const AIRY: (u16, u16) = (1, 1);
const TIGHT: (u16, u16) = (0, 1);

/// Rows under headings. What is too wide loses the columns that say nothing, then some space, and is stacked where that is
/// not enough: one block a row, one line a value.
#[derive(Debug)]
pub(crate) struct Rows {
    headings: Vec<String>,
    /// The columns of numbers.
    right: Vec<usize>,
    rows: Vec<Vec<String>>,
}

/// No rows yet under these headings. The columns in `right` hold numbers.
pub(crate) fn rows(headings: &[&str], right: &[usize]) -> Rows {
    Rows {
        headings: headings.iter().map(|&heading| heading.to_owned()).collect(),
        right: right.to_vec(),
        rows: Vec::new(),
    }
}

impl Rows {
    /// Adds a row: a cell for each heading.
    pub(crate) fn add_row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text, without spaces at the ends of lines.
    pub(crate) fn trim_fmt(&self) -> String {
        let all: Vec<usize> = (0..self.headings.len()).collect();
        let telling = all.iter().copied().filter(|at| self.tells(*at));
        let telling: Vec<usize> = telling.collect();
        let forms = [(&all, AIRY), (&telling, AIRY), (&telling, TIGHT)];
        let mut tables = forms
            .into_iter()
            .map(|(columns, padding)| self.table(columns, padding));
        tables
            .find(|text| fits(text))
            .unwrap_or_else(|| self.stacked())
    }

    /// Whether a column says anything: the first one does, and one with a value that is not zero.
    fn tells(&self, at: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(at));
        at == 0 || cells.any(|cell| !matches!(cell.as_str(), "" | "0"))
    }

    fn table(&self, columns: &[usize], padding: (u16, u16)) -> String {
        let headings: Vec<&str> = self.pick(&self.headings, columns);
        let places = columns.iter().enumerate();
        let right: Vec<usize> = places
            .filter(|(_, column)| self.right.contains(column))
            .map(|(place, _)| place)
            .collect();
        let mut table = table(&headings, &right);
        table.remove_style(TableComponent::HorizontalLines);
        table.remove_style(TableComponent::MiddleIntersections);
        for row in &self.rows {
            table.add_row(self.pick(row, columns));
        }
        for column in table.column_iter_mut() {
            column.set_padding(padding);
        }
        table.trim_fmt()
    }

    fn pick<'a>(&self, row: &'a [String], columns: &[usize]) -> Vec<&'a str> {
        let cell = |at: &usize| row.get(*at).map_or("", String::as_str);
        columns.iter().map(cell).collect()
    }

    fn stacked(&self) -> String {
        let width = self.headings.iter().skip(1).map(|heading| heading.len());
        let width = width.max().unwrap_or_default();
        let mut lines = Vec::new();
        for row in &self.rows {
            let mut cells = row.iter();
            lines.extend(cells.next().filter(|cell| !cell.is_empty()).cloned());
            for (heading, cell) in self.headings.iter().skip(1).zip(cells) {
                let mut name = heading.as_str();
                let cell = cell.split('\n').filter(|line| !line.is_empty());
                for line in cell.flat_map(|line| wrapped(line, WIDTH - width - 4)) {
                    lines.push(format!("  {name:<width$}  {line}"));
                    name = "";
                }
            }
        }
        lines.join("\n")
    }
}

/// An empty table with these headings. The columns in `right` hold numbers.
pub(crate) fn table(headings: &[&str], right: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(headings.to_vec());
    for index in right {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn fits(text: &str) -> bool {
    text.lines().all(|line| line.chars().count() <= WIDTH)
}

/// The text in lines of at most so many characters. A longer word stays whole, to be copied.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if let Some(line) = lines
            .last_mut()
            .filter(|_| length == 0 || length + 1 + long <= width)
        {
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += long;
        } else {
            lines.push(word.to_owned());
            length = long;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_loses_what_says_nothing_before_it_is_stacked() {
        let headings = ["account", "new", "gone", "reason", "note"];
        let mut narrow = rows(&headings, &[1, 2]);
        narrow.add_row(["clink/main", "1", "0", "none", ""]);
        assert!(narrow.trim_fmt().contains("gone"), "it fits as it is");

        let reason = "r".repeat(50);
        let mut fewer = rows(&headings, &[1, 2]);
        fewer.add_row(["clink/main", "1", "0", &reason, ""]);
        let text = fewer.trim_fmt();
        assert!(
            fits(&text) && !text.contains("gone") && text.contains("new"),
            "{text}"
        );

        let mut stacked = rows(&headings, &[1, 2]);
        stacked.add_row(["clink/main", "1", "0", &"why it is so. ".repeat(8), "x"]);
        stacked.add_row(["", "", "", "again", ""]);
        let text = stacked.trim_fmt();
        assert!(fits(&text), "{text}");
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "clink/main",
                "  new     1",
                "  gone    0",
                "  reason  why it is so. why it is so. why it is so. why it is so. why it is so.",
                "          why it is so. why it is so. why it is so. ",
                "  note    x",
                "  reason  again",
            ]
        );
    }
}
