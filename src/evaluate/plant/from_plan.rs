//! The plant of a plan: facility water for the CDUs (`FWS`) and chilled water for the air units
//! (`CHW`), each with the kind of plant that the plan names, as many units as its design heat takes
//! on the design day, and the plan's spares. A group can be overridden by the loop's name: `count`
//! of installed units, `rating` of one unit in kW.

use super::Climate;
use super::case::{Fluid, MONTHS, Plant, PlantCase, PlantLoop, Units};
use super::climate::{climate_air, design_air_of, dry_design_air};
use super::equipment::{CONDENSER_MIN_K, Chosen, Rules};
use super::prepared::{PreparedPlant, Running};
use super::psychrometrics::{Air, SaturationTable};
use crate::catalog::CoolingKind;
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::snapshot::{ResolveError, Snapshot};
use crate::plan::{ElementOverride, PlantKind};
use crate::units::{Watts, ZERO_CELSIUS_K};

/// Name of the facility water loop.
pub const FWS: &str = "FWS";
/// Name of the chilled water loop.
pub const CHW: &str = "CHW";
/// Facility and chilled water near 30 °C (IAPWS-95).
const WATER: Fluid = Fluid { density_kg_m3: 995.7, cp_j_kg_k: 4180.0 };
/// Units may grow to this multiple of what their rated heat asks for before sizing gives up: then
/// the set point is out of reach on the design day, and a finding says so.
const MOST_OVERSIZE: f64 = 2.5;
/// Dew point below dry bulb where a site states no dew points, K: median over months of the 26
/// sites that do (tenth to ninetieth percentile 3..10 K).
const DEW_POINT_DEPRESSION_K: f64 = 5.9;
/// Design wet bulb above the mean coincident one where a site states only the latter, K: median of
/// the sites that state both.
const WET_BULB_ABOVE_COINCIDENT_K: f64 = 1.6;
/// Watts in a kilowatt.
const W_PER_KW: f64 = 1e3;

/// Heat that a loop brings.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoopHeat {
    /// At the operating point.
    pub heat: Watts,
    /// With every rack at design power: what the plant is sized for.
    pub design_heat: Watts,
    /// Water flow at the operating point, m³/s; from the planning rise if `None`.
    pub flow_m3_s: Option<f64>,
}

/// The case of a plan, what it takes to build, and what had to be assumed.
#[derive(Clone, Debug)]
pub struct PlantOfPlan {
    /// The case.
    pub case: PlantCase,
    /// Equipment, one line per kind and loop.
    pub equipment: Vec<PlantQuantity>,
    /// Problems seen on the way.
    pub findings: Vec<Finding>,
}

/// Equipment of one kind in one loop.
#[derive(Clone, Debug, PartialEq)]
pub struct PlantQuantity {
    /// Loop.
    pub loop_name: String,
    /// Catalogue key.
    pub key: String,
    /// Name for the bill of materials.
    pub name: String,
    /// Units, spares included.
    pub count: u32,
    /// Rated heat of one, kW.
    pub rated_kw: f64,
}

/// What a loop is sized with.
struct Site<'a> {
    snapshot: &'a Snapshot,
    rules: Rules,
    climate: &'a Climate,
    table: SaturationTable,
}

/// Builds the plant. `facility` is the heat that the CDUs pass on, `chilled` the heat that air
/// units and rear doors take; a loop without design heat is left out.
pub fn from_plan(
    s: &Snapshot,
    facility: LoopHeat,
    chilled: LoopHeat,
) -> Result<PlantOfPlan, ResolveError> {
    let mut findings = Vec::new();
    let climate = climate(s, &mut findings);
    let cooling = &s.plan.cooling;
    let fws_rise_k = s.assumption("tcs_rise_k")?.base;
    let chw_rise_k =
        s.assumption("chilled_water_return_c")?.base - s.assumption("chilled_water_supply_c")?.base;
    let wanted = [
        (FWS, cooling.liquid_plant, cooling.fws_supply_c, fws_rise_k, facility),
        (CHW, cooling.air_plant, cooling.chilled_water_c, chw_rise_k, chilled),
    ];
    let site = Site {
        snapshot: s,
        rules: Rules::new(s)?,
        climate: &climate,
        table: climate_air(&climate),
    };
    let mut loops = Vec::new();
    let mut equipment = Vec::new();
    for (name, kind, supply_c, rise_k, heat) in wanted {
        if heat.design_heat.to_w() > 0.0 {
            let (sized, parts) = site.sized(name, kind, supply_c, rise_k, heat)?;
            loops.push(sized);
            equipment.extend(parts);
        }
    }
    Ok(PlantOfPlan { case: PlantCase { climate, loops }, equipment, findings })
}

