//! A user's own measured serving points beside the model: rows in the column convention of the
//! shipped table, from a clipboard or a file, answered one by one.

use super::csv::Rows;
use super::statistics::quantile;
use super::workload_rows::{models, serving};
use super::{Picture, Point};
use crate::evaluate::cancel::{CancelToken, Cancelled};
use crate::evaluate::workload::{ServingCase, solve_serving};

/// Other names under which columns are known, and the name used here.
const ALIASES: [(&str, &str); 9] = [
    ("tp_size", "tp"),
    ("attention_dp_size", "attention_dp"),
    ("moe_ep_size", "moe_ep"),
    ("silicon_tpot_ms", "tpot_ms"),
    ("silicon_ttft_ms", "ttft_ms"),
    ("device", "system"),
    ("input_tokens", "isl"),
    ("output_tokens", "osl"),
    ("batch", "concurrency"),
];
/// Columns that a table must have.
const NEEDED: [&str; 8] =
    ["model", "system", "precision", "isl", "osl", "concurrency", "tp", "tpot_ms"];
/// Columns that a table may leave out, and what stands for them then.
const OPTIONAL: [(&str, &str); 4] =
    [("origin", ""), ("attention_dp", "1"), ("moe_ep", "1"), ("ttft_ms", "")];
/// Most rows that are taken.
pub const MOST_ROWS: usize = 5_000;
/// Milliseconds in a second.
const MS: f64 = 1e3;

/// A header that works, to start from.
pub const EXAMPLE_HEADER: &str =
    "model,system,precision,isl,osl,concurrency,tp,attention_dp,moe_ep,ttft_ms,tpot_ms";

/// One measured point.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Row of the table, from 1, heading not counted.
    pub row: usize,
    /// What was run, in words.
    pub label: String,
    /// The question for the model.
    pub case: ServingCase,
    /// Measured time per output token, s.
    pub tpot_s: f64,
    /// Measured time to first token, s.
    pub ttft_s: Option<f64>,
}

/// Something that can not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Row of the table, from 1; 0 is the heading.
    pub row: usize,
    /// What is wrong, with the column's name.
    pub words: String,
}

/// What was read of a table: good rows, and what is wrong with the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Points that can be asked.
    pub points: Vec<Measured>,
    /// Rows that can not.
    pub problems: Vec<Problem>,
}

/// A point with the model's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Residual {
    /// What was measured.
    pub measured: Measured,
    /// Modelled time per output token, s.
    pub tpot_s: f64,
    /// Modelled time to first token, s.
    pub ttft_s: f64,
}

impl Residual {
    /// Modelled over measured time per output token, less one, %.
    #[must_use]
    pub fn tpot_error_pct(&self) -> f64 {
        (self.tpot_s / self.measured.tpot_s - 1.0) * 100.0
    }

    /// The same for the time to first token.
    #[must_use]
    pub fn ttft_error_pct(&self) -> Option<f64> {
        Some((self.ttft_s / self.measured.ttft_s? - 1.0) * 100.0)
    }
}

