//! Electrical behaviour of catalogue entries, and the figures that no entry gives.

use super::GenerateError;
use crate::catalog::{Entry, PowerKind, PowerSpec};
use crate::evaluate::power::case::{LossCurve, Model};
use crate::evaluate::snapshot::Snapshot;
use crate::numerics::interpolate::clamped_linear;
use crate::plan::Distribution;

/// Power factor of racks at their inlet: power supplies with active correction; the rack of the
/// reference network has 0.99 (assumption for all racks).
pub(super) const RACK_POWER_FACTOR: f64 = 0.99;
/// Power factor of fans, pumps and chillers on variable-speed drives; assumption, the reference
/// network uses 0.90.
pub(super) const MECHANICAL_POWER_FACTOR: f64 = 0.9;
/// Input power factor of UPS and rectifiers: above 0.99 from 25 % load (Schneider Galaxy VXL).
pub(super) const CONVERTER_INPUT_POWER_FACTOR: f64 = 0.99;
/// Share of a rating that sizing fills: leaves room for losses and voltage drop downstream and for
/// uneven rows. Assumption.
pub(super) const SIZING_MARGIN: f64 = 0.95;
/// Loss of a double-conversion UPS or rectifier at no load, fraction of rating: the curve of the
/// reference networks, representative, no vendor.
const CONVERTER_NO_LOAD: f64 = 0.006;
/// Loss in eco mode at no load, fraction of rating. Assumption: a third of double conversion, the
/// ratio that Schneider gives for eConversion.
const ECO_NO_LOAD: f64 = 0.002;
/// Loss of a converter whose entry gives no efficiency: the curve of the reference networks
/// (96.0 / 97.0 / 97.0 / 96.6 % at 25 / 50 / 75 / 100 %), representative, no vendor.
const DEFAULT_EFFICIENCY: [(f64, f64); 4] = [(0.25, 0.96), (0.5, 0.97), (0.75, 0.97), (1.0, 0.966)];
/// Transformer losses where an entry gives neither losses nor efficiency: no-load and load loss,
/// fractions of rating (liquid-immersed 2.5–3 MVA, middle of the usual range).
const DEFAULT_TRANSFORMER_LOSS: (f64, f64) = (0.0012, 0.007);
/// Short-circuit impedance where an entry gives none, fraction of rating: the usual US padmount
/// value.
const DEFAULT_IMPEDANCE: f64 = 0.0575;
/// Magnetising power of a transformer, fraction of rating: 0.4 % no-load current, as in the
/// reference networks.
const MAGNETISING: f64 = 0.004;
/// Load at which a transformer whose entry gives one efficiency is taken to be most efficient, so
/// that no-load and load loss are equal there (10 CFR 431.196 states medium-voltage units at 50 %).
const BEST_LOAD: f64 = 0.5;

/// Resistance and reactance per phase of a busway, Ω m at 1 A: divide by the rating in A. From a
/// representative 1000 A copper busway (34 and 18 µΩ/m) at constant current density.
pub(super) const BUSWAY_OHM_M_A: (f64, f64) = (34e-3, 18e-3);
/// The same of a feeder cable (20.5 and 25 µΩ/m at 1000 A, representative).
pub(super) const FEEDER_OHM_M_A: (f64, f64) = (20.5e-3, 25e-3);
/// The same of a low-voltage switchboard with its bus duct (5.5 and 8 µΩ/m at 5000 A,
/// representative).
pub(super) const BOARD_OHM_M_A: (f64, f64) = (27.5e-3, 40e-3);
/// Resistance and reactance per phase of a medium-voltage cable, Ω/m (300 mm² class,
/// representative).
pub(super) const MV_OHM_M: (f64, f64) = (60.1e-6, 110e-6);

/// Medium-voltage run from the intake to the transformers, m. Assumption, to be overridden.
pub(super) const MV_LENGTH_M: f64 = 200.0;
/// Bus duct of a low-voltage switchboard section, m. Assumption.
pub(super) const BOARD_LENGTH_M: f64 = 15.0;
/// Rise and drop between an electrical room and the head of a row, m. Assumption.
pub(super) const FEEDER_RISE_M: f64 = 10.0;

/// Rated currents of medium-voltage switchgear, A (preferred values of IEC 62271-1).
pub(super) const MV_FRAMES_A: [f64; 7] = [630.0, 800.0, 1250.0, 2000.0, 2500.0, 3150.0, 4000.0];
/// Frames of low-voltage air circuit breakers, A (common range of IEC 60947-2 products).
pub(super) const LV_FRAMES_A: [f64; 7] = [1600.0, 2000.0, 2500.0, 3200.0, 4000.0, 5000.0, 6300.0];

