//! What a row says of prompts found in a cache and of speculative decoding.
//!
//! Columns, none of which is needed: `cached_prompt_pct` (0 to 99) or `prefix` (tokens at the
//! beginning of every prompt that are found in a cache, aiconfigurator's name); `drafted` (tokens
//! guessed per step, `nextn` in aiconfigurator; 0 for none) with `accepted` (mean number of those).

use super::CaseError;
use super::text_table::Row;
use crate::evaluate::workload::Speculation;

/// Most of a prompt that a cache holds, percent: its end is new in every request.
const MOST_CACHED_PCT: f64 = 99.0;
/// Most tokens drafted per step.
const MOST_DRAFTED: u32 = 16;

/// Share of a prompt of `input_tokens`, as the row counts them, that is found in a cache.
pub(super) fn cached_prompt_fraction(row: Row<'_>, input_tokens: f64) -> Result<f64, CaseError> {
    if let Some(percent) = row.number("cached_prompt_pct")? {
        if !(0.0..=MOST_CACHED_PCT).contains(&percent) {
            return Err(row.problem("cached_prompt_pct", "a number from 0 to 99"));
        }
        return Ok(percent / 100.0);
    }
    let Some(prefix) = row.number("prefix")? else { return Ok(0.0) };
    let most = input_tokens * MOST_CACHED_PCT / 100.0;
    if (0.0..=most).contains(&prefix) {
        Ok(prefix / input_tokens)
    } else {
        Err(row.problem("prefix", "a number from 0 to 99 % of isl"))
    }
}

/// Speculation of a row that states it: `Some(None)` where it says that nothing is drafted, `None`
/// where it does not say.
pub(super) fn speculation(row: Row<'_>) -> Result<Option<Option<Speculation>>, CaseError> {
    let Some(stated) = row.number("drafted")? else {
        return match row.number("accepted")? {
            None => Ok(None),
            Some(_) => Err(row.problem("drafted", "a number from 0 to 16 where accepted is given")),
        };
    };
    if stated == 0.0 {
        return Ok(Some(None));
    }
    let must = "a whole number from 0 to 16";
    let depth = row.count("drafted")?.filter(|n| *n <= MOST_DRAFTED);
    let Some(depth) = depth else { return Err(row.problem("drafted", must)) };
    let accepted = row.number("accepted")?.filter(|a| (0.0..=f64::from(depth)).contains(a));
    let Some(accepted) = accepted else {
        return Err(row.problem("accepted", &format!("a number from 0 to drafted, {depth}")));
    };
    Ok(Some(Some(Speculation { depth, accepted })))
}

#[cfg(test)]
mod tests {
    use super::super::serving_rows;
    use super::*;
    use crate::catalog::load::shipped;

    /// The first row of a table with these columns beside what every row needs.
    fn row(columns: &str, fields: &str) -> Result<serving_rows::Asked, CaseError> {
        let text = format!(
            "model,system,isl,osl,concurrency,tp_size,precision,{columns}\n\
             llama31_70b,h100_sxm,4000,1000,16,4,fp8,{fields}\n"
        );
        let catalog = shipped().unwrap();
        serving_rows::read("t.csv", &text, &catalog).unwrap().asked.remove(0)
    }

    #[test]
    fn a_cache_is_told_in_percent_or_tokens() {
        let of = |columns: &str, fields: &str| row(columns, fields).map(|a| a.case);
        assert_eq!(of("cached_prompt_pct", "25").unwrap().cached_prompt_fraction, 0.25);
        assert_eq!(of("prefix", "1000").unwrap().cached_prompt_fraction, 0.25);
        assert_eq!(of("prefix", "").unwrap().cached_prompt_fraction, 0.0);
        for (column, bad) in [("cached_prompt_pct", "100"), ("prefix", "4000"), ("prefix", "-1")] {
            let said = of(column, bad).unwrap_err().to_string();
            assert!(said.contains(column) && said.contains(bad) && said.contains("99"), "{said}");
        }
    }

    #[test]
    fn a_cached_prompt_is_answered_sooner() {
        let ttft =
            |percent: &str| row("cached_prompt_pct", percent).unwrap().solve().unwrap().0.ttft_s;
        assert!(ttft("75") < 0.6 * ttft("0"), "{} {}", ttft("75"), ttft("0"));
    }

    #[test]
    fn drafts_are_as_stated_and_never_more_accepted_than_drafted() {
        let of = |columns: &str, fields: &str| row(columns, fields).map(|a| a.case.software);
        let stated = of("drafted,accepted", "2,1.4").unwrap().speculation;
        assert_eq!(stated, Some(Speculation { depth: 2, accepted: 1.4 }));
        assert_eq!(of("nextn,accepted", "0,").unwrap().speculation, None);
        for (fields, column) in
            [("2,2.1", "accepted"), ("2,", "accepted"), ("1.5,1", "drafted"), ("99,1", "drafted")]
        {
            let said = of("drafted,accepted", fields).unwrap_err().to_string();
            assert!(said.contains(column), "{fields}: {said}");
        }
        let said = of("accepted", "1").unwrap_err().to_string();
        assert!(said.contains("drafted is blank"), "{said}");
    }

    #[test]
    fn unknown_names_and_impossible_layouts_are_told_by_row() {
        let catalog = shipped().unwrap();
        let said = |line: &str| {
            let text = format!("model,system,isl,osl,concurrency,tp_size\n{line}\n");
            match serving_rows::read("t.csv", &text, &catalog).unwrap().asked.remove(0) {
                Err(error) => error.to_string(),
                Ok(asked) => asked.solve().unwrap_err().to_string(),
            }
        };
        let model = said("llama31_70c,h100_sxm,1000,100,8,4");
        assert!(model.contains("llama31_70c") && model.contains("Llama"), "{model}");
        let gpu = said("llama31_70b,h1000,1000,100,8,4");
        assert!(gpu.contains("h1000") && gpu.contains("H100"), "{gpu}");
        let missing = said("llama31_70b,h100_sxm,,100,8,4");
        assert!(missing.contains("isl is blank") && missing.contains("line 2"), "{missing}");
    }
}
