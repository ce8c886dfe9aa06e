//! What dead racks cost in tokens.
//!
//! The workload stage says how many accelerators a replica has, not where it stands. Rule: replicas
//! fill the racks of their group in order, accelerator by accelerator, so one may span racks and
//! dies with any of them. Training is lock-step: the whole job stops with any part. After a restart
//! the surviving accelerators are filled again; what is then still missing lasts until the repair.

use super::case::{ResilienceCase, TokenGroup};

/// Tokens that a state costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lost {
    /// Until the jobs are restarted on what is left, tokens/s.
    pub at_once: f64,
    /// From then until the repair, tokens/s.
    pub lasting: f64,
}

/// Output of all groups, tokens/s.
#[must_use]
pub fn total(case: &ResilienceCase) -> f64 {
    case.tokens.iter().map(|g| g.tokens_per_s).sum()
}

/// What it costs that the loads marked in `dead` have no power.
#[must_use]
pub fn lost(case: &ResilienceCase, dead: &[bool]) -> Lost {
    let all_dead = |loads: &[usize]| !loads.is_empty() && loads.iter().all(|&i| dead[i]);
    if all_dead(&case.network) || all_dead(&case.storage) {
        let all = total(case);
        return Lost { at_once: all, lasting: all };
    }
    let mut sum = Lost::default();
    for group in &case.tokens {
        let of_group = lost_of(group, dead);
        sum.at_once += of_group.at_once;
        sum.lasting += of_group.lasting;
    }
    sum
}

fn lost_of(group: &TokenGroup, dead: &[bool]) -> Lost {
    if group.replicas == 0 || group.replica_gpus == 0 {
        return Lost::default();
    }
    let (size, count) = (u64::from(group.replica_gpus), u64::from(group.replicas));
    let used = size * count;
    let mut hit = vec![false; group.replicas as usize];
    let (mut start, mut alive) = (0_u64, 0_u64);
    for &(load, gpus) in &group.racks {
        let end = start + u64::from(gpus);
        if !dead[load] {
            alive += u64::from(gpus);
        } else if start < used && end > start {
            let (first, last) = (start / size, (end.min(used) - 1) / size);
            hit[first as usize..=last as usize].fill(true);
        }
        start = end;
    }
    let each = group.tokens_per_s / count as f64;
    let stopped = hit.iter().filter(|h| **h).count() as u64;
    let refilled = (alive / size).min(count);
    let stopped = if group.lock_step && stopped > 0 { count } else { stopped };
    Lost { at_once: each * stopped as f64, lasting: each * (count - refilled) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(racks: u32, gpus: u32, replica_gpus: u32, lock_step: bool) -> TokenGroup {
        let replicas = racks * gpus / replica_gpus;
        TokenGroup {
            racks: (0..racks as usize).map(|i| (i, gpus)).collect(),
            replica_gpus,
            replicas,
            tokens_per_s: 1200.0,
            lock_step,
        }
    }

    #[test]
    fn small_replicas_die_with_their_rack_only() {
        let lost = lost_of(&group(4, 72, 8, false), &[false, true, false, false]);
        assert_eq!((lost.at_once, lost.lasting), (300.0, 300.0));
    }

    #[test]
    fn a_replica_over_two_racks_dies_with_either_and_is_refilled() {
        let group = group(4, 8, 16, false);
        let lost = lost_of(&group, &[false, true, false, false]);
        assert_eq!((lost.at_once, lost.lasting), (600.0, 600.0));
        // One rack of each replica: both stop, and one fits again on what is left.
        let lost = lost_of(&group, &[true, false, true, false]);
        assert_eq!((lost.at_once, lost.lasting), (1200.0, 600.0));
    }

    #[test]
    fn training_stops_as_a_whole_and_goes_on_smaller() {
        let lost = lost_of(&group(4, 72, 8, true), &[false, false, false, true]);
        assert_eq!((lost.at_once, lost.lasting), (1200.0, 300.0));
    }

    #[test]
    fn racks_beyond_the_last_replica_cost_nothing() {
        let mut spare = group(4, 8, 8, false);
        spare.replicas = 3;
        let lost = lost_of(&spare, &[false, false, false, true]);
        assert_eq!((lost.at_once, lost.lasting), (0.0, 0.0));
    }
}