impl Site<'_> {
    /// A loop with as many units as the design day asks for.
    fn sized(
        &self,
        name: &str,
        kind: PlantKind,
        supply_c: f64,
        rise_k: f64,
        heat: LoopHeat,
    ) -> Result<(PlantLoop, Vec<PlantQuantity>), ResolveError> {
        let own = self.snapshot.plan.cooling.overrides.get(name).cloned().unwrap_or_default();
        let design_w = heat.design_heat.to_w();
        let by_rise = |w: f64| w / (WATER.density_kg_m3 * WATER.cp_j_kg_k * rise_k);
        let flow_m3_s = heat.flow_m3_s.filter(|f| *f > 0.0).unwrap_or(by_rise(design_w));
        let scale = if heat.heat.to_w() > 0.0 { design_w / heat.heat.to_w() } else { 1.0 };
        let design_flow = heat.flow_m3_s.filter(|f| *f > 0.0).map_or(flow_m3_s, |f| f * scale);
        let draft = |plant: Plant, heat_w: f64, flow: f64| PlantLoop {
            name: name.to_owned(),
            heat_w,
            supply_set_k: supply_c + ZERO_CELSIUS_K,
            fluid: WATER,
            pump: self.rules.pump(flow),
            plant,
        };
        let chosen = self.choose(kind, supply_c, design_w, &own)?;
        let least = (design_w / chosen.0.rated_w).ceil().max(1.0) as u32;
        let most = (MOST_OVERSIZE * f64::from(least)).ceil() as u32;
        let mut duty = least;
        while duty < most {
            let plant = self.plant(kind, &chosen, duty, 0, design_w);
            if self.holds(&draft(plant, design_w, design_flow)) {
                break;
            }
            duty += 1;
        }
        // Out of reach whatever the count: install what the rated heat asks for.
        if duty == most && most > least {
            duty = least;
        }
        let spare = self.snapshot.plan.cooling.spare_plant_units;
        let count = own.count.unwrap_or(duty.saturating_add(spare)).max(1);
        let spare = spare.min(count - 1);
        let plant = self.plant(kind, &chosen, count - spare, spare, design_w);
        let parts = quantities(name, &plant, &chosen);
        Ok((draft(plant, heat.heat.to_w(), flow_m3_s), parts))
    }

    /// Whether the duty units of a loop hold its set point on the design day.
    fn holds(&self, l: &PlantLoop) -> bool {
        let air: Air = design_air_of(&l.plant, self.climate, &self.table);
        PreparedPlant::new(l, Running::Duty, self.table.pressure_pa())
            .is_none_or(|p| p.capacity_w(&air) >= l.heat_w)
    }

    /// Main equipment and, where the kind has it, the second one.
    fn choose(
        &self,
        kind: PlantKind,
        supply_c: f64,
        design_w: f64,
        own: &ElementOverride,
    ) -> Result<(Chosen, Option<Chosen>), ResolveError> {
        let pick = |kind, w, rating| Chosen::new(self.snapshot, kind, supply_c, w, rating);
        Ok(match kind {
            PlantKind::DryCooler | PlantKind::DryCoolerAdiabatic => {
                (pick(CoolingKind::DryCooler, design_w, own.rating)?, None)
            }
            PlantKind::CoolingTower => {
                (pick(CoolingKind::CoolingTower, design_w, own.rating)?, None)
            }
            PlantKind::ChillerAir => (
                pick(CoolingKind::ChillerAc, design_w, own.rating)?,
                Some(pick(CoolingKind::DryCooler, design_w, None)?),
            ),
            PlantKind::ChillerWater => (
                pick(CoolingKind::ChillerWc, design_w, own.rating)?,
                Some(pick(CoolingKind::CoolingTower, design_w, None)?),
            ),
        })
    }

    /// The plant with `duty` main units on duty and `spare` standing by.
    fn plant(
        &self,
        kind: PlantKind,
        (main, second): &(Chosen, Option<Chosen>),
        duty: u32,
        spare: u32,
        design_w: f64,
    ) -> Plant {
        let units = |duty: u32| Units { count: duty.saturating_add(spare), spare };
        let rules = &self.rules;
        // Free-cooling coils and towers carry all of the heat at their own rating; towers also the
        // compressor's, at the rated COP.
        let second_units = |c: &Chosen, w: f64| units((w / c.rated_w).ceil().max(1.0) as u32);
        match (kind, second) {
            (PlantKind::ChillerAir, second) => Plant::AirCooledChiller {
                chillers: main.chillers(units(duty), rules),
                free_cooling: second.as_ref().map(|c| c.coolers(second_units(c, design_w), rules)),
            },
            (PlantKind::ChillerWater, Some(tower)) => {
                let chillers = main.chillers(units(duty), rules);
                let with_work = design_w * (1.0 + 1.0 / chillers.rated_cop);
                Plant::WaterCooledChiller {
                    chillers,
                    towers: tower.towers(second_units(tower, with_work), with_work, rules),
                    economiser_approach_k: Some(rules.exchanger_approach_k),
                    condenser_min_k: CONDENSER_MIN_K,
                }
            }
            (PlantKind::CoolingTower | PlantKind::ChillerWater, _) => Plant::CoolingTower {
                towers: main.towers(units(duty), design_w, rules),
                exchanger_approach_k: rules.exchanger_approach_k,
            },
            (PlantKind::DryCooler | PlantKind::DryCoolerAdiabatic, _) => Plant::DryCooler {
                coolers: main.coolers(units(duty), rules),
                adiabatic: (kind == PlantKind::DryCoolerAdiabatic).then(|| rules.adiabatic()),
            },
        }
    }
}

