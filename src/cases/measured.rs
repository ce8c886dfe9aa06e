//! A user's own measured serving points beside the model: rows in the column convention of the
//! shipped table, from a clipboard or a file, answered one by one.

use super::statistics::quantile;
use super::{Picture, Point, serving_rows};
use crate::catalog::Catalog;
use crate::evaluate::cancel::{CancelToken, Cancelled};
use crate::evaluate::workload::{
    Disaggregated, ServingCase, ServingPoint, WorkloadError, solve_disaggregated, solve_serving,
};

/// Short names under which columns are known, and those of the published tables.
const ALIASES: [(&str, &str); 9] = [
    ("tp", "tp_size"),
    ("pp", "pp_size"),
    ("attention_dp", "attention_dp_size"),
    ("moe_ep", "moe_ep_size"),
    ("moe_tp", "moe_tp_size"),
    ("device", "system"),
    ("input_tokens", "isl"),
    ("output_tokens", "osl"),
    ("batch", "concurrency"),
];
/// Columns that a table must have.
const NEEDED: [&str; 6] = ["model", "system", "isl", "osl", "concurrency", "tp_size"];
/// Most rows that are taken.
pub const MOST_ROWS: usize = 5_000;
/// Milliseconds in a second.
const MS: f64 = 1e3;

/// A header that works, to start from.
pub const EXAMPLE_HEADER: &str =
    "model,system,backend,precision,isl,osl,concurrency,tp,attention_dp,moe_ep,ttft_ms,tpot_ms";

/// One measured point.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Row of the table, from 1, heading not counted.
    pub row: usize,
    /// What was run, in words.
    pub label: String,
    /// The question for the model.
    pub case: ServingCase,
    /// The workers of a disaggregated deployment.
    pub pools: Option<Disaggregated>,
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

/// Reads a table: commas, semicolons or tabs between fields, `#` before a comment. Models and
/// accelerators are those of the catalogue, by name.
#[must_use]
pub fn read(text: &str, catalog: &Catalog) -> Table {
    let mut table = Table::default();
    let lines: Vec<&str> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .collect();
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
    let heading = names.join(&separator.to_string());
    for (i, row) in rows.iter().take(MOST_ROWS).enumerate() {
        // Row by row: one that is cut short does not take the others with it.
        match point(&format!("{heading}\n{row}\n"), catalog, i + 1) {
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
fn point(text: &str, catalog: &Catalog, row: usize) -> Result<Measured, String> {
    const FILE: &str = "pasted";
    // The file has this row alone: the line of its messages is not that of the user's table.
    let plain = |e: super::CaseError| {
        let words = e.to_string();
        let words = words.strip_prefix(FILE).unwrap_or(&words).trim_start_matches([':', ' ']);
        words.strip_prefix("line 2: ").unwrap_or(words).to_owned()
    };
    let read = serving_rows::read(FILE, text, catalog).map_err(plain)?;
    let Some(asked) = read.asked.into_iter().next() else {
        return Err("the row is empty".to_owned());
    };
    let asked = asked.map_err(plain)?;
    let Some(tpot_s) = asked.tpot_s else {
        return Err("tpot_ms is blank, but must be a number above 0".to_owned());
    };
    let layout = asked.case.layout.map_or_else(String::new, |l| l.label());
    let label = format!("{} on {}, {layout}", asked.case.model.name, asked.case.device.name);
    let (case, pools, ttft_s) = (asked.case, asked.pools, asked.ttft_s);
    Ok(Measured { row, label, case, pools, tpot_s, ttft_s })
}

/// The model's answer to a point.
fn answer(measured: &Measured) -> Result<ServingPoint, WorkloadError> {
    match &measured.pools {
        Some(pools) => solve_disaggregated(&measured.case, pools),
        None => solve_serving(&measured.case).map(|answer| answer.point),
    }
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
        match answer(&measured) {
            Ok(answer) => {
                residuals.push(Residual { tpot_s: answer.tpot_s, ttft_s: answer.ttft_s, measured });
            }
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

    const GOOD: &str = "DeepSeek-R1,b200_sxm,trtllm,fp4,1024,1024,64,8,1,8,300,18";

    fn parsed(text: &str) -> Table {
        read(text, &crate::catalog::load::shipped().unwrap())
    }

    fn with_heading(rows: &[&str]) -> Table {
        parsed(&format!("# mine\n{EXAMPLE_HEADER}\n{}\n", rows.join("\n")))
    }

    #[test]
    fn good_rows_are_answered_and_bad_ones_say_where_and_what() {
        let table = with_heading(&[
            GOOD,
            "DeepSeek-R1,b200_sxm,trtllm,fp4,1024,1024,64,eight,1,8,300,18",
            "DeepSeek-R1,abacus,trtllm,fp4,1024,1024,64,8,1,8,300,18",
            "DeepSeek-R1,b200_sxm,trtllm,fp4,1024,1024,64,8,1,8,300,0",
            "DeepSeek-R1,b200_sxm",
        ]);
        assert_eq!(table.points.len(), 1, "{:?}", table.problems);
        let words: Vec<(usize, &str)> =
            table.problems.iter().map(|p| (p.row, p.words.as_str())).collect();
        assert_eq!(words.iter().map(|w| w.0).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(words[0].1.contains("tp_size") && words[0].1.contains("eight"), "{words:?}");
        assert!(words[1].1.contains("abacus"), "{words:?}");
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
        let pasted = parsed(&format!("{heading}\n{}", GOOD.replace(',', "\t")));
        assert_eq!(pasted.points.len(), 1, "{:?}", pasted.problems);
        assert_eq!(pasted.points, with_heading(&[GOOD]).points);
    }

    #[test]
    fn a_heading_without_a_needed_column_is_named() {
        let table = parsed("model,system\na,b\n");
        assert!(table.problems[0].words.contains("concurrency"), "{:?}", table.problems);
        assert_eq!(parsed("").problems.len(), 1);
    }

    #[test]
    fn errors_are_medians_of_size_and_of_sign() {
        let e = errors([10.0, -20.0, 30.0].into_iter()).unwrap();
        assert!((e.median_pct - 20.0).abs() < 1e-12 && (e.bias_pct - 10.0).abs() < 1e-12);
        assert_eq!(errors([f64::NAN].into_iter()), None);
    }
}
