//! House rules of the source, checked on the text: import order, what may touch the outside world,
//! file sizes, colours. A failure names file and line.

use crate::support::folder;
use std::collections::BTreeSet;
use std::path::Path;

/// Modules from the ground up; a module may import only what stands before it. `cli` and `ui`
/// share a place.
const ORDER: [&str; 15] = [
    "units",
    "numerics",
    "catalog",
    "plan",
    "format",
    "evaluate",
    "study",
    "cases",
    "render",
    "report",
    "interchange",
    "session",
    "cli",
    "ui",
    "main",
];

/// Verbs whose work is the window itself: the only files of `cli` that may import `ui`.
const DOORS: [&str; 2] = ["cli/open.rs", "cli/screenshot.rs"];

/// Files of `evaluate` in which stages meet.
const MEETING_PLACES: [&str; 14] = [
    "mod",
    "stages",
    "headline",
    "summary",
    "bottleneck",
    "stranded",
    "overrides",
    "switched_off",
    "counting",
    "mechanical",
    "coupling",
    "memo",
    "resilience",
    "result",
];

/// Folders of `evaluate` that are no stage but formulas: any stage may use them.
const FORMULAS: [&str; 1] = ["reliability"];

/// Colours without a hue: nothing, the tint that leaves a picture as it is, and the two inks that
/// are picked by contrast with what they stand on.
const NEUTRAL: [&str; 4] = ["TRANSPARENT", "PLACEHOLDER", "WHITE", "BLACK"];

/// Longest source file, lines.
const LONGEST_FILE: usize = 600;

struct Source {
    /// Path below `src`, with `/`.
    path: String,
    text: String,
    /// Lines without comments, strings and unit tests.
    code: Vec<String>,
}

impl Source {
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Lines of code that break a rule, as findings.
    fn lines(&self, rule: &str, breaks: impl Fn(&str) -> bool) -> Vec<String> {
        let numbered = self.code.iter().enumerate().filter(|(_, line)| breaks(line));
        numbered.map(|(i, line)| self.at(i, rule, line)).collect()
    }

    fn at(&self, line: usize, rule: &str, text: &str) -> String {
        format!("src/{}:{}: {rule}: {}", self.path, line + 1, text.trim())
    }
}

fn sources() -> Vec<Source> {
    let root = folder("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("a source file can be read");
        let name =
            path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        Source { code: code_of(&text), path: name, text }
    };
    let all: Vec<Source> = files.iter().map(read).collect();
    let tests = test_files(&all);
    all.into_iter().filter(|s| !tests.iter().any(|t| s.path.starts_with(t))).collect()
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src can be listed") {
        let path = entry.expect("src can be listed").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Files and folders that only tests compile: named by `#[cfg(test)] mod x;`.
fn test_files(all: &[Source]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in all {
        let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
        let mut stem = folder.to_owned();
        if !["mod.rs", "lib.rs", "main.rs"].contains(&file) {
            stem = format!("{folder}/{}", file.trim_end_matches(".rs"));
        }
        let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
        for (i, _) in lines.iter().enumerate().filter(|(_, l)| **l == "#[cfg(test)]") {
            let after = |n: usize| lines.get(i + n).copied().unwrap_or_default();
            let named = after(1).strip_prefix("#[path = \"").and_then(|p| p.strip_suffix("\"]"));
            if let Some(path) = named {
                found.insert(format!("{folder}/{path}"));
            } else if let Some(name) = after(1)
                .trim_start_matches("pub ")
                .strip_prefix("mod ")
                .and_then(|m| m.strip_suffix(';'))
            {
                found.insert(format!("{stem}/{name}.rs"));
                found.insert(format!("{stem}/{name}/"));
            }
        }
    }
    found
}

/// The text line by line, with comments, the content of strings and inline unit tests blanked.
fn code_of(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut in_tests = false;
    let lines: Vec<&str> = text.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        let next = lines.get(i + 1).map_or("", |l| l.trim());
        if line.trim() == "#[cfg(test)]" && next.starts_with("mod ") && next.ends_with('{') {
            in_tests = true;
        }
        out.push(if in_tests { String::new() } else { without_comment(line) });
        if in_tests && *line == "}" {
            in_tests = false;
        }
    }
    out
}

