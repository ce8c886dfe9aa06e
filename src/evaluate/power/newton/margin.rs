//! How far all loads can grow together: continuation along the load factor.
//!
//! All loads (P and Q) and the power of PV buses are multiplied by one factor; slack buses take the
//! rest, reactive limits are off. From the last solution the factor is raised by a step that is
//! halved whenever the iteration finds no solution, or one that is not the next on the same branch
//! (a jump of some voltage, or a Jacobian whose determinant changed sign), until the step is
//! negligible. There the Jacobian is all but singular: the nose of the curve of voltage over load.

use super::{NetworkError, Newton, Solved};

/// First step of the load factor.
const FIRST_STEP: f64 = 0.2;
/// Step at which the limit counts as found, relative to the factor.
const LAST_STEP: f64 = 1e-8;
/// Largest change of |V| between two steps on one branch, share of the start voltage.
const MOST_JUMP: f64 = 0.3;
/// Voltages below this share of the start are past every nose.
const LOWEST: f64 = 0.2;
/// Factor beyond which there is no limit worth naming: nothing is drawn.
const NO_LIMIT: f64 = 1e6;

/// The largest load that a network carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// Largest common factor on all loads with a solution; none if nothing limits it.
    pub max_load_factor: Option<f64>,
    /// Lowest voltage there, p.u.
    pub lowest_vm_pu: f64,
    /// The bus that has it: the first limit.
    pub lowest_bus: String,
}

/// Where a climb ended.
struct Climb {
    factor: f64,
    iterations: usize,
    reached: bool,
}

impl Newton {
    /// The load factor at which voltage collapses.
    ///
    /// # Errors
    /// A network that is not solved even without load.
    pub fn margin(&mut self) -> Result<Margin, NetworkError> {
        let start = if self.solve().is_ok() { 1.0 } else { self.unloaded()? };
        let climb = self.climb(start, NO_LIMIT);
        let (lowest_vm_pu, lowest_bus) = self.lowest_bus();
        let max_load_factor = (!climb.reached).then_some(climb.factor);
        Ok(Margin { max_load_factor, lowest_vm_pu, lowest_bus })
    }

    /// Solves a case that Newton does not reach from the start: with loads that grow from nothing.
    pub(super) fn climb_to_drawn_load(&mut self, so_far: usize) -> Result<Solved, NetworkError> {
        let start = self.unloaded()?;
        let climb = self.climb(start, 1.0);
        if climb.reached {
            let mismatch_pu = self.iteration.undamped(1.0, false).mismatch_pu;
            return Ok(Solved { iterations: so_far + climb.iterations, mismatch_pu });
        }
        let (v_pu, bus) = self.lowest_bus();
        Err(NetworkError::Collapse { percent: 100.0 * climb.factor, bus, v_pu })
    }

    /// Solves without load and generation; the factor, 0.
    fn unloaded(&mut self) -> Result<f64, NetworkError> {
        self.iteration.reset();
        let mut end = self.iteration.undamped(0.0, true);
        if !end.converged {
            self.iteration.reset();
            end = self.iteration.damped(0.0);
        }
        if end.converged {
            return Ok(0.0);
        }
        let bus = self.bus_at(end.worst);
        let (iterations, mismatch_pu) = (end.iterations, end.mismatch_pu);
        Err(NetworkError::NotConverged { iterations, mismatch_pu, bus })
    }

    /// Raises the factor from a solved state as far as `target`; voltages are left at the last
    /// solution.
    fn climb(&mut self, start: f64, target: f64) -> Climb {
        let mut climb = Climb { factor: start, iterations: 0, reached: false };
        let mut step = FIRST_STEP;
        let mut last = self.iteration.v.clone();
        let sign = self.iteration.determinant_is_positive(start);
        while step > LAST_STEP * climb.factor.max(1.0) {
            let factor = (climb.factor + step).min(target);
            let end = self.iteration.undamped(factor, false);
            climb.iterations += end.iterations;
            let same_branch = end.converged
                && self.iteration.lowest().0 > LOWEST
                && self.iteration.jump(&last) < MOST_JUMP
                && self.iteration.determinant_is_positive(factor) == sign;
            if same_branch {
                climb.factor = factor;
                last.copy_from_slice(&self.iteration.v);
                if factor >= target {
                    climb.reached = true;
                    return climb;
                }
                // A step that is easily made is doubled: a network can carry 100 times its load.
                const EASY: usize = 4;
                if end.iterations <= EASY {
                    step *= 2.0;
                }
            } else {
                self.iteration.v.copy_from_slice(&last);
                step *= 0.5;
            }
        }
        climb
    }

    /// Lowest voltage relative to the start, and its bus.
    fn lowest_bus(&self) -> (f64, String) {
        let mut lowest = (f64::INFINITY, 0);
        for (i, v) in self.iteration.v.iter().enumerate() {
            if v.abs() < lowest.0 {
                lowest = (v.abs(), i);
            }
        }
        (lowest.0, self.bus_at(lowest.1))
    }
}