/// Reads a table: commas, semicolons or tabs between fields, `#` before a comment.
#[must_use]
pub fn read(text: &str) -> Table {
    let mut table = Table::default();
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    let heading_fault = |words: String| Problem { row: 0, words };
    let Some((heading, rows)) = lines.split_first() else {
        table.problems.push(heading_fault("There is no heading".into()));
        return table;
    };
    let separator = ['\t', ';', ','].into_iter().find(|c| heading.contains(*c)).unwrap_or(',');
    let names: Vec<String> = heading.split(separator).map(column_name).collect();
    let missing: Vec<&str> =
        NEEDED.into_iter().filter(|n| !names.iter().any(|name| name == n)).collect();
    if !missing.is_empty() {
        let words = format!("The heading has no column \"{}\"", missing.join("\", \""));
        table.problems.push(heading_fault(words));
        return table;
    }
    if rows.len() > MOST_ROWS {
        let words = format!("{} rows; the first {MOST_ROWS} are taken", rows.len());
        table.problems.push(heading_fault(words));
    }
    let fill: Vec<(&str, &str)> =
        OPTIONAL.into_iter().filter(|(name, _)| !names.iter().any(|have| have == name)).collect();
    let mut full = names.join(",");
    fill.iter().for_each(|(name, _)| {
        full.push(',');
        full.push_str(name);
    });
    for (i, line) in rows.iter().take(MOST_ROWS).enumerate() {
        let fields: Vec<&str> = line.split(separator).map(|f| f.trim().trim_matches('"')).collect();
        let mut row = fields.join(",");
        fill.iter().for_each(|(_, value)| {
            row.push(',');
            row.push_str(value);
        });
        match point(&format!("{full}\n{row}\n"), i + 1) {
            Ok(point) => table.points.push(point),
            Err(words) => table.problems.push(Problem { row: i + 1, words }),
        }
    }
    table
}

fn column_name(text: &str) -> String {
    let name = text.trim().trim_matches('"').to_lowercase();
    let known = ALIASES.into_iter().find(|(alias, _)| *alias == name);
    known.map_or(name, |(_, ours)| ours.to_owned())
}

/// The point of a table of one row.
fn point(text: &str, row: usize) -> Result<Measured, String> {
    // The table is one row long: "row 1" of its messages is the row of the user's own table.
    let plain = |e: super::CaseError| {
        let words = e.to_string();
        let words = words.strip_prefix("pasted: ").unwrap_or(&words);
        words.strip_prefix("row 1: ").or(words.strip_prefix("row 1 ")).unwrap_or(words).to_owned()
    };
    let rows = Rows::of("pasted", text).map_err(plain)?;
    let shapes = models().map_err(plain)?;
    let mut case = serving(&shapes, &rows, 0).map_err(plain)?;
    if let Some(layout) = &mut case.layout {
        for width in [&mut layout.data, &mut layout.expert] {
            *width = (*width).max(1);
        }
        case.gpus = layout.gpus();
    }
    let ms = |name: &str| rows.number(0, name).map_err(plain);
    let (tpot, ttft) = (ms("tpot_ms")?, ms("ttft_ms")?);
    if !(tpot.is_finite() && tpot > 0.0) {
        return Err(format!("tpot_ms is \"{tpot}\", but must be above 0"));
    }
    let label = format!(
        "{} {} on {}, {}",
        rows.text(0, "model").map_err(plain)?,
        rows.text(0, "precision").map_err(plain)?,
        rows.text(0, "system").map_err(plain)?,
        case.layout.map_or_else(String::new, |l| l.label()),
    );
    let ttft_s = (ttft.is_finite() && ttft > 0.0).then_some(ttft / MS);
    Ok(Measured { row, label, case, tpot_s: tpot / MS, ttft_s })
}

/// Asks the model about every point of a table; points that it refuses join the problems.
///
/// # Errors
/// [`Cancelled`] once nobody waits for it.
pub fn compare(
    table: Table,
    cancel: &CancelToken,
) -> Result<(Vec<Residual>, Vec<Problem>), Cancelled> {
    let Table { points, mut problems } = table;
    let mut residuals = Vec::with_capacity(points.len());
    for measured in points {
        cancel.check()?;
        match solve_serving(&measured.case) {
            Ok(answer) => residuals.push(Residual {
                tpot_s: answer.point.tpot_s,
                ttft_s: answer.point.ttft_s,
                measured,
            }),
            Err(e) => problems.push(Problem { row: measured.row, words: e.to_string() }),
        }
    }
    problems.sort_by_key(|p| p.row);
    Ok((residuals, problems))
}

/// Error of the model over a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Median of the absolute errors, %.
    pub median_pct: f64,
    /// 90 % of the absolute errors lie below, %.
    pub p90_pct: f64,
    /// Median of the signed errors, %: what the model is off by as a whole.
    pub bias_pct: f64,
    /// Points counted.
    pub count: usize,
}