/// A line without its comment. Strings stay: a colour is a string as well.
fn without_comment(line: &str) -> String {
    let mut in_string = false;
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'/' if !in_string && bytes.get(at + 1) == Some(&b'/') => return line[..at].to_owned(),
            _ => {}
        }
        at += 1;
    }
    line.to_owned()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Names that directly follow `prefix` in the code, with their lines; groups in braces opened.
fn names_after(source: &Source, prefix: &str) -> Vec<(usize, String)> {
    let joined = source.code.join("\n");
    let mut found = Vec::new();
    for (at, _) in joined.match_indices(prefix) {
        let before = joined[..at].chars().next_back();
        if before.is_some_and(|c| is_name(c) || c == ':') {
            continue;
        }
        let line = joined[..at].matches('\n').count();
        let rest = &joined[at + prefix.len()..];
        for name in heads(rest) {
            found.push((line, name));
        }
    }
    found
}

/// First names of a path or of every branch of a braced group.
fn heads(rest: &str) -> Vec<String> {
    let first = |text: &str| text.trim_start().chars().take_while(|c| is_name(*c)).collect();
    if !rest.starts_with('{') {
        return vec![first(rest)];
    }
    let mut depth = 0;
    let mut branches = vec![String::new()];
    for c in rest.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => branches.push(String::new()),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth != 1 || !matches!(c, '{' | ',') {
            branches.last_mut().expect("never empty").push(c);
        }
    }
    branches.iter().map(|b| first(b)).filter(|n: &String| !n.is_empty()).collect()
}

