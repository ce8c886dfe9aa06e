//! Checks a case before anything is computed: every number finite and in range, names unique.

use super::case::{AirCase, AirPath, AirUnit, Baffle, Box3, PortKind, PortLink, Rect};
use super::error::AirError;
use super::fan::Fans;
use super::rack::RackOptions;
use std::collections::BTreeSet;

/// Most cells that a solve accepts: about 4 GB of work space.
const MAX_CELLS: f64 = 2e7;
/// Longest room side in m; catches millimetres given as metres.
const MAX_SIDE_M: f64 = 2_000.0;
/// Farthest coordinate of anything, in m.
const MAX_COORDINATE_M: f64 = 1e5;
/// Most flow of one rack, unit or port in m³/s.
const MAX_FLOW_M3_S: f64 = 1e5;
/// Most heat of one rack or capacity of one unit in W.
const MAX_HEAT_W: f64 = 1e9;

pub(super) fn check_case(case: &AirCase) -> Result<(), AirError> {
    check_room(case)?;
    for (i, s) in case.solids.iter().enumerate() {
        check_box(&format!("solids[{i}].box_m"), &s.box_m)?;
    }
    check_racks(case)?;
    for (i, u) in case.units.iter().enumerate() {
        check_unit(case, &format!("units[{i}]"), u)?;
    }
    unique("units", case.units.iter().map(|u| u.id.as_str()))?;
    check_ports(case)?;
    check_plenums(case)?;
    for (i, b) in case.baffles.iter().enumerate() {
        check_baffle(&format!("baffles[{i}]"), b)?;
    }
    for (name, p) in &case.probes {
        for x in p {
            within(&format!("probes.{name}"), *x, -MAX_COORDINATE_M, MAX_COORDINATE_M, COORDINATE)?;
        }
    }
    Ok(())
}

const COORDINATE: &str = "a finite position within 100 km";
const FLOW: &str = "a flow from 0 to 100 000 m³/s";
const HEAT: &str = "a heat from 0 to 1 GW";
const TEMPERATURE: &str = "a temperature from 150 to 500 K";

fn check_room(case: &AirCase) -> Result<(), AirError> {
    for (a, l) in case.room_m.iter().enumerate() {
        within(&format!("room_m[{a}]"), *l, 0.1, MAX_SIDE_M, "from 0.1 to 2000 m")?;
    }
    within("dx_m", case.dx_m, 0.01, 10.0, "from 0.01 to 10 m")?;
    within("air.rho_kg_m3", case.air.rho_kg_m3, 0.1, 10.0, "from 0.1 to 10 kg/m³")?;
    within("air.cp_j_kg_k", case.air.cp_j_kg_k, 500.0, 5000.0, "from 500 to 5000 J/(kg K)")?;
    within("mixing_m2_s", case.mixing_m2_s, 1e-3, 10.0, "from 0.001 to 10 m²/s")?;
    temperature("ambient_t_k", case.ambient_t_k)?;
    case.dew_point_k.map_or(Ok(()), |t| temperature("dew_point_k", t))?;
    if let Some(c) = &case.ceiling {
        within("ceiling.height_m", c.height_m, 0.1, case.room_m[2], "inside the room's height")?;
        for [lo, hi] in &c.openings_m {
            check_flat("ceiling.openings_m", *lo, *hi)?;
        }
    }
    let cells: f64 = case.room_m.iter().map(|l| (l / case.dx_m).round().max(1.0)).product();
    if cells > MAX_CELLS {
        let (cells, limit) = (cells as u64, MAX_CELLS as u64);
        return Err(AirError::TooManyCells { dx_m: case.dx_m, cells, limit });
    }
    Ok(())
}

