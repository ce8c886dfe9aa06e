//! A table as text: header by name, rows in order, quotes where a field holds a separator.
//!
//! Commas, semicolons or tabs part the fields, whichever the header uses, so that rows pasted from
//! a spreadsheet are read like a file. Lines of comment begin with `#`. A fault names the line of
//! the file, the column, what stands there and what may.

use super::CaseError;

/// A table as read.
#[derive(Clone, Debug, PartialEq)]
pub struct TextTable {
    file: String,
    columns: Vec<String>,
    /// What each column is asked for as.
    names: Vec<String>,
    rows: Vec<TextRow>,
}

#[derive(Clone, Debug, PartialEq)]
struct TextRow {
    line: usize,
    fields: Vec<String>,
    /// What keeps the line from being a row.
    fault: Option<String>,
}

impl TextTable {
    /// Reads a table; `file` stands for it in messages.
    ///
    /// # Errors
    /// No header, or a name twice in it. A line that is no row says so when asked, see
    /// [`Row::whole`].
    pub fn read(file: &str, text: &str) -> Result<Self, CaseError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(i, line)| (i + 1, line.trim_end_matches('\r')))
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let (at, header) = lines.next().ok_or_else(|| CaseError::file(file, "no header line"))?;
        let separator = separator(header);
        let columns: Vec<String> =
            split(header, separator).0.iter().map(|c| c.trim().to_owned()).collect();
        if let Some(i) = (1..columns.len()).find(|i| columns[..*i].contains(&columns[*i])) {
            let problem = format!("line {at}: column \"{}\" occurs twice", columns[i]);
            return Err(CaseError::file(file, problem));
        }
        let rows = lines.map(|(line, text)| {
            let (mut fields, closed) = split(text, separator);
            let (found, wanted) = (fields.len(), columns.len());
            fields.resize(wanted, String::new());
            let fault = match (closed, found == wanted) {
                (false, _) => Some("a quote is not closed".to_owned()),
                (true, false) => Some(format!("{found} fields, but the header has {wanted}")),
                (true, true) => None,
            };
            TextRow { line, fields, fault }
        });
        let rows = rows.collect();
        Ok(Self { file: file.to_owned(), names: columns.clone(), columns, rows })
    }

    /// The table with columns that go by other names: pairs of a name that files use and the one
    /// that is asked for. A column that has the name already wins.
    #[must_use]
    pub fn known_as(mut self, aliases: &[(&str, &str)]) -> Self {
        for (alias, name) in aliases {
            if !self.names.iter().any(|n| n == name) {
                self.names.iter_mut().filter(|n| n == alias).for_each(|n| (*name).clone_into(n));
            }
        }
        self
    }

    /// Names of the columns, in the order of the file.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|row| Row { table: self, row })
    }

    /// That each of `names` is a column.
    ///
    /// # Errors
    /// The first that is not.
    pub fn require(&self, names: &[&str]) -> Result<(), CaseError> {
        match names.iter().find(|name| !self.names.iter().any(|c| c == *name)) {
            None => Ok(()),
            Some(name) => Err(CaseError::file(&self.file, format!("no column \"{name}\""))),
        }
    }
}

/// One row of a [`TextTable`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a TextTable,
    row: &'a TextRow,
}

impl<'a> Row<'a> {
    /// Fields in the order of the columns.
    #[must_use]
    pub fn fields(&self) -> &'a [String] {
        &self.row.fields
    }

    /// Line of the file, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.row.line
    }

    /// That the line is a row: as many fields as the header, quotes closed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn whole(&self) -> Result<(), CaseError> {
        self.row.fault.as_ref().map_or(Ok(()), |problem| Err(self.fault(problem)))
    }

    /// A field as text; `None` where the column is missing or the field blank.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let at = self.table.names.iter().position(|c| c == column)?;
        Some(self.row.fields[at].trim()).filter(|text| !text.is_empty())
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// Blank or missing.
    pub fn needed(&self, column: &str, must_be: &str) -> Result<&'a str, CaseError> {
        self.text(column).ok_or_else(|| self.problem(column, must_be))
    }

    /// A field as a finite number.
    ///
    /// # Errors
    /// Something else.
    pub fn number(&self, column: &str) -> Result<Option<f64>, CaseError> {
        let Some(text) = self.text(column) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.problem(column, "a number")),
        }
    }

    /// A field as a number above zero.
    ///
    /// # Errors
    /// Something else.
    pub fn positive(&self, column: &str) -> Result<Option<f64>, CaseError> {
        match self.number(column)? {
            Some(value) if value <= 0.0 => Err(self.problem(column, "a number above 0")),
            value => Ok(value),
        }
    }

    /// A field as a whole number, 0 and blank being `None`: tables write either for "not stated".
    ///
    /// # Errors
    /// A fraction, a negative number, or more than a million.
    pub fn count(&self, column: &str) -> Result<Option<u32>, CaseError> {
        const MOST: f64 = 1e6;
        match self.number(column)? {
            Some(value) if value.fract() != 0.0 || !(0.0..=MOST).contains(&value) => {
                Err(self.problem(column, "a whole number from 0 to 1000000"))
            }
            value => Ok(value.map(|v| v as u32).filter(|n| *n > 0)),
        }
    }

    /// A fault in a field.
    #[must_use]
    pub fn problem(&self, column: &str, must_be: &str) -> CaseError {
        let found = match self.text(column) {
            Some(text) => format!("is \"{text}\""),
            None => "is blank".to_owned(),
        };
        self.fault(format!("{column} {found}, but must be {must_be}"))
    }

    /// A fault of the row as a whole.
    #[must_use]
    pub fn fault(&self, problem: impl std::fmt::Display) -> CaseError {
        CaseError::file(&self.table.file, format!("line {}: {problem}", self.row.line))
    }
}

