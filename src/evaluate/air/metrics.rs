//! Hall metrics and balances from a solved field.

use super::balance::Balanced;
use super::case::{AirCase, InletLimits, PortKind};
use super::energy::Energy;
use super::flow::Flow;
use super::laws::UnitState;
use super::result::{Balance, HallMetrics, RackAir, RackFlow, UnitAir};
use super::room::{Machines, PlacedRack, Room, Stream};

/// Everything that is known after a solve.
pub(super) struct Solved<'a> {
    pub case: &'a AirCase,
    pub room: &'a Room,
    pub machines: &'a Machines,
    pub balanced: &'a Balanced,
    pub flow: &'a Flow,
    pub energy: &'a Energy,
}

impl Solved<'_> {
    /// Temperature of a cell in K.
    pub fn t_k(&self, cell: usize) -> f64 {
        self.energy.t_ref_k + self.energy.theta[cell + self.flow.faces.lead()]
    }

    fn stream_t_k(&self, s: &Stream) -> Option<f64> {
        s.mean(|c| self.t_k(c))
    }

    pub fn room_mean_k(&self) -> f64 {
        let air = (0..self.room.grid.cells()).filter(|c| !self.room.solid[*c]);
        let (n, sum) = air.fold((0.0, 0.0), |(n, s), c| (n + 1.0, s + self.t_k(c)));
        if n > 0.0 { sum / n } else { self.energy.t_ref_k }
    }

    pub fn racks(&self, room_mean_k: f64) -> Vec<RackAir> {
        (0..self.case.racks.len()).map(|i| self.rack(i, room_mean_k)).collect()
    }

    fn rack(&self, i: usize, room_mean_k: f64) -> RackAir {
        let (rack, placed) = (&self.case.racks[i], &self.machines.racks[i]);
        let cells = &placed.intake.cells;
        let mean = if cells.is_empty() {
            room_mean_k
        } else {
            let n = cells.len() as f64;
            self.stream_t_k(&placed.intake)
                .unwrap_or_else(|| cells.iter().map(|(c, _)| self.t_k(*c)).sum::<f64>() / n)
        };
        let lead = self.flow.faces.lead();
        let recirculated = |c: usize| self.energy.recirculated[c + lead];
        let flowing = placed.flow != RackFlow::None;
        let exhaust_k =
            if flowing { self.energy.t_ref_k + self.energy.rack_exhaust[i] } else { mean };
        let rho_cp = self.case.air.rho_cp();
        let door_w = match &rack.options.door {
            Some(_) if flowing => {
                let carried_w = rho_cp * rack.room_flow_m3_s() * (exhaust_k - mean);
                rack.heat_w - rack.removed_w - carried_w
            }
            _ => 0.0,
        };
        let net_w = rack.heat_w - rack.removed_w - door_w;
        let server_inlet_k = mean + if flowing { rack.internal_rise_k(rho_cp) } else { 0.0 };
        RackAir {
            server_inlet_k,
            door_w,
            id: rack.id.clone(),
            object: rack.object,
            flow: placed.flow,
            intake_mean_k: mean,
            intake_std_k: 0.0,
            intake_error_k: 0.0,
            intake_max_k: cells.iter().map(|(c, _)| self.t_k(*c)).fold(mean, f64::max),
            intake_by_height_k: self.by_height(placed),
            exhaust_k,
            recirculation: placed.intake.mean(recirculated).unwrap_or(0.0),
            standing: rack.limits.as_ref().filter(|_| flowing).map(|l| l.standing(server_inlet_k)),
            heat_w: if flowing || !placed.around.is_empty() { net_w } else { 0.0 },
        }
    }

    fn by_height(&self, placed: &PlacedRack) -> Vec<f64> {
        let [nx, ny, nz] = self.room.grid.n;
        let mut layers = vec![(0.0, 0.0); nz];
        for (c, _) in &placed.intake.cells {
            let (n, sum) = &mut layers[c / (nx * ny)];
            *n += 1.0;
            *sum += self.t_k(*c);
        }
        layers.iter().filter(|(n, _)| *n > 0.0).map(|(n, sum)| sum / n).collect()
    }

    pub fn units(&self) -> Vec<UnitAir> {
        let rho_cp = self.case.air.rho_cp();
        let each = |(i, unit): (usize, &super::case::AirUnit)| {
            let placed = &self.machines.units[i];
            let flow_m3_s = placed.flow_m3_s;
            let set = unit.supply_t_k;
            let return_k = self.stream_t_k(&placed.intake).unwrap_or(set);
            let supply_k = if flow_m3_s > 0.0 {
                self.energy.t_ref_k + self.energy.unit_supply[i]
            } else {
                set
            };
            let heat_w = rho_cp * flow_m3_s * (return_k - supply_k);
            UnitAir {
                id: unit.id.clone(),
                object: unit.object,
                flow_m3_s,
                return_k,
                supply_k,
                heat_w,
                loading: unit.capacity_w.filter(|c| *c > 0.0).map(|c| heat_w / c),
                overloaded: flow_m3_s > 0.0 && self.energy.state.units[i] == UnitState::Limited,
            }
        };
        self.case.units.iter().enumerate().map(each).collect()
    }

    pub fn balance(&self, racks: &[RackAir]) -> Balance {
        let rho_cp = self.case.air.rho_cp();
        let theta = |c: usize| self.energy.theta[c + self.flow.faces.lead()];
        let carried = |s: &Stream| -> f64 { s.cells.iter().map(|(c, q)| q * theta(*c)).sum() };
        let total = |s: &Stream| -> f64 { s.cells.iter().map(|(_, q)| q).sum() };
        let units: f64 = (self.machines.units.iter().zip(&self.energy.unit_supply))
            .map(|(u, supply)| carried(&u.intake) - supply * total(&u.outlet))
            .sum();
        let ports: f64 = (self.case.ports.iter().zip(&self.machines.ports))
            .map(|(port, p)| match (port.kind, &port.link) {
                (PortKind::Supply, super::case::PortLink::Fixed { t_k, .. }) => {
                    -(t_k - self.energy.t_ref_k) * total(&p.outlet)
                }
                _ => carried(&p.intake),
            })
            .sum();
        let (leak_in, leak_out) = (&self.balanced.leak_in, &self.balanced.leak_out);
        let ambient = self.case.ambient_t_k - self.energy.t_ref_k;
        let rho = self.case.air.rho_kg_m3;
        let heat_in_w: f64 = racks.iter().map(|r| r.heat_w).sum();
        let heat_cooled_w = rho_cp * (units + ports);
        let heat_leaked_w = rho_cp * (carried(leak_out) - ambient * total(leak_in));
        let rack_heat: f64 = (self.case.racks.iter().zip(racks))
            .map(|(r, air)| r.heat_w - r.removed_w - air.door_w)
            .sum();
        let supply_flow_m3_s = self.supply_flow();
        Balance {
            heat_in_w,
            heat_cooled_w,
            heat_leaked_w,
            heat_unplaced_w: rack_heat - heat_in_w,
            heat_stored_w: self.energy.stored_w,
            heat_closure: (heat_in_w - heat_cooled_w - heat_leaked_w + self.energy.missing_w).abs()
                / heat_in_w.abs().max(1.0),
            rack_flow_m3_s: self.rack_streams().map(|(_, q)| q).sum(),
            supply_flow_m3_s,
            leak_in_kg_s: rho * total(leak_in),
            leak_out_kg_s: rho * total(leak_out),
            containment_leak_kg_s: rho * self.balanced.forced_m3_s,
            mass_closure: self.flow.mass_error_m3_s / supply_flow_m3_s.max(1e-3),
        }
    }

    fn supply_flow(&self) -> f64 {
        let moved = self.machines.units.iter().chain(&self.machines.ports);
        moved.filter(|m| !m.outlet.cells.is_empty()).map(|m| m.flow_m3_s).sum()
    }

    /// Index and flow of the racks that breathe.
    fn rack_streams(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let racks = self.machines.racks.iter().enumerate();
        racks
            .filter(|(_, r)| r.flow != RackFlow::None)
            .map(|(i, _)| (i, self.case.racks[i].room_flow_m3_s()))
    }

    pub fn metrics(&self, racks: &[RackAir], units: &[UnitAir], room_mean_k: f64) -> HallMetrics {
        let ports = || self.case.ports.iter().zip(&self.machines.ports);
        let fixed = ports().filter_map(|(c, p)| match c.link {
            super::case::PortLink::Fixed { t_k, .. } if c.kind == PortKind::Supply => {
                Some((p.flow_m3_s, t_k))
            }
            _ => None,
        });
        let supply_k = mean(units.iter().map(|u| (u.flow_m3_s, u.supply_k)).chain(fixed))
            .unwrap_or(self.case.ambient_t_k);
        let returns = ports().filter(|(c, _)| c.kind == PortKind::Return);
        let returns =
            returns.map(|(_, p)| (p.flow_m3_s, self.stream_t_k(&p.intake).unwrap_or(0.0)));
        let return_k = mean(units.iter().map(|u| (u.flow_m3_s, u.return_k)).chain(returns))
            .unwrap_or(room_mean_k);
        let (mut inlet, mut outlet, mut rise, mut flow) = (0.0, 0.0, 0.0, 0.0);
        for (i, q) in self.rack_streams() {
            inlet += q * (racks[i].intake_mean_k - supply_k);
            outlet += q * (racks[i].exhaust_k - supply_k);
            rise += q * (racks[i].exhaust_k - racks[i].intake_mean_k);
            flow += q;
        }
        let shi = if outlet > 0.0 { (inlet / outlet).clamp(0.0, 1.0) } else { 0.0 };
        let equipment_rise = if flow > 0.0 { rise / flow } else { 0.0 };
        let rti = if equipment_rise > 0.0 { (return_k - supply_k) / equipment_rise } else { 1.0 };
        let (rci_hi_percent, rci_lo_percent) = self.rack_cooling_index(racks);
        HallMetrics {
            supply_k,
            return_k,
            room_mean_k,
            intake_max_k: racks.iter().map(|r| r.intake_mean_k).fold(supply_k, f64::max),
            rci_hi_percent,
            rci_lo_percent,
            shi,
            rhi: 1.0 - shi,
            rti_percent: 100.0 * rti,
        }
    }

    /// Herrlin's index on mean intakes: 100 % when all are within the recommended range, 0 % when
    /// the mean excess reaches the width of the allowable margin.
    fn rack_cooling_index(&self, racks: &[RackAir]) -> (f64, f64) {
        let standard = InletLimits::ashrae_a1();
        let (mut hi, mut lo, mut n) = (0.0, 0.0, 0.0);
        for (i, _) in self.rack_streams() {
            let l = self.case.racks[i].limits.as_ref().unwrap_or(&standard);
            let t = racks[i].intake_mean_k;
            let share = |excess: f64, margin: f64| {
                if excess > 0.0 { excess / margin.max(MIN_MARGIN_K) } else { 0.0 }
            };
            hi += share(t - l.recommended_max_k, l.allowable_max_k - l.recommended_max_k);
            lo += share(l.recommended_min_k - t, l.recommended_min_k - l.allowable_min_k);
            n += 1.0;
        }
        let index = |sum: f64| if n > 0.0 { 100.0 * (1.0 - sum / n) } else { 100.0 };
        (index(hi), index(lo))
    }
}

/// Narrowest margin between recommended and allowable in K, so that an index stays finite.
const MIN_MARGIN_K: f64 = 0.1;

fn mean(pairs: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (weight, sum) = pairs.fold((0.0, 0.0), |(w, s), (q, t)| (w + q, s + q * t));
    (weight > 0.0).then(|| sum / weight)
}
