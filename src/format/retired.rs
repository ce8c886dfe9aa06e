//! Planning assumptions that became part of the plan, or are now computed. Files that still carry
//! them open: what they say moves to where it is read.

use crate::catalog::{AssumptionSpec, Table};
use crate::plan::serving::MOST_CACHED_PCT;
use crate::plan::{Job, Plan};
use std::sync::Arc;

/// Share of prompt tokens found in a cache: a field of the serving job since 2026-11-23.
const PROMPT_CACHE: &str = "prompt_cache_share";
/// Cost of an input over an output token: found by the workload stage since 2026-11-23.
const INPUT_COST: &str = "input_token_cost_ratio";

/// Moves what the plan says under a retired name; a field that the plan sets itself stands.
pub(super) fn moved(plan: &mut Plan) {
    let own = &plan.finance.assumptions;
    if !own.contains_key(PROMPT_CACHE) && !own.contains_key(INPUT_COST) {
        return;
    }
    let finance = Arc::make_mut(&mut plan.finance);
    finance.assumptions.remove(INPUT_COST);
    let Some(share) = finance.assumptions.remove(PROMPT_CACHE) else { return };
    if let Job::Serving(job) = &mut Arc::make_mut(&mut plan.workload).job
        && job.cached_prompt_pct == 0.0
        && share.is_finite()
    {
        job.cached_prompt_pct = (share * 100.0).clamp(0.0, MOST_CACHED_PCT);
    }
}

/// The assumptions that are still asked for.
pub(super) fn kept(assumptions: Table<AssumptionSpec>) -> Table<AssumptionSpec> {
    if [PROMPT_CACHE, INPUT_COST].iter().all(|id| assumptions.find(id).is_none()) {
        return assumptions;
    }
    let mut kept = Table::default();
    for entry in assumptions.iter().filter(|e| ![PROMPT_CACHE, INPUT_COST].contains(&&*e.id)) {
        kept.insert(Arc::clone(entry));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{from_text, to_text};

    const FIRST_FILE: &str = include_str!("../../tests/format/v1/small.plan.ron");

    fn serving(plan: &Plan) -> &crate::plan::Serving {
        let Job::Serving(job) = &plan.workload.job else { panic!("the file serves") };
        job
    }

    #[test]
    fn a_cache_share_among_the_assumptions_moves_to_the_job() {
        let mut opened = from_text(FIRST_FILE).unwrap();
        assert_eq!(serving(&opened.plan).cached_prompt_pct, 0.0);
        let own = &mut Arc::make_mut(&mut opened.plan.finance).assumptions;
        own.insert(PROMPT_CACHE.into(), 0.4);
        own.insert(INPUT_COST.into(), 0.2);
        own.insert("wacc".into(), 0.08);
        let text = to_text(&opened.plan, &opened.embedded).unwrap();
        let again = from_text(&text).unwrap().plan;
        assert_eq!(serving(&again).cached_prompt_pct, 40.0);
        assert_eq!(again.finance.assumptions.keys().collect::<Vec<_>>(), ["wacc"]);
    }

    #[test]
    fn retired_assumptions_of_a_file_are_not_shown_again() {
        let plan = from_text(FIRST_FILE).unwrap().plan;
        let mut catalog = crate::catalog::load::shipped().unwrap().as_ref().clone();
        let assumptions = &mut catalog.assumptions;
        let before = assumptions.len();
        for id in [PROMPT_CACHE, INPUT_COST] {
            let mut entry = assumptions.find("wacc").unwrap().as_ref().clone();
            entry.id = id.into();
            assumptions.insert(Arc::new(entry));
        }
        let text = to_text(&plan, &catalog).unwrap();
        assert!(text.contains(PROMPT_CACHE) && text.contains(INPUT_COST));
        let again = from_text(&text).unwrap().embedded.assumptions;
        assert_eq!(again.len(), before);
        assert!(again.find(PROMPT_CACHE).is_none() && again.find(INPUT_COST).is_none());
    }
}
