//! Rows of a commented CSV without quotes, by column name.

use super::CaseError;

/// A table as read.
pub(super) struct Rows<'a> {
    file: &'a str,
    names: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
}

impl<'a> Rows<'a> {
    /// Reads a table; `#` starts a line of comment.
    pub fn of(file: &'a str, text: &'a str) -> Result<Self, CaseError> {
        let mut lines = text.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
        let names: Vec<&str> =
            lines.next().ok_or_else(|| CaseError::file(file, "no heading"))?.split(',').collect();
        let rows: Vec<Vec<&str>> = lines.map(|l| l.split(',').collect()).collect();
        match rows.iter().position(|r| r.len() != names.len()) {
            Some(bad) => Err(CaseError::file(
                file,
                format!("row {} has {} fields, not {}", bad + 1, rows[bad].len(), names.len()),
            )),
            None => Ok(Self { file, names, rows }),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A field as text.
    pub fn text(&self, row: usize, name: &str) -> Result<&'a str, CaseError> {
        let column = self
            .names
            .iter()
            .position(|n| *n == name)
            .ok_or_else(|| CaseError::file(self.file, format!("no column \"{name}\"")))?;
        Ok(self.rows[row][column])
    }

    /// A field as a number; 0 for an empty one.
    pub fn number(&self, row: usize, name: &str) -> Result<f64, CaseError> {
        let text = self.text(row, name)?;
        if text.is_empty() {
            return Ok(0.0);
        }
        text.parse().map_err(|_| self.problem(row, name, text, "a number"))
    }

    /// A field as a count; 0 for an empty one.
    pub fn count(&self, row: usize, name: &str) -> Result<u32, CaseError> {
        let value = self.number(row, name)?;
        if (0.0..=f64::from(u32::MAX)).contains(&value) {
            Ok(value as u32)
        } else {
            Err(self.problem(row, name, &value.to_string(), "a count"))
        }
    }

    /// A fault in a field.
    pub fn problem(&self, row: usize, name: &str, value: &str, must_be: &str) -> CaseError {
        let words = format!("row {}: {name} is \"{value}\", but must be {must_be}", row + 1);
        CaseError::file(self.file, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_and_faults_say_where() {
        let rows = Rows::of("t.csv", "# note\na,b\n1,x\n,2\n").unwrap();
        assert_eq!(
            (rows.len(), rows.number(0, "a").unwrap(), rows.count(1, "a").unwrap()),
            (2, 1.0, 0)
        );
        let said = rows.number(0, "b").unwrap_err().to_string();
        assert!(
            said.contains("t.csv") && said.contains("row 1") && said.contains("\"x\""),
            "{said}"
        );
        assert!(rows.text(0, "c").unwrap_err().to_string().contains("\"c\""));
        assert!(Rows::of("t.csv", "a,b\n1\n").is_err());
    }
}
