//! Answers to a network file, with the keys of its reference solution.

use super::{DcPower, GENERATOR, Unsolved};
use crate::evaluate::power::grid::{BranchFlow, GridSolver, Switching};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const SQRT_3: f64 = 1.732_050_807_568_877_2;

impl DcPower {
    /// Solves every scenario and answers with the keys of the reference.
    ///
    /// # Errors
    /// A normal state that collapses, or islands that feed each other. A collapse in another
    /// scenario is told in its place.
    pub fn answer(&self) -> Result<Value, Unsolved> {
        let mut base = self.solver(0)?;
        base.solve(&self.grid).map_err(|c| self.collapsed(&c))?;
        let mut flows = Vec::new();
        base.branches(&self.grid, &mut flows);
        let normal = self.normal(&base, &flows);
        let scenarios = self
            .scenarios
            .par_iter()
            .map_init(
                || (base.clone(), Vec::new()),
                |(solver, flows), (id, switching)| {
                    Ok((id.clone(), self.scenario(&base, solver, flows, switching)?))
                },
            )
            .collect::<Result<Vec<(String, Value)>, Unsolved>>()?;
        Ok(json!({
            "network": self.file.name,
            "converged": true,
            "iterations": base.sweeps(),
            "normal": normal,
            "scenarios": scenarios.into_iter().collect::<Map<_, _>>(),
        }))
    }

    /// The normal state and every scenario once more, in the scratch space of `solvers`; what
    /// `--repeat` times. Returns the power of the sources of all, to have an answer.
    ///
    /// # Errors
    /// As of [`Self::answer`].
    pub fn again(
        &self,
        base: &mut GridSolver,
        flows: &mut Vec<BranchFlow>,
    ) -> Result<f64, Unsolved> {
        base.solve(&self.grid).map_err(|c| self.collapsed(&c))?;
        base.branches(&self.grid, flows);
        Ok(base.totals(&self.grid).source_w)
    }

    /// Every scenario from the solved normal state on one thread; collapsed ones are skipped.
    ///
    /// # Errors
    /// Islands that feed each other.
    pub fn outages(
        &self,
        base: &GridSolver,
        solver: &mut GridSolver,
        flows: &mut Vec<BranchFlow>,
    ) -> Result<f64, Unsolved> {
        let mut sum = 0.0;
        for (_, switching) in &self.scenarios {
            solver.switch(&self.grid, switching).map_err(|e| self.misfit(&e))?;
            if solver.solve_like(&self.grid, base).is_ok() {
                solver.branches(&self.grid, flows);
                sum += solver.totals(&self.grid).source_w;
            }
        }
        Ok(sum)
    }

    fn scenario(
        &self,
        base: &GridSolver,
        solver: &mut GridSolver,
        flows: &mut Vec<BranchFlow>,
        switching: &Switching,
    ) -> Result<Value, Unsolved> {
        solver.switch(&self.grid, switching).map_err(|e| self.misfit(&e))?;
        if let Err(collapse) = solver.solve_like(&self.grid, base) {
            return Ok(
                json!({ "converged": false, "error": self.collapsed(&collapse).to_string() }),
            );
        }
        solver.branches(&self.grid, flows);
        let mut told = self.summary(solver, flows);
        let names = |list: &[usize], of: &dyn Fn(usize) -> String| {
            list.iter().map(|i| of(*i)).collect::<Vec<_>>()
        };
        let source = |i: usize| self.file.sources[i].id.clone();
        let mut out = names(&switching.sources_out, &source);
        out.extend(names(&switching.branches_out, &|i| self.branch_id(i).to_owned()));
        out.extend(names(&switching.converters_out, &|i| self.file.ups[i].id.clone()));
        let mut closed = names(&switching.sources_in, &source);
        closed.extend(names(&switching.branches_in, &|i| self.branch_id(i).to_owned()));
        told.insert("out".into(), json!(out));
        told.insert("in".into(), json!(closed));
        told.insert("genset_loading_percent".into(), self.genset_loading(solver, switching));
        Ok(Value::Object(told))
    }