/// AC voltage between transformer and rectifiers of an 800 VDC hall, V. Assumption: 480 V, the
/// usual input of US rectifier blocks.
const RECTIFIER_INPUT_V: f64 = 480.0;

/// Voltage of the low-voltage AC side, V.
pub(super) fn lv_volts(distribution: Distribution) -> f64 {
    match distribution {
        Distribution::Vdc800 => RECTIFIER_INPUT_V,
        ac => ac.volts(),
    }
}

/// Ratings of the chosen equipment.
pub(super) struct Equipment {
    /// Of one transformer, VA.
    pub transformer_va: f64,
    /// Of one UPS or rectifier block, W.
    pub ups_w: f64,
    /// Of one UPS, VA, where the entry states it; kW and kVA then bind both.
    pub ups_va: Option<f64>,
    /// Of one busway run, A.
    pub busway_a: f64,
    /// Of one generator: W and VA.
    pub generator: Option<(f64, f64)>,
    /// Behaviour of one transformer.
    pub transformer: Model,
    /// Behaviour of a UPS or rectifier.
    pub ups: Model,
    /// Efficiency of the UPS at full load.
    pub ups_efficiency: f64,
}

impl Equipment {
    pub fn of(snapshot: &Snapshot) -> Result<Self, GenerateError> {
        let ups = &snapshot.ups;
        let rating = |e: &Entry<PowerSpec>, kw: Option<f64>, field| {
            kw.filter(|v| v.is_finite() && *v > 0.0)
                .map(|v| v * 1e3)
                .ok_or_else(|| GenerateError::Incomplete { entry: e.id.clone(), field })
        };
        let transformer_va =
            rating(&snapshot.transformer, snapshot.transformer.spec.rating_kva, "rating_kva")?;
        let ups_w = rating(ups, ups.spec.rating_kw.or(ups.spec.rating_kva), "rating_kw")?;
        let busway = &snapshot.busway;
        let busway_a = rating(busway, busway.spec.rating_a.map(|a| a / 1e3), "rating_a")?;
        let generator = snapshot.generator.as_ref().map(|g| {
            let kw = g.spec.rating_kw.or(g.spec.rating_kva.map(|s| s * GENERATOR_POWER_FACTOR));
            let p_w = rating(g, kw, "rating_kw")?;
            let s_va = g.spec.rating_kva.map_or(p_w / GENERATOR_POWER_FACTOR, |s| s * 1e3);
            Ok((p_w, s_va))
        });
        let loss = converter_loss(&ups.spec, snapshot.plan.power.ups_eco);
        let ups_efficiency = 1.0 / (1.0 + loss.at(1.0));
        Ok(Self {
            transformer_va,
            ups_w,
            ups_va: ups.spec.rating_kva.filter(|kva| *kva > 0.0).map(|kva| kva * 1e3),
            busway_a,
            generator: generator.transpose()?,
            transformer: transformer_model(&snapshot.transformer.spec, transformer_va),
            ups: Model::Converter {
                v_out_pu: 1.0,
                input_power_factor: CONVERTER_INPUT_POWER_FACTOR,
                loss,
            },
            ups_efficiency,
        })
    }

    /// Output power of a block that one transformer can carry, with margin, W.
    pub fn block_w(&self) -> f64 {
        self.transformer_va * CONVERTER_INPUT_POWER_FACTOR * self.ups_efficiency * SIZING_MARGIN
    }
}

/// Power factor of a generator's nameplate (ISO 8528-1 rates sets at 0.8 lagging).
const GENERATOR_POWER_FACTOR: f64 = 0.8;

fn converter_loss(spec: &PowerSpec, eco: bool) -> LossCurve {
    if let (true, Some(pct)) = (eco && spec.kind == PowerKind::Ups, spec.efficiency_eco_pct) {
        return LossCurve::from_efficiencies(ECO_NO_LOAD, &[(1.0, pct / 100.0)]);
    }
    let points: Vec<(f64, f64)> =
        spec.efficiency.iter().map(|p| (p.load_pct / 100.0, p.efficiency_pct / 100.0)).collect();
    let rated_w = spec.rating_kw.or(spec.rating_kva).map(|kw| kw * 1e3);
    let no_load = spec.no_load_loss_w.zip(rated_w).map(|(w, of)| w / of);
    full_curve(no_load, &points)
}

