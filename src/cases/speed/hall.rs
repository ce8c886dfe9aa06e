//! A hall that can be made of any size from one module: ten racks in two rows, floor tiles between
//! them, ceiling returns behind them, supply short by a tenth so that air recirculates.

use crate::evaluate::air::{
    AirCase, AirPort, AirProperties, AirRack, Box3, PortKind, PortLink, RackOptions, Rect, Side,
};
use crate::units::ZERO_CELSIUS_K;

/// Room of a module, m: 40,320 cells of 0.15 m.
pub const MODULE_M: [f64; 3] = [6.0, 7.2, 3.15];
/// Racks of a module, in two rows.
pub const RACKS: usize = 10;
/// Cells, m.
pub const CELL_M: f64 = 0.15;
/// Heat of a rack, W, and the air that carries it at 12 K, m³/s.
const RACK: (f64, f64) = (10_000.0, 0.691);
/// Supply over rack flow.
const SUPPLY_SHARE: f64 = 0.9;
/// Supply temperature, °C.
const SUPPLY_C: f64 = 18.0;

/// A hall of `nx` × `ny` modules.
#[must_use]
pub fn hall(nx: usize, ny: usize) -> AirCase {
    let room_m = [MODULE_M[0] * nx as f64, MODULE_M[1] * ny as f64, MODULE_M[2]];
    let air = AirProperties { rho_kg_m3: 1.2, cp_j_kg_k: 1005.0 };
    let mut case = AirCase::empty(format!("{nx} × {ny} modules"), room_m, air);
    case.dx_m = CELL_M;
    for i in 0..nx {
        for j in 0..ny {
            let at = [MODULE_M[0] * i as f64, MODULE_M[1] * j as f64];
            module(&mut case, &format!("{i}.{j}"), at);
        }
    }
    case
}

/// Two rows of five that face each other over an aisle of tiles.
fn module(case: &mut AirCase, name: &str, [x, y]: [f64; 2]) {
    for k in 0..RACKS / 2 {
        let left = x + 1.5 + 0.6 * k as f64;
        let rows = [
            ("A", y + 1.2, Side::PlusY, y + 2.4, y),
            ("B", y + 4.8, Side::MinusY, y + 4.2, y + 6.6),
        ];
        for (row, rear, front, tile, behind) in rows {
            let id = format!("{name}{row}{k}");
            case.racks.push(AirRack {
                id: id.clone(),
                object: None,
                box_m: Box3 { min_m: [left, rear, 0.0], max_m: [left + 0.6, rear + 1.2, 2.1] },
                front,
                flow_m3_s: RACK.1,
                heat_w: RACK.0,
                removed_w: 0.0,
                limits: None,
                options: RackOptions::default(),
            });
            let supply = [[left, tile, 0.0], [left + 0.6, tile + 0.6, 0.0]];
            case.ports.push(port(&format!("{id} tile"), PortKind::Supply, supply));
            let back = [[left, behind, MODULE_M[2]], [left + 0.6, behind + 0.6, MODULE_M[2]]];
            case.ports.push(port(&format!("{id} return"), PortKind::Return, back));
        }
    }
}

fn port(id: &str, kind: PortKind, [min_m, max_m]: [[f64; 3]; 2]) -> AirPort {
    let air_side = if kind == PortKind::Supply { Side::PlusZ } else { Side::MinusZ };
    let (flow_m3_s, t_k) = (SUPPLY_SHARE * RACK.1, SUPPLY_C + ZERO_CELSIUS_K);
    AirPort {
        id: id.into(),
        object: None,
        kind,
        rect: Rect { min_m, max_m, air_side },
        link: PortLink::Fixed { flow_m3_s, t_k },
    }
}

/// The same with its first rack moved along its row by two cells, away from its neighbour.
#[must_use]
pub fn one_rack_moved(case: &AirCase) -> AirCase {
    let mut moved = case.clone();
    if let Some(rack) = moved.racks.first_mut() {
        rack.box_m.min_m[0] -= 2.0 * CELL_M;
        rack.box_m.max_m[0] -= 2.0 * CELL_M;
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halls_grow_by_whole_modules_and_balance() {
        for (nx, ny) in [(1, 1), (2, 3)] {
            let case = hall(nx, ny);
            case.check().unwrap();
            assert_eq!(case.racks.len(), RACKS * nx * ny);
            let sum = |kind| {
                let flows = case.ports.iter().filter(|p| p.kind == kind).map(|p| match p.link {
                    PortLink::Fixed { flow_m3_s, .. } => flow_m3_s,
                    PortLink::Plenum { .. } => f64::NAN,
                });
                flows.sum::<f64>()
            };
            assert!((sum(PortKind::Supply) - sum(PortKind::Return)).abs() < 1e-9);
            one_rack_moved(&case).check().unwrap();
        }
    }
}