/// Equipment of a loop for the bill of materials.
fn quantities(
    loop_name: &str,
    plant: &Plant,
    (main, second): &(Chosen, Option<Chosen>),
) -> Vec<PlantQuantity> {
    let (first_units, second_units) = match plant {
        Plant::DryCooler { coolers, .. } => (coolers.units, None),
        Plant::CoolingTower { towers, .. } => (towers.units, None),
        Plant::AirCooledChiller { chillers, free_cooling } => {
            (chillers.units, free_cooling.as_ref().map(|c| c.units))
        }
        Plant::WaterCooledChiller { chillers, towers, .. } => (chillers.units, Some(towers.units)),
    };
    let line = |c: &Chosen, units: Units| PlantQuantity {
        loop_name: loop_name.to_owned(),
        key: c.entry.id.clone(),
        name: c.entry.name.clone(),
        count: units.count,
        rated_kw: c.rated_w / W_PER_KW,
    };
    let mut lines = vec![line(main, first_units)];
    lines.extend(second.as_ref().zip(second_units).map(|(c, units)| line(c, units)));
    lines
}

/// Climate of the plan's site; what the site does not state is assumed and reported.
fn climate(s: &Snapshot, findings: &mut Vec<Finding>) -> Climate {
    let site = &s.site.spec;
    let k = |t_c: f64| t_c + ZERO_CELSIUS_K;
    let dry: [f64; MONTHS] = site.db_mean_c.map(k);
    let dew = site.dp_mean_c.map_or(dry.map(|t| t - DEW_POINT_DEPRESSION_K), |d| d.map(k));
    let dry_design = k(site.design_db_c);
    let wet = site.design_wb_c.or(site.design_mcwb_c.map(|t| t + WET_BULB_ABOVE_COINCIDENT_K));
    let draft = Climate {
        elevation_m: s.elevation_m(),
        dry_bulb_mean_k: dry,
        dew_point_mean_k: dew,
        design_dry_bulb_k: dry_design,
        design_coincident_wet_bulb_k: site.design_mcwb_c.map(|t| k(t).min(dry_design)),
        design_wet_bulb_k: dry_design,
    };
    // Neither stated: the wet bulb of the design dry bulb in the hottest month's mean moisture.
    let estimated = || {
        let table = climate_air(&draft);
        dry_design_air(&draft, &table).wet_bulb_k + WET_BULB_ABOVE_COINCIDENT_K
    };
    let design_wet_bulb_k = wet.map_or_else(estimated, k).min(dry_design);
    if site.dp_mean_c.is_none() || site.design_wb_c.is_none() {
        findings.push(assumed(s));
    }
    Climate { design_wet_bulb_k, ..draft }
}

fn assumed(s: &Snapshot) -> Finding {
    Finding {
        severity: Severity::Info,
        rule: "plant.climate-assumed",
        subject: Subject::Plan("site".into()),
        message: format!(
            "{} states no dew points or design wet bulb; water and tower figures rest on typical \
             moisture",
            s.site.name
        ),
        value: Some(DEW_POINT_DEPRESSION_K),
        limit: None,
        unit: "K",
        source: "Median of the catalogue's other sites".into(),
        advice: "Complete the site's entry in the catalogue".into(),
    }
}