/// A curve from no load to full load through the given efficiencies. Entries often give one or two
/// points: between and beyond them the loss has the shape of the default curve, scaled to pass
/// through them.
fn full_curve(no_load: Option<f64>, points: &[(f64, f64)]) -> LossCurve {
    let default = LossCurve::from_efficiencies(CONVERTER_NO_LOAD, &DEFAULT_EFFICIENCY);
    let given = LossCurve::from_efficiencies(0.0, points).0;
    let mut scale: Vec<(f64, f64)> =
        given.iter().skip(1).map(|&(x, loss)| (x, loss / default.at(x))).collect();
    if let Some(loss) = no_load {
        scale.insert(0, (0.0, loss / CONVERTER_NO_LOAD));
    }
    let mut loads: Vec<f64> = default.0.iter().chain(&scale).map(|p| p.0).collect();
    loads.sort_by(f64::total_cmp);
    loads.dedup();
    let at = |x: f64| default.at(x) * clamped_linear(&scale, x).unwrap_or(1.0);
    LossCurve(loads.into_iter().map(|x| (x, at(x))).collect())
}

fn transformer_model(spec: &PowerSpec, base_va: f64) -> Model {
    let (no_load_w, load_w) = transformer_losses(spec, base_va);
    let z_pu = spec.impedance_pct.map_or(DEFAULT_IMPEDANCE, |pct| pct / 100.0);
    let r_pu = (load_w / base_va).min(z_pu);
    Model::Transformer {
        base_va,
        r_pu,
        x_pu: (z_pu * z_pu - r_pu * r_pu).max(0.0).sqrt(),
        no_load_w,
        magnetising_var: MAGNETISING * base_va,
        tap_percent: 0.0,
    }
}

/// No-load loss and load loss at rating, W.
fn transformer_losses(spec: &PowerSpec, base_va: f64) -> (f64, f64) {
    if let (Some(no_load_w), Some(load_w)) = (spec.no_load_loss_w, spec.load_loss_w) {
        return (no_load_w, load_w);
    }
    let best = spec.efficiency.iter().find(|p| (p.load_pct / 100.0 - BEST_LOAD).abs() < 1e-9);
    match best {
        Some(point) if point.efficiency_pct > 0.0 => {
            let at_best_w = BEST_LOAD * base_va * (100.0 / point.efficiency_pct - 1.0);
            (0.5 * at_best_w, 0.5 * at_best_w / (BEST_LOAD * BEST_LOAD))
        }
        _ => (DEFAULT_TRANSFORMER_LOSS.0 * base_va, DEFAULT_TRANSFORMER_LOSS.1 * base_va),
    }
}

/// Smallest frame for a current, and how many sections of the largest one where none suffices.
pub(super) fn frame(current_a: f64, frames: &[f64]) -> (f64, u32) {
    let largest = frames.last().copied().unwrap_or(current_a.max(1.0));
    let fits = frames.iter().copied().find(|f| *f >= current_a);
    fits.map_or_else(|| (largest, count(current_a / largest)), |f| (f, 1))
}

/// Rounded up to at least one, within what a case accepts.
pub(super) fn count(ratio: f64) -> u32 {
    (ratio - 1e-9).ceil().clamp(1.0, 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_efficiency_point_scales_the_shape_of_the_default_curve() {
        let curve = full_curve(None, &[(0.5, 0.975)]);
        let default = LossCurve::from_efficiencies(CONVERTER_NO_LOAD, &DEFAULT_EFFICIENCY);
        assert!((curve.at(0.5) - (0.5 / 0.975 - 0.5)).abs() < 1e-12);
        let ratio = curve.at(0.5) / default.at(0.5);
        for x in [0.0, 0.25, 0.75, 1.0] {
            assert!((curve.at(x) / default.at(x) - ratio).abs() < 1e-12);
        }
        assert_eq!(full_curve(None, &[]), default);
        assert!((full_curve(Some(0.01), &[]).at(0.0) - 0.01).abs() < 1e-15);
    }

    #[test]
    fn frames_and_counts_round_up() {
        assert_eq!(frame(1700.0, &LV_FRAMES_A), (2000.0, 1));
        assert_eq!(frame(7000.0, &LV_FRAMES_A), (6300.0, 2));
        assert_eq!((count(0.0), count(1.0), count(1.01)), (1, 1, 2));
    }
}