fn rank(module: &str) -> Option<usize> {
    let at = ORDER.iter().position(|m| *m == module)?;
    // The two faces of the program stand side by side; neither imports the other.
    Some(if module == "ui" { at - 1 } else { at })
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problem(s):\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn modules_import_only_what_stands_below_them() {
    let mut problems = Vec::new();
    for source in sources().iter().filter(|s| s.path != "lib.rs") {
        let Some(own) = rank(source.module()) else {
            problems.push(format!("src/{}: module without a place in the order", source.path));
            continue;
        };
        let prefix = if source.module() == "main" { "tokenmill::" } else { "crate::" };
        for (line, name) in names_after(source, prefix) {
            if name == "ui" && DOORS.contains(&source.path.as_str()) {
                continue;
            }
            let other = rank(&name);
            if name != source.module() && other.is_none_or(|o| o >= own) {
                problems.push(source.at(line, "imports upwards", &format!("{prefix}{name}")));
            }
        }
    }
    report(&problems);
}

#[test]
fn the_reader_sees_imports() {
    let edges: usize = sources().iter().map(|s| names_after(s, "crate::").len()).sum();
    assert!(edges > 300, "only {edges} imports found: the reader is blind");
    assert_eq!(heads("{plan::{Plan, Edit}, units, format}"), ["plan", "units", "format"]);
    assert_eq!(heads("catalog::Catalog;"), ["catalog"]);
    assert_eq!(without_comment("let a = \"//\"; // crate::ui"), "let a = \"//\"; ");
    assert!(has_hex_colour("fill=\"#a0B1c2\"") && !has_hex_colour("\"#12 left\""));
}

#[test]
fn stages_do_not_import_each_other() {
    let all = sources();
    let stages: BTreeSet<&str> = all
        .iter()
        .filter_map(|s| s.path.strip_prefix("evaluate/")?.split_once('/').map(|(stage, _)| stage))
        .filter(|stage| !FORMULAS.contains(stage))
        .collect();
    let mut problems = Vec::new();
    for source in all.iter().filter(|s| s.path.starts_with("evaluate/")) {
        let parts: Vec<&str> = source.path.split('/').collect();
        let stage = if parts.len() > 2 { parts[1] } else { "" };
        let file = parts[parts.len() - 1].trim_end_matches(".rs");
        if stage.is_empty() && MEETING_PLACES.contains(&file) {
            continue;
        }
        // How many `super::` lead from this file to `evaluate`.
        let ups = parts.len() - 1 - usize::from(file == "mod");
        let prefixes = ["crate::evaluate::".to_owned(), "super::".repeat(ups)];
        for prefix in prefixes.iter().filter(|p| !p.is_empty()) {
            for (line, name) in names_after(source, prefix) {
                if name != stage && stages.contains(name.as_str()) {
                    problems.push(source.at(line, "imports a stage", &format!("{prefix}{name}")));
                }
            }
        }
    }
    report(&problems);
}

#[test]
fn only_the_window_names_egui() {
    let outside = |s: &&Source| s.module() != "ui" && s.module() != "main";
    let all = sources();
    let named = |line: &str| ["egui", "eframe"].iter().any(|name| has_word(line, name));
    report(
        &all.iter().filter(outside).flat_map(|s| s.lines("names egui", named)).collect::<Vec<_>>(),
    );
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

#[test]
fn only_the_outer_modules_touch_files() {
    let allowed = |s: &&Source| {
        matches!(s.module(), "session" | "cli" | "main")
            || s.path.starts_with("ui/dialogs")
            || s.path.starts_with("ui/app")
    };
    let all = sources();
    let touches = |line: &str| {
        line.contains("std::fs")
            || ["File", "OpenOptions"].iter().any(|t| line.contains(&format!("{t}::open")))
    };
    report(
        &all.iter()
            .filter(|s| !allowed(s))
            .flat_map(|s| s.lines("touches files", touches))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn only_the_entry_reads_clock_and_environment() {
    let all = sources();
    let reads = |line: &str| {
        line.contains("std::env") || ["Instant", "SystemTime"].iter().any(|t| has_word(line, t))
    };
    report(
        &all.iter()
            .filter(|s| s.module() != "main")
            .flat_map(|s| s.lines("reads clock or environment", reads))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut problems = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > LONGEST_FILE {
            problems.push(format!("src/{}: {lines} lines, more than {LONGEST_FILE}", source.path));
        }
        if !source.text.starts_with("//!") {
            problems.push(source.at(0, "begins without `//!`", ""));
        }
    }
    report(&problems);
}

#[test]
fn colours_stand_in_the_theme() {
    let allowed = ["ui/theme.rs", "render/colormap.rs"];
    let literal = |line: &str| {
        let numeric = line.match_indices("Color32::from_").any(|(at, _)| {
            let inside = line[at..].split_once('(').map_or("", |(_, rest)| rest.trim_start());
            inside.starts_with(|c: char| c.is_ascii_digit())
        });
        let named = line.match_indices("Color32::").any(|(at, m)| {
            let name: String = line[at + m.len()..].chars().take_while(|c| is_name(*c)).collect();
            name.starts_with(|c: char| c.is_ascii_uppercase()) && !NEUTRAL.contains(&name.as_str())
        });
        numeric || named || has_hex_colour(line)
    };
    let all = sources();
    let found = all.iter().filter(|s| !allowed.contains(&s.path.as_str()));
    report(&found.flat_map(|s| s.lines("colour outside the theme", literal)).collect::<Vec<_>>());
}

/// Whether a string literal is `#rgb`, `#rrggbb` or `#rrggbbaa`.
fn has_hex_colour(line: &str) -> bool {
    line.match_indices("\"#").any(|(at, m)| {
        let digits = line[at + m.len()..].split('"').next().unwrap_or_default();
        [3, 6, 8].contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

#[test]
fn nothing_is_left_to_do() {
    let left = |line: &str| line.contains("todo!(") || line.contains("unimplemented!(");
    report(&sources().iter().flat_map(|s| s.lines("unfinished", left)).collect::<Vec<_>>());
}