/// Errors of some values in percent; `None` without any.
#[must_use]
pub fn errors(values: impl Iterator<Item = f64>) -> Option<Errors> {
    let mut signed: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    let mut size: Vec<f64> = signed.iter().map(|v| v.abs()).collect();
    signed.sort_by(f64::total_cmp);
    size.sort_by(f64::total_cmp);
    if size.is_empty() {
        return None;
    }
    Some(Errors {
        median_pct: quantile(&size, 0.5),
        p90_pct: quantile(&size, 0.9),
        bias_pct: quantile(&signed, 0.5),
        count: size.len(),
    })
}

/// The points as a scatter of modelled over measured times per output token.
#[must_use]
pub fn picture(residuals: &[Residual]) -> Picture {
    let point = |r: &Residual| Point {
        label: format!("row {} · {}", r.measured.row, r.measured.label),
        reference: r.measured.tpot_s * MS,
        reference_std: 0.0,
        ours: r.tpot_s * MS,
    };
    Picture::Scatter {
        quantity: "Time per output token".into(),
        unit: "ms",
        points: residuals.iter().map(point).collect(),
        band: Some(0.2),
        log: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "DeepSeek-R1,b200_sxm,fp4,1024,1024,64,8,1,8,300,18";

    fn with_heading(rows: &[&str]) -> Table {
        read(&format!("# mine\n{EXAMPLE_HEADER}\n{}\n", rows.join("\n")))
    }

    #[test]
    fn good_rows_are_answered_and_bad_ones_say_where_and_what() {
        let table = with_heading(&[
            GOOD,
            "DeepSeek-R1,b200_sxm,fp4,1024,1024,64,eight,1,8,300,18",
            "DeepSeek-R1,abacus,fp4,1024,1024,64,8,1,8,300,18",
            "DeepSeek-R1,b200_sxm,fp4,1024,1024,64,8,1,8,300,0",
            "DeepSeek-R1,b200_sxm",
        ]);
        assert_eq!(table.points.len(), 1, "{:?}", table.problems);
        let words: Vec<(usize, &str)> =
            table.problems.iter().map(|p| (p.row, p.words.as_str())).collect();
        assert_eq!(words.iter().map(|w| w.0).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(words[0].1.contains("tp") && words[0].1.contains("eight"), "{words:?}");
        assert!(words[1].1.contains("system") && words[1].1.contains("abacus"), "{words:?}");
        assert!(words[2].1.contains("tpot_ms"), "{words:?}");
        assert!(words[3].1.contains("fields"), "{words:?}");
        let (residuals, problems) = compare(table, &CancelToken::never()).unwrap();
        assert_eq!((residuals.len(), problems.len()), (1, 4));
        assert!(residuals[0].tpot_s > 0.0 && residuals[0].ttft_error_pct().is_some());
    }

    #[test]
    fn a_sheet_pasted_with_tabs_and_other_names_reads_alike() {
        let heading = EXAMPLE_HEADER
            .replace(",tp,", ",tp_size,")
            .replace("tpot_ms", "silicon_tpot_ms")
            .replace(',', "\t");
        let pasted = read(&format!("{heading}\n{}", GOOD.replace(',', "\t")));
        assert_eq!(pasted.points, with_heading(&[GOOD]).points);
    }

    #[test]
    fn a_heading_without_a_needed_column_is_named() {
        let table = read("model,system\na,b\n");
        assert!(table.problems[0].words.contains("tpot_ms"), "{:?}", table.problems);
        assert_eq!(read("").problems.len(), 1);
    }

    #[test]
    fn errors_are_medians_of_size_and_of_sign() {
        let e = errors([10.0, -20.0, 30.0].into_iter()).unwrap();
        assert!((e.median_pct - 20.0).abs() < 1e-12 && (e.bias_pct - 10.0).abs() < 1e-12);
        assert_eq!(errors([f64::NAN].into_iter()), None);
    }
}