    /// What is told of every state.
    fn summary(&self, solver: &GridSolver, flows: &[BranchFlow]) -> Map<String, Value> {
        let totals = solver.totals(&self.grid);
        let (pdu, plain): (Vec<_>, Vec<_>) =
            self.transformer_loadings(solver, flows).partition(|(id, _)| id.starts_with('P'));
        let cables = self.file.cables.iter().enumerate().filter(|(i, _)| solver.carries(*i));
        let loadings = cables.map(|(i, c)| (100.0 * self.cable_a(i, flows) / c.i_max_a, &c.id));
        let max_cable = loadings.max_by(|a, b| a.0.total_cmp(&b.0));
        let served = |i: &usize| !solver.served(*i);
        let loads = self.file.racks.iter().chain(&self.file.mech).map(|l| l.id.clone());
        let unserved: Vec<String> =
            loads.enumerate().filter(|(i, _)| served(i)).map(|(_, id)| id).collect();
        let value = json!({
            "served_load_mw": totals.served_w * 1e-6,
            "source_p_mw": totals.source_w * 1e-6,
            "total_loss_mw": (totals.source_w - totals.served_w) * 1e-6,
            "sources": self.sources(solver),
            "losses_mw": self.losses(solver, flows),
            "transformer_loading_percent": plain.into_iter().collect::<BTreeMap<_, _>>(),
            "max_pdu_loading_percent": pdu.iter().map(|(_, l)| *l).fold(0.0, f64::max),
            "ups_loading_percent": self.ups_loadings(solver),
            "max_cable": max_cable.map(|(loading, id)| json!([id, loading])),
            "min_rack_v": self.min_rack_v(solver),
            "unserved": unserved,
        });
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// The normal state, element by element.
    fn normal(&self, solver: &GridSolver, flows: &[BranchFlow]) -> Value {
        let mut told = self.summary(solver, flows);
        let (mut vm, mut va) = (Map::new(), Map::new());
        for (i, bus) in self.file.buses.iter().enumerate() {
            if let Some(v) = solver.voltage(i) {
                vm.insert(bus.id.clone(), v.norm_sqr().sqrt().into());
                va.insert(bus.id.clone(), v.im.atan2(v.re).to_degrees().into());
            }
        }
        let loadings: BTreeMap<_, _> = self.transformer_loadings(solver, flows).collect();
        let first = self.file.cables.len();
        let transformers = self.file.transformers.iter().enumerate().filter_map(|(i, t)| {
            let flow = &flows[first + i];
            let told = json!({
                "loading_percent": loadings.get(&t.id)?,
                "p_hv_mw": flow.s_f.re * 1e-6,
                "q_hv_mvar": flow.s_f.im * 1e-6,
                "loss_mw": flow.loss_w * 1e-6,
            });
            Some((t.id.clone(), told))
        });
        let cables = self.file.cables.iter().enumerate().filter_map(|(i, c)| {
            let i_a = self.cable_a(i, flows);
            let told = json!({
                "i_a": i_a,
                "loading_percent": 100.0 * i_a / c.i_max_a,
                "p_from_mw": flows[i].s_f.re * 1e-6,
                "loss_kw": flows[i].loss_w * 1e-3,
            });
            solver.carries(i).then(|| (c.id.clone(), told))
        });
        let ups = self.file.ups.iter().enumerate().filter_map(|(i, u)| {
            let flow = solver.converter(&self.grid, i)?;
            let told = json!({
                "p_out_mw": flow.out.re * 1e-6,
                "q_out_mvar": flow.out.im * 1e-6,
                "p_in_mw": flow.into.re * 1e-6,
                "q_in_mvar": flow.into.im * 1e-6,
                "loss_mw": flow.loss_w * 1e-6,
                "loading_percent": 100.0 * flow.out.re * 1e-6 / u.p_mw,
            });
            Some((u.id.clone(), told))
        });
        told.insert("transformers".into(), transformers.collect::<Map<_, _>>().into());
        told.insert("cables".into(), cables.collect::<Map<_, _>>().into());
        told.insert("ups".into(), ups.collect::<Map<_, _>>().into());
        told.insert("vm_pu".into(), vm.into());
        told.insert("va_deg".into(), va.into());
        told.insert("iterations".into(), solver.sweeps().into());
        told.into()
    }

    fn branch_id(&self, branch: usize) -> &str {
        let cables = self.file.cables.len();
        match self.file.cables.get(branch) {
            Some(cable) => &cable.id,
            None => &self.file.transformers[branch - cables].id,
        }
    }

    fn sources(&self, solver: &GridSolver) -> BTreeMap<&str, [f64; 2]> {
        let of = |i: usize| {
            let s = solver.source(i).scale(1e-6);
            (self.file.sources[i].id.as_str(), [s.re, s.im])
        };
        (0..self.file.sources.len()).filter(|i| solver.source_runs(*i)).map(of).collect()
    }

    fn losses(&self, solver: &GridSolver, flows: &[BranchFlow]) -> BTreeMap<String, f64> {
        let mut losses = BTreeMap::new();
        for (i, flow) in flows.iter().enumerate() {
            let kind = match self.file.cables.get(i) {
                Some(_) if !solver.carries(i) => continue,
                Some(cable) => cable.kind.clone(),
                None => "transformers".into(),
            };
            *losses.entry(kind).or_insert(0.0) += flow.loss_w * 1e-6;
        }
        let ups = (0..self.file.ups.len()).filter_map(|i| solver.converter(&self.grid, i));
        losses.insert("ups".into(), ups.map(|flow| flow.loss_w * 1e-6).sum::<f64>() + 0.0);
        losses
    }

    /// Current of a cable: the larger of both ends, A.
    fn cable_a(&self, cable: usize, flows: &[BranchFlow]) -> f64 {
        let v = self.file.buses[self.grid.branches[cable].t].vn_kv * 1e3;
        flows[cable].j_f.max(flows[cable].j_t) / (SQRT_3 * v)
    }

    fn transformer_loadings<'a>(
        &'a self,
        solver: &'a GridSolver,
        flows: &'a [BranchFlow],
    ) -> impl Iterator<Item = (String, f64)> + 'a {
        let first = self.file.cables.len();
        self.file.transformers.iter().enumerate().filter_map(move |(i, t)| {
            let branch = &self.grid.branches[first + i];
            let flow = &flows[first + i];
            if !solver.carries(first + i) {
                return None;
            }
            let [hv, lv] = [branch.f, branch.t].map(|bus| self.file.buses[bus].vn_kv);
            let s_va = (flow.j_f * t.vn_hv_kv / hv).max(flow.j_t * t.vn_lv_kv / lv);
            Some((t.id.clone(), 100.0 * s_va * 1e-6 / t.sn_mva))
        })
    }

    fn ups_loadings(&self, solver: &GridSolver) -> BTreeMap<&str, f64> {
        let of = |(i, u): (usize, &'_ super::file::Ups)| {
            let flow = solver.converter(&self.grid, i)?;
            Some((i, 100.0 * flow.out.re * 1e-6 / u.p_mw))
        };
        let loadings = self.file.ups.iter().enumerate().filter_map(of);
        loadings.map(|(i, l)| (self.file.ups[i].id.as_str(), l)).collect()
    }

    fn min_rack_v(&self, solver: &GridSolver) -> Option<Value> {
        let feeds = self.grid.loads[..self.file.racks.len()].iter().flat_map(|l| &l.feeds);
        let live = feeds.filter_map(|b| Some((solver.voltage(*b)?.norm_sqr(), *b)));
        let lowest = live.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(json!([self.file.buses[lowest.1].id, lowest.0.sqrt()]))
    }

    /// Power of the sources over the rating of the generators that run; null if none does.
    fn genset_loading(&self, solver: &GridSolver, switching: &Switching) -> Value {
        let running = switching.sources_in.iter().map(|i| &self.file.sources[*i]);
        let rated_mw: f64 =
            running.filter(|s| s.kind == GENERATOR).map(|s| s.n * s.p_each_mw).sum();
        let source_mw = solver.totals(&self.grid).source_w * 1e-6;
        if rated_mw > 0.0 { (100.0 * source_mw / rated_mw).into() } else { Value::Null }
    }
}
