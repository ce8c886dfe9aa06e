//! Where in a catalogue file an error is: line and column from the parser, entry and field from
//! the text around it.

use super::check::CatalogError;
use ron::error::SpannedError;

/// How far above an error its entry and field are looked for, lines.
const LOOK_BACK_LINES: usize = 200;

/// Turns a parser error into one that names file, line, column, entry and field.
pub fn syntax_error(file: &str, text: &str, error: &SpannedError) -> CatalogError {
    let at = error.span.start;
    let mut message = error.code.to_string();
    let above = lines_above(text, at.line);
    if let Some(field) = above.iter().find_map(|line| field_at_start(line)) {
        message = format!("field '{field}': {message}");
    }
    if let Some(id) = above.iter().find_map(|line| quoted_after(line, "id:")) {
        message = format!("entry '{id}', {message}");
    }
    CatalogError::Syntax { file: file.to_owned(), line: at.line, column: at.col, message }
}

/// Lines from that of the error upwards to the start of its entry.
fn lines_above(text: &str, line: usize) -> Vec<&str> {
    let upto: Vec<&str> = text.lines().take(line).collect();
    upto.iter()
        .rev()
        .take(LOOK_BACK_LINES)
        .map(|line| line.trim())
        .take_while(|line| *line != "(" && *line != "[" && *line != "]")
        .collect()
}

/// `name` of a line that starts with `name:`.
fn field_at_start(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let is_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (!name.is_empty() && name.bytes().all(is_name)).then_some(name)
}

/// The text in quotes after `label` at the start of a line.
fn quoted_after<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(label)?.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(id, _)| id)
}