/// What parts the fields of a header.
fn separator(header: &str) -> char {
    [',', ';', '\t']
        .into_iter()
        .max_by_key(|s| (header.matches(*s).count(), *s == ','))
        .unwrap_or(',')
}

/// Fields of a line, and whether every quote is closed; a field in quotes may hold separators, and
/// `""` for a quote.
fn split(text: &str, separator: char) -> (Vec<String>, bool) {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = fields.len() - 1;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                fields[last].push('"');
            }
            '"' if quoted || fields[last].is_empty() => quoted = !quoted,
            _ if letter == separator && !quoted => fields.push(String::new()),
            _ => fields[last].push(letter),
        }
    }
    (fields, !quoted)
}

/// A field as CSV writes it.
#[must_use]
pub fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_in_any_separator() {
        for text in ["# note\na,b\n1,\"x,y\"\n\n,2\n", "a;b\r\n1;x,y\r\n;2", "a\tb\n1\tx,y\n\t2"] {
            let table = TextTable::read("t.csv", text).unwrap();
            let rows: Vec<_> = table.rows().collect();
            assert_eq!((rows.len(), rows[0].text("b")), (2, Some("x,y")), "{text}");
            assert_eq!(
                (rows[0].count("a").unwrap(), rows[1].number("a").unwrap()),
                (Some(1), None)
            );
            assert_eq!(rows[1].text("no such column"), None);
        }
    }

    #[test]
    fn faults_name_line_column_and_value() {
        let table = TextTable::read("t.csv", "a,b\n-1,1.5\nNaN,0\n").unwrap();
        let rows: Vec<_> = table.rows().collect();
        for (said, words) in [
            (rows[0].positive("a").unwrap_err(), ["line 2", "a is \"-1\"", "above 0"]),
            (rows[0].count("b").unwrap_err(), ["line 2", "b is \"1.5\"", "whole number"]),
            (rows[1].number("a").unwrap_err(), ["line 3", "a is \"NaN\"", "a number"]),
            (rows[1].needed("c", "a name").unwrap_err(), ["line 3", "c is blank", "a name"]),
        ] {
            let said = said.to_string();
            assert!(words.iter().all(|w| said.contains(w)) && said.contains("t.csv"), "{said}");
        }
        assert_eq!(rows[1].count("b").unwrap(), None);
        for (text, word) in [("", "no header"), ("a,a\n", "twice")] {
            let said = TextTable::read("t.csv", text).unwrap_err().to_string();
            assert!(said.contains(word), "{said}");
        }
        let table = TextTable::read("t.csv", "a,b\n1\n1,\"2\n1,2,3\n1,2\n").unwrap();
        let said: Vec<String> = table
            .rows()
            .map(|r| r.whole().err().map_or(String::new(), |e| e.to_string()))
            .collect();
        assert!(said[0].contains("line 2: 1 fields") && said[1].contains("not closed"), "{said:?}");
        assert!(said[2].contains("3 fields") && said[3].is_empty(), "{said:?}");
        assert!(table.clone().known_as(&[("a", "x")]).require(&["x", "b"]).is_ok());
        assert!(table.require(&["a", "z"]).unwrap_err().to_string().contains("\"z\""));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for field in ["plain", "a,b", "say \"no\"", ""] {
            let line = format!("x,y\n{},1\n", quoted(field));
            let table = TextTable::read("t", &line).unwrap();
            assert_eq!(table.rows().next().unwrap().fields()[0], field);
        }
    }
}