fn check_racks(case: &AirCase) -> Result<(), AirError> {
    for (i, r) in case.racks.iter().enumerate() {
        check_box(&format!("racks[{i}].box_m"), &r.box_m)?;
        within(&format!("racks[{i}].flow_m3_s"), r.flow_m3_s, 0.0, MAX_FLOW_M3_S, FLOW)?;
        within(&format!("racks[{i}].heat_w"), r.heat_w, 0.0, MAX_HEAT_W, HEAT)?;
        within(&format!("racks[{i}].removed_w"), r.removed_w, 0.0, MAX_HEAT_W, HEAT)?;
        check_options(&format!("racks[{i}].options"), &r.options)?;
        if r.options.chimney.is_some() && case.ceiling.is_none() {
            return Err(AirError::BadName {
                field: format!("racks[{i}].options.chimney"),
                problem: "there is no suspended ceiling for it to end above".into(),
            });
        }
        if r.front.axis() == 2 {
            return Err(AirError::BadName {
                field: format!("racks[{i}].front"),
                problem: "a rack's front must be -x, +x, -y or +y".into(),
            });
        }
        if let Some(l) = &r.limits {
            temperature(&format!("racks[{i}].limits.allowable_min_k"), l.allowable_min_k)?;
            temperature(&format!("racks[{i}].limits.recommended_min_k"), l.recommended_min_k)?;
            temperature(&format!("racks[{i}].limits.recommended_max_k"), l.recommended_max_k)?;
            temperature(&format!("racks[{i}].limits.allowable_max_k"), l.allowable_max_k)?;
        }
    }
    unique("racks", case.racks.iter().map(|r| r.id.as_str()))
}

fn check_options(at: &str, o: &RackOptions) -> Result<(), AirError> {
    within(&format!("{at}.blanking_leak"), o.blanking_leak, 0.0, 0.9, "from 0 to 0.9")?;
    if let Some(d) = &o.door {
        let rate = "from 0.001 to 1e9 W/K";
        within(&format!("{at}.door.ua_w_k"), d.ua_w_k, 1e-3, 1e9, rate)?;
        within(&format!("{at}.door.water_w_k"), d.water_w_k, 1e-3, 1e9, rate)?;
        within(&format!("{at}.door.capacity_w"), d.capacity_w, 0.0, MAX_HEAT_W, HEAT)?;
        temperature(&format!("{at}.door.water_t_k"), d.water_t_k)?;
    }
    if let Some(c) = &o.chimney {
        within(&format!("{at}.chimney.leak"), c.leak, 0.0, 1.0, "from 0 to 1")?;
    }
    o.fans.as_ref().map_or(Ok(()), |fans| check_fans(&format!("{at}.fans"), fans))
}

fn check_fans(at: &str, fans: &Fans) -> Result<(), AirError> {
    let r = fans.resistance_pa_s2_m6;
    within(&format!("{at}.resistance_pa_s2_m6"), r, 0.0, 1e9, "from 0 to 1e9 Pa s²/m⁶")?;
    for (v, p) in &fans.curve {
        within(&format!("{at}.curve"), *v, 0.0, MAX_FLOW_M3_S, FLOW)?;
        within(&format!("{at}.curve"), *p, 0.0, 1e6, "a pressure from 0 to 1 MPa")?;
    }
    let rising = fans.curve.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 >= w[1].1);
    if fans.curve.len() > 1 && rising {
        return Ok(());
    }
    let problem = "needs two or more points with rising flow and falling pressure".to_owned();
    Err(AirError::BadName { field: format!("{at}.curve"), problem })
}

fn check_unit(case: &AirCase, at: &str, u: &AirUnit) -> Result<(), AirError> {
    if let Some(b) = &u.box_m {
        check_box(&format!("{at}.box_m"), b)?;
    }
    within(&format!("{at}.flow_m3_s"), u.flow_m3_s, 0.0, MAX_FLOW_M3_S, FLOW)?;
    temperature(&format!("{at}.supply_t_k"), u.supply_t_k)?;
    if let Some(q) = u.capacity_w {
        within(&format!("{at}.capacity_w"), q, 0.0, MAX_HEAT_W, HEAT)?;
    }
    if let Some(t) = u.coil_inlet_t_k {
        within(&format!("{at}.coil_inlet_t_k"), t, 150.0, u.supply_t_k, "below the set point")?;
    }
    u.fans.as_ref().map_or(Ok(()), |fans| check_fans(&format!("{at}.fans"), fans))?;
    check_path(case, &format!("{at}.intake"), &u.intake, PortKind::Return)?;
    check_path(case, &format!("{at}.discharge"), &u.discharge, PortKind::Supply)
}

fn check_path(case: &AirCase, at: &str, path: &AirPath, kind: PortKind) -> Result<(), AirError> {
    match path {
        AirPath::Faces(rects) => rects.iter().try_for_each(|r| check_rect(at, r)),
        AirPath::Plenum(name) => {
            let linked = case.ports.iter().any(|p| {
                p.kind == kind
                    && matches!(&p.link, PortLink::Plenum { plenum, .. } if plenum == name)
            });
            if linked {
                return Ok(());
            }
            let problem = format!("no port of this direction is linked to plenum \"{name}\"");
            Err(AirError::BadName { field: at.into(), problem })
        }
    }
}

