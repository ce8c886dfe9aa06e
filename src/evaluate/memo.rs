//! Remembering the last answer of a stage: an equal case is not solved again.

use super::air::{AirCase, AirResult, AirState};
use super::fabric::{FabricCase, FabricResult};
use super::liquid::{LiquidCase, LiquidResult};
use super::plant::{PlantCase, PlantResult};
use super::power::case::PowerCase;
use super::power::resilience::{ResilienceCase, ResilienceResult};
use super::power::result::PowerResult;
use super::result::Quality;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The last case of a stage with its answer.
#[derive(Debug)]
pub struct Memo<C, R>(Option<(C, Arc<R>)>);

impl<C, R> Default for Memo<C, R> {
    fn default() -> Self {
        Self(None)
    }
}

impl<C: PartialEq, R> Memo<C, R> {
    /// The remembered answer, or a new one; and whether it was remembered.
    pub fn answer<E>(
        &mut self,
        case: C,
        solve: impl FnOnce(&C) -> Result<R, E>,
    ) -> Result<(Arc<R>, bool), E> {
        if let Some((last, answer)) = &self.0
            && *last == case
        {
            return Ok((Arc::clone(answer), true));
        }
        let answer = Arc::new(solve(&case)?);
        self.0 = Some((case, Arc::clone(&answer)));
        Ok((answer, false))
    }
}

/// What an evaluator remembers between evaluations.
#[derive(Debug, Default)]
pub struct Memory {
    /// Air, by quality: the grids differ.
    pub air: BTreeMap<Quality, Memo<AirCase, AirResult>>,
    /// Where the next air solve starts, by quality.
    pub air_state: BTreeMap<Quality, AirState>,
    /// Fabric.
    pub fabric: Memo<FabricCase, FabricResult>,
    /// Liquid.
    pub liquid: Memo<LiquidCase, LiquidResult>,
    /// Plant.
    pub plant: Memo<PlantCase, PlantResult>,
    /// Power.
    pub power: Memo<PowerCase, PowerResult>,
    /// Outages, availability, standby.
    pub resilience: Memo<ResilienceCase, ResilienceResult>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equal_case_is_not_solved_again() {
        let mut memo = Memo::<u32, u32>::default();
        let mut solved = 0;
        for case in [2, 2, 3, 2] {
            let answer = memo.answer(case, |c| {
                solved += 1;
                Ok::<u32, ()>(c * 10)
            });
            assert_eq!(*answer.unwrap().0, case * 10);
        }
        assert_eq!(solved, 3);
    }
}
