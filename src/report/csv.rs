//! Tables as comma-separated values (RFC 4180): unrounded numbers, units in the headings.

use super::model::{Cell, Table};

/// One table as text.
#[must_use]
pub fn table_csv(table: &Table) -> String {
    let headings: Vec<String> = table.columns.iter().map(|c| quoted(&c.heading())).collect();
    let mut text = headings.join(",");
    text.push_str("\r\n");
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(value).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn value(cell: &Cell) -> String {
    cell.number.map_or_else(|| quoted(&cell.text), |number| number.to_string())
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::Column;

    #[test]
    fn commas_and_quotes_survive() {
        let columns = vec![Column::text("What"), Column::number("Price", "USD")];
        let mut table = Table::new("t", "", columns);
        table.push(vec![Cell::text("19\" rack, black"), Cell::number(1_234.5, 0)]);
        let expected = "What,\"Price, USD\"\r\n\"19\"\" rack, black\",1234.5\r\n";
        assert_eq!(table_csv(&table), expected);
    }
}