fn check_ports(case: &AirCase) -> Result<(), AirError> {
    for (i, p) in case.ports.iter().enumerate() {
        check_rect(&format!("ports[{i}].rect"), &p.rect)?;
        match &p.link {
            PortLink::Fixed { flow_m3_s, t_k } => {
                within(&format!("ports[{i}].flow_m3_s"), *flow_m3_s, 0.0, MAX_FLOW_M3_S, FLOW)?;
                temperature(&format!("ports[{i}].t_k"), *t_k)?;
            }
            PortLink::Plenum { weight, .. } => {
                within(&format!("ports[{i}].weight"), *weight, 0.0, 1e9, "from 0 to 1e9")?;
            }
        }
    }
    unique("ports", case.ports.iter().map(|p| p.id.as_str()))
}

fn check_plenums(case: &AirCase) -> Result<(), AirError> {
    for (i, p) in case.plenums.iter().enumerate() {
        let at = format!("plenums[{i}]");
        within(&format!("{at}.depth_m"), p.depth_m, 0.02, 10.0, "from 0.02 to 10 m")?;
        within(&format!("{at}.seam_share"), p.seam_share, 0.0, 0.5, "from 0 to 0.5")?;
        check_flat(&at, p.min_m, p.max_m)?;
        for (j, o) in p.obstructions.iter().enumerate() {
            let at = format!("{at}.obstructions[{j}]");
            check_flat(&at, o.min_m, o.max_m)?;
            within(&format!("{at}.blocked"), o.blocked, 0.0, 1.0, "from 0 to 1")?;
        }
        for a in 0..2 {
            let size = p.max_m[a] - p.min_m[a];
            within(&at, size, 0.1, MAX_SIDE_M, "from 0.1 to 2000 m along each side")?;
        }
    }
    unique("plenums", case.plenums.iter().map(|p| p.name.as_str()))
}

fn check_flat(at: &str, lo: [f64; 2], hi: [f64; 2]) -> Result<(), AirError> {
    check_box(at, &Box3 { min_m: [lo[0], lo[1], 0.0], max_m: [hi[0], hi[1], 0.0] })
}

fn check_baffle(at: &str, b: &Baffle) -> Result<(), AirError> {
    check_box(at, &Box3 { min_m: b.min_m, max_m: b.max_m })?;
    within(&format!("{at}.leakage"), b.leakage, 0.0, 1.0, "from 0 to 1")?;
    if (0..3).filter(|&a| b.min_m[a] == b.max_m[a]).count() == 1 {
        return Ok(());
    }
    let problem = "min and max must be equal along exactly one axis".to_owned();
    Err(AirError::BadName { field: at.into(), problem })
}

fn check_rect(at: &str, r: &Rect) -> Result<(), AirError> {
    check_box(at, &Box3 { min_m: r.min_m, max_m: r.max_m })?;
    let axis = r.air_side.axis();
    within(at, r.max_m[axis] - r.min_m[axis], 0.0, 0.0, "flat along the axis of its air side")
}

fn check_box(at: &str, b: &Box3) -> Result<(), AirError> {
    for a in 0..3 {
        within(at, b.min_m[a], -MAX_COORDINATE_M, MAX_COORDINATE_M, COORDINATE)?;
        within(at, b.max_m[a], -MAX_COORDINATE_M, MAX_COORDINATE_M, COORDINATE)?;
        within(at, b.max_m[a] - b.min_m[a], 0.0, MAX_COORDINATE_M, "not upside down (max ≥ min)")?;
    }
    Ok(())
}

fn temperature(field: &str, t_k: f64) -> Result<(), AirError> {
    within(field, t_k, 150.0, 500.0, TEMPERATURE)
}

fn within(field: &str, value: f64, lo: f64, hi: f64, limit: &'static str) -> Result<(), AirError> {
    if (lo..=hi).contains(&value) {
        return Ok(());
    }
    Err(AirError::BadValue { field: field.into(), value, limit })
}

fn unique<'a>(field: &str, names: impl Iterator<Item = &'a str>) -> Result<(), AirError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            let problem = format!("the name \"{name}\" is used twice");
            return Err(AirError::BadName { field: field.into(), problem });
        }
    }
    Ok(())
}
