//! A table with named columns from CSV with quotes (RFC 4180) or a JSON list of objects.

use super::CaseError;
use serde_json::{Map, Value};

/// Rows as read, in the order of the file.
#[derive(Clone, Debug)]
pub struct Table {
    file: String,
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads CSV or, where the text opens with a bracket, JSON. Lines of CSV that start with `#`
    /// before the heading are comments.
    ///
    /// # Errors
    /// No heading, no rows, rows of another length than the heading, or broken JSON.
    pub fn read(file: &str, text: &str) -> Result<Self, CaseError> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let table = if start.starts_with('[') || start.starts_with('{') {
            Self::json(file, start)?
        } else {
            Self::csv(file, start)?
        };
        if table.rows.is_empty() {
            return Err(CaseError::file(file, "no rows below the heading"));
        }
        Ok(table)
    }

    fn csv(file: &str, text: &str) -> Result<Self, CaseError> {
        let mut lines = text;
        while lines.starts_with('#') {
            lines = lines.split_once('\n').map_or("", |(_, rest)| rest);
        }
        let mut records = records(lines);
        if records.is_empty() {
            return Err(CaseError::file(file, "no heading"));
        }
        let names: Vec<String> =
            records.remove(0).into_iter().map(|n| n.trim().to_owned()).collect();
        for (at, row) in records.iter().enumerate() {
            if row.len() != names.len() {
                let problem =
                    format!("row {} has {} fields, not {}", at + 1, row.len(), names.len());
                return Err(CaseError::file(file, problem));
            }
        }
        Ok(Self { file: file.into(), names, rows: records })
    }

    fn json(file: &str, text: &str) -> Result<Self, CaseError> {
        let value: Value = serde_json::from_str(text).map_err(|e| CaseError::file(file, e))?;
        let list = match value {
            Value::Array(list) => list,
            Value::Object(mut map) => match map.remove("rows") {
                Some(Value::Array(list)) => list,
                _ => vec![Value::Object(map)],
            },
            _ => return Err(CaseError::file(file, "not a list of rows")),
        };
        let mut names: Vec<String> = Vec::new();
        for name in list.iter().filter_map(Value::as_object).flat_map(Map::keys) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let text_of = |value: Option<&Value>| match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(s)) => s.clone(),
            Some(other) => other.to_string(),
        };
        let rows = list.iter().map(|row| names.iter().map(|n| text_of(row.get(n))).collect());
        Ok(Self { file: file.into(), rows: rows.collect(), names })
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the heading has this column.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|n| n == name)
    }

    /// A field, trimmed; empty where the table lacks the column.
    #[must_use]
    pub fn text(&self, row: usize, name: &str) -> &str {
        let column = self.names.iter().position(|n| n == name);
        column.and_then(|c| self.rows.get(row)?.get(c)).map_or("", |t| t.trim())
    }

    /// A field as a number; `None` for an empty one.
    ///
    /// # Errors
    /// A field that is no finite number.
    pub fn number(&self, row: usize, name: &str) -> Result<Option<f64>, CaseError> {
        let text = self.text(row, name);
        if text.is_empty() {
            return Ok(None);
        }
        let value = text.parse::<f64>().ok().filter(|v| v.is_finite());
        value
            .map(Some)
            .ok_or_else(|| self.problem(row, format!("{name} is \"{text}\", but must be a number")))
    }

    /// A field as a count of at least 1; `None` for an empty one.
    ///
    /// # Errors
    /// A field that is no such count.
    pub fn count(&self, row: usize, name: &str) -> Result<Option<u32>, CaseError> {
        let Some(value) = self.number(row, name)? else { return Ok(None) };
        if (1.0..=f64::from(u32::MAX)).contains(&value) && value.fract() == 0.0 {
            Ok(Some(value as u32))
        } else {
            Err(self
                .problem(row, format!("{name} is {value}, but must be a whole number, 1 or more")))
        }
    }

    /// A fault in a row.
    pub fn problem(&self, row: usize, words: impl std::fmt::Display) -> CaseError {
        CaseError::file(&self.file, format!("row {}: {words}", row + 1))
    }

    /// A row as an object: numbers as numbers, the rest as text.
    #[must_use]
    pub fn object(&self, row: usize) -> Map<String, Value> {
        let value = |text: &str| match text.trim().parse::<f64>() {
            Ok(n) if n.is_finite() => Value::from(n),
            _ => Value::from(text),
        };
        self.names.iter().cloned().zip(self.rows[row].iter().map(|t| value(t))).collect()
    }
}

/// Fields of RFC 4180 records; blank lines are skipped.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quoted, letter) {
            (true, '"') if letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut field)),
            (false, '\n') => {
                row.push(std::mem::take(&mut field));
                if row.iter().any(|f| !f.is_empty()) {
                    all.push(std::mem::take(&mut row));
                }
                row.clear();
            }
            (false, '\r') => {}
            (_, other) => field.push(other),
        }
    }
    row.push(field);
    if row.iter().any(|f| !f.is_empty()) {
        all.push(row);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_both_formats_are_read() {
        let t = Table::read("t", "# note\na,b\n\"x, \"\"y\"\"\",2\n\n,3.5").unwrap();
        assert_eq!((t.len(), t.text(0, "a")), (2, "x, \"y\""));
        assert_eq!((t.number(1, "b").unwrap(), t.count(1, "a").unwrap()), (Some(3.5), None));
        assert!(t.count(1, "b").unwrap_err().to_string().contains("row 2: b is 3.5"));
        let j = Table::read("t", r#"[{"a": "x", "b": 2}, {"b": null, "c": 1}]"#).unwrap();
        assert_eq!((j.len(), j.count(0, "b").unwrap(), j.text(1, "b")), (2, Some(2), ""));
    }

    #[test]
    fn broken_tables_say_where() {
        assert!(Table::read("t", "a,b\n1\n").unwrap_err().to_string().contains("row 1"));
        assert!(Table::read("t", "a,b\n").unwrap_err().to_string().contains("no rows"));
        assert!(Table::read("t", "").is_err() && Table::read("t", "[1").is_err());
    }
}
