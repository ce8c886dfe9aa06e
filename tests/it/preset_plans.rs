//! The reference halls that ship in `presets/`, drawn from published facts. To write the files
//! anew after a change here: `cargo test --test it -- --ignored write_presets`.

use crate::preset_builder::{Builder, Place, Pod, cooling, fabric, power, serving, slab_hall};
use std::sync::Arc;
use tokenmill::catalog::{Catalog, CoolingKey, PowerKey, SiteKey, StorageKey};
use tokenmill::plan::{
    Facing, FloorBuild, Hall, Job, ObstacleKind, Plan, PlantKind, PointMm, Precision, RectMm,
    Scheme, Storage, Training,
};

/// File name and plan of every preset.
pub fn all(catalog: &Catalog) -> Vec<(&'static str, Plan)> {
    vec![
        ("gb300-10mw", gb300_10mw(catalog)),
        ("gb200-superpod-su", gb200_su(catalog)),
        ("dgx-h100-superpod-4su", h100_superpod(catalog)),
        ("dgx-b200-superpod", b200_superpod(catalog)),
        ("mi355x-liquid", mi355x_liquid(catalog)),
        ("mi350x-air", mi350x_air(catalog)),
        ("enterprise-1mw", enterprise(catalog)),
    ]
}

fn places(groups: &[(Place, usize)]) -> Vec<Place> {
    groups.iter().flat_map(|(place, n)| std::iter::repeat_n(place.clone(), *n)).collect()
}

fn door(x: i32, y: i32) -> RectMm {
    RectMm::at(PointMm::new(x, y), 1800, 1200)
}

fn storage(id: &str, count: u32) -> Arc<Storage> {
    Arc::new(Storage { appliance: StorageKey::new(id), count })
}

/// Three pods of 16 GB300 NVL72 racks with three CDUs each, after the published 10 MW design.
fn gb300_10mw(catalog: &Catalog) -> Plan {
    let notes = "After Schneider Electric reference design RD110 rev 3: 48 GB300 NVL72 racks, nine \
        liquid-to-liquid CDUs in three pods of three, facility water 37/47 °C, TCS 40/50 °C. The \
        142 kW design power per rack is NVIDIA's enterprise reference architecture. Network and \
        storage racks, aisles, fan walls and the 2N chain are our own layout, not the vendor's.";
    let mut hall =
        Builder::new("10 MW GB300 hall", notes, slab_hall(18_000, 23_400, 4_500, 15.0), catalog);
    for pod in 0..3 {
        let y = 2_400 + 6_900 * pod;
        let compute = (Place::Systems("gb300_nvl72", 1), 8);
        hall.pod(&Pod {
            name: ["1", "2", "3"][pod as usize],
            at: PointMm::new(4_800, y),
            frame: "mgx_nvl72",
            south: places(&[compute.clone(), (Place::Network, 3), (Place::Storage, 1)]),
            north: places(&[compute, (Place::Network, 3), (Place::Storage, 1)]),
            hot_aisle_mm: 1_800,
            panel_top_mm: 4_500,
            phase: pod as u16 + 1,
            rear_door: None,
        });
        for cdu in 0..3 {
            let at = PointMm::new(14_400, y + 1_300 * cdu);
            let name = format!("CDU-{}{}", pod + 1, ["A", "B", "C"][cdu as usize]);
            hall.unit(&name, "cdu_class_1300", at, Facing::East, 100.0);
        }
    }
    for i in 0..5 {
        let at = PointMm::new(0, 900 + 4_350 * i);
        hall.unit(&format!("FW-{}", i + 1), "fanwall_class_400", at, Facing::East, 70.0);
    }
    hall.obstacle(ObstacleKind::Door, door(15_600, 0));
    hall.obstacle(ObstacleKind::Door, door(15_600, 22_200));
    let mut plan = hall.plan;
    let mut cool = cooling();
    (cool.fws_supply_c, cool.tcs_supply_c) = (37.0, 41.0);
    plan.cooling = Arc::new(cool);
    plan.power = Arc::new(power(12.0, Scheme::TwoN));
    plan.fabric = Arc::new(fabric("q3400_ra"));
    plan.storage = storage("ddn_ai400x3", 6);
    plan.workload = Arc::new(serving("deepseek_r1", Precision::Fp4));
    plan
}

/// One scalable unit of eight GB200 NVL72 racks.
fn gb200_su(catalog: &Catalog) -> Plan {
    let notes = "After the NVIDIA DGX SuperPOD GB200 reference architecture: a scalable unit is \
        eight NVL72 racks, 576 GPUs, 1.2 MW in one row. The second row holds network and storage; \
        it and the room are our own layout.";
    let mut hall = Builder::new(
        "GB200 NVL72 SuperPOD, 1 SU",
        notes,
        slab_hall(15_000, 10_200, 4_200, 15.0),
        catalog,
    );
    hall.pod(&Pod {
        name: "1",
        at: PointMm::new(4_800, 2_700),
        frame: "mgx_nvl72",
        south: places(&[(Place::Systems("gb200_nvl72", 1), 8)]),
        north: places(&[(Place::Network, 4), (Place::Storage, 2), (Place::Reserved, 2)]),
        hot_aisle_mm: 1_800,
        panel_top_mm: 4_200,
        phase: 1,
        rear_door: None,
    });
    hall.unit("CDU-1A", "cdu_class_1300", PointMm::new(10_800, 2_700), Facing::East, 100.0);
    hall.unit("CDU-1B", "cdu_class_1300", PointMm::new(10_800, 5_400), Facing::East, 100.0);
    for i in 0..2 {
        let at = PointMm::new(0, 1_200 + 4_200 * i);
        hall.unit(&format!("FW-{}", i + 1), "fanwall_class_400", at, Facing::East, 80.0);
    }
    hall.obstacle(ObstacleKind::Door, door(12_600, 0));
    let mut plan = hall.plan;
    plan.site = site(&plan, "us_il_chicago");
    let mut chain = power(2.0, Scheme::TwoN);
    chain.generator = Some(PowerKey::new("gen_cat_3516b"));
    plan.power = Arc::new(chain);
    plan.storage = storage("ddn_ai400x3", 2);
    plan.workload = Arc::new(serving("deepseek_r1", Precision::Fp4));
    plan
}

/// Four scalable units: 127 DGX H100 in 32 racks of four, six management racks.
fn h100_superpod(catalog: &Catalog) -> Plan {
    let notes = "After NVIDIA DGX SuperPOD reference architecture RA-11333-001 V11: 127 DGX H100, \
        1,016 GPUs, 32 compute racks of four nodes (40.8 kW) and six management racks. Fan walls, \
        hot-aisle containment, the 2N chain and the aisles are our own layout.";
    let mut hall = Builder::new(
        "DGX SuperPOD H100, 4 SU, air",
        notes,
        slab_hall(22_200, 15_000, 4_500, 12.0),
        catalog,
    );
    for pod in 0..2 {
        let full = Place::Systems("dgx_h100", 4);
        let management = [(Place::Network, 1), (Place::Storage, 1)];
        let mut north = vec![(full.clone(), 8)];
        if pod == 1 {
            north = vec![(full.clone(), 7), (Place::Systems("dgx_h100", 3), 1)];
        }
        north.push((Place::Network, 1));
        let mut south = vec![(full, 8)];
        south.extend(management);
        hall.pod(&Pod {
            name: ["1", "2"][pod],
            at: PointMm::new(6_000, 2_400 + 6_600 * pod as i32),
            frame: "eia48_750_1200",
            south: places(&south),
            north: places(&north),
            hot_aisle_mm: 1_800,
            panel_top_mm: 4_500,
            phase: pod as u16 + 1,
            rear_door: None,
        });
    }
    for i in 0..4 {
        let y = 100 + 3_700 * i;
        hall.unit(
            &format!("FW-W{}", i + 1),
            "fanwall_class_400",
            PointMm::new(0, y),
            Facing::East,
            80.0,
        );
    }
    for i in 0..2 {
        let at = PointMm::new(21_000, 2_500 + 6_000 * i);
        hall.unit(&format!("FW-E{}", i + 1), "fanwall_class_400", at, Facing::West, 80.0);
    }
    hall.obstacle(ObstacleKind::Door, door(16_200, 0));
    let mut plan = hall.plan;
    let mut cool = cooling();
    cool.air_supply_c = 22.0;
    plan.cooling = Arc::new(cool);
    plan.power = Arc::new(power(2.5, Scheme::TwoN));
    plan.storage = storage("ddn_ai400x2", 8);
    let mut job = serving("llama31_70b", Precision::Bf16);
    job.job = Job::Training(Training {
        sequence_tokens: 8_192,
        batch_tokens: 4_194_304,
        scheduled_pct: 90.0,
        adapter_rank: None,
        tokens: None,
    });
    plan.workload = Arc::new(job);
    plan
}

/// Four scalable units: 127 DGX B200 in 64 racks of two, five management racks.
fn b200_superpod(catalog: &Catalog) -> Plan {
    let notes = "After NVIDIA DGX SuperPOD reference architecture RA-11334-001 V08: rows of eight \
        racks, two DGX B200 a rack (28.6 kW), 127 nodes and five management racks for four \
        scalable units. Containment, fan walls and the chain are our own layout.";
    let mut hall = Builder::new(
        "DGX SuperPOD B200, 4 SU, air",
        notes,
        slab_hall(28_800, 15_600, 4_500, 12.0),
        catalog,
    );
    for pod in 0..2 {
        let full = (Place::Systems("dgx_b200", 2), 16);
        let mut south = vec![full.clone(), (Place::Network, 1)];
        let mut north = vec![full, (Place::Network, 1)];
        if pod == 1 {
            south = vec![(Place::Systems("dgx_b200", 2), 15), (Place::Systems("dgx_b200", 1), 1)];
            south.push((Place::Network, 1));
            north = vec![(Place::Systems("dgx_b200", 2), 16), (Place::Storage, 1)];
        }
        if pod == 0 {
            south.push((Place::Network, 1));
            north.push((Place::Storage, 1));
        }
        hall.pod(&Pod {
            name: ["1", "2"][pod],
            at: PointMm::new(6_000, 2_700 + 6_600 * pod as i32),
            frame: "eia52_700_1200",
            south: places(&south),
            north: places(&north),
            hot_aisle_mm: 1_800,
            panel_top_mm: 4_500,
            phase: pod as u16 + 1,
            rear_door: None,
        });
    }
    for i in 0..4 {
        let y = 200 + 3_800 * i;
        hall.unit(
            &format!("FW-W{}", i + 1),
            "fanwall_class_400",
            PointMm::new(0, y),
            Facing::East,
            85.0,
        );
        let east = PointMm::new(27_600, y);
        hall.unit(&format!("FW-E{}", i + 1), "fanwall_class_400", east, Facing::West, 85.0);
    }
    hall.obstacle(ObstacleKind::Door, door(20_400, 0));
    let mut plan = hall.plan;
    let mut cool = cooling();
    cool.air_supply_c = 22.0;
    plan.cooling = Arc::new(cool);
    plan.site = site(&plan, "us_tx_dallas");
    plan.power = Arc::new(power(4.0, Scheme::TwoN));
    plan.storage = storage("ddn_ai400x3", 8);
    plan.workload = Arc::new(serving("llama31_405b", Precision::Fp8));
    plan
}

/// 32 racks of eight direct-liquid-cooled MI355X servers.
fn mi355x_liquid(catalog: &Catalog) -> Plan {
    let notes = "AMD Instinct MI355X, eight-way direct-liquid-cooled servers of 4U (14.5 kW, \
        derived from 8 × 1,400 W): eight per 48U rack of 800 × 1,470 mm. The room, aisles and \
        chain are our own layout.";
    let mut hall =
        Builder::new("MI355X hall, liquid", notes, slab_hall(19_800, 17_400, 4_500, 15.0), catalog);
    for pod in 0..2 {
        let y = 2_700 + 7_200 * pod as i32;
        let compute = (Place::Systems("mi355x_8way_dlc", 8), 8);
        hall.pod(&Pod {
            name: ["1", "2"][pod],
            at: PointMm::new(5_400, y),
            frame: "eia48_800_1470",
            south: places(&[compute.clone(), (Place::Network, 2)]),
            north: places(&[compute, (Place::Network, 1), (Place::Storage, 1)]),
            hot_aisle_mm: 1_800,
            panel_top_mm: 4_500,
            phase: pod as u16 + 1,
            rear_door: None,
        });
        for cdu in 0..3 {
            let at = PointMm::new(14_700, y + 1_500 * cdu);
            let name = format!("CDU-{}{}", pod + 1, ["A", "B", "C"][cdu as usize]);
            hall.unit(&name, "cdu_class_1300", at, Facing::East, 100.0);
        }
    }
    for i in 0..4 {
        let at = PointMm::new(0, 300 + 4_300 * i);
        hall.unit(&format!("FW-{}", i + 1), "fanwall_class_400", at, Facing::East, 85.0);
    }
    hall.obstacle(ObstacleKind::Door, door(17_100, 0));
    let mut plan = hall.plan;
    plan.site = site(&plan, "se_lulea");
    let mut cool = cooling();
    cool.liquid_plant = PlantKind::DryCooler;
    (cool.tcs_supply_c, cool.fws_supply_c) = (37.0, 32.0);
    plan.cooling = Arc::new(cool);
    plan.power = Arc::new(power(6.0, Scheme::FourN3R));
    plan.fabric = Arc::new(fabric("sn5600"));
    plan.storage = storage("wekapod_nitro_175", 2);
    plan.workload = Arc::new(serving("llama31_405b", Precision::Fp8));
    plan
}

/// 36 racks of three air-cooled MI350X servers.
fn mi350x_air(catalog: &Catalog) -> Plan {
    let notes = "The air-cooled sibling of the MI355X hall: MI350X, the 2.2 GHz air part, in \
        eight-way servers of 8U (12 kW, derived from 8 × 1,000 W), three per rack. No published \
        facility figures of an air-cooled MI355X server were found, so none is used. The room, \
        aisles and chain are our own layout.";
    let mut hall =
        Builder::new("MI350X hall, air", notes, slab_hall(21_000, 15_600, 4_500, 12.0), catalog);
    for pod in 0..2 {
        let compute = (Place::Systems("mi350x_8way_air", 3), 9);
        hall.pod(&Pod {
            name: ["1", "2"][pod],
            at: PointMm::new(6_000, 2_700 + 6_600 * pod as i32),
            frame: "eia48_750_1200",
            south: places(&[compute.clone(), (Place::Network, 1)]),
            north: places(&[compute, (if pod == 0 { Place::Network } else { Place::Storage }, 1)]),
            hot_aisle_mm: 1_800,
            panel_top_mm: 4_500,
            phase: pod as u16 + 1,
            rear_door: None,
        });
    }
    for i in 0..4 {
        let y = 200 + 3_800 * i;
        hall.unit(
            &format!("FW-W{}", i + 1),
            "fanwall_class_400",
            PointMm::new(0, y),
            Facing::East,
            80.0,
        );
    }
    for i in 0..2 {
        let at = PointMm::new(19_800, 2_500 + 6_400 * i);
        hall.unit(&format!("FW-E{}", i + 1), "fanwall_class_400", at, Facing::West, 80.0);
    }
    hall.obstacle(ObstacleKind::Door, door(15_900, 0));
    let mut plan = hall.plan;
    plan.site = site(&plan, "de_frankfurt");
    let mut cool = cooling();
    cool.air_supply_c = 22.0;
    plan.cooling = Arc::new(cool);
    plan.power = Arc::new(power(2.5, Scheme::BlockRedundant));
    plan.fabric = Arc::new(fabric("sn5600"));
    plan.storage = storage("wekapod_nitro_175", 1);
    plan.workload = Arc::new(serving("llama31_70b", Precision::Fp8));
    plan
}

/// A 1 MW room on a raised floor: 16 racks of two DGX B200.
fn enterprise(catalog: &Catalog) -> Plan {
    let notes = "Derived from the DGX B200 figures: 16 racks of two nodes (457.6 kW), two network \
        and two storage racks on a raised floor with perimeter CRAHs N+1; leaves growth to 1 MW. \
        The room is our own layout.";
    let hall_box = Hall {
        size_x_mm: 13_800,
        size_y_mm: 10_800,
        height_mm: 3_600,
        floor: FloorBuild::Raised { plenum_mm: 900 },
        ceiling_plenum_mm: 800,
        floor_load_kpa: 12.0,
    };
    let mut hall = Builder::new("Enterprise room, 1 MW", notes, hall_box, catalog);
    let compute = (Place::Systems("dgx_b200", 2), 8);
    let pod = Pod {
        name: "1",
        at: PointMm::new(2_900, 3_300),
        frame: "eia52_700_1200",
        south: places(&[compute.clone(), (Place::Network, 1), (Place::Storage, 1)]),
        north: places(&[compute, (Place::Network, 1), (Place::Storage, 1)]),
        hot_aisle_mm: 1_800,
        panel_top_mm: 3_600,
        phase: 1,
        rear_door: None,
    };
    hall.pod(&pod);
    hall.tiles(PointMm::new(3_000, 2_100), 11, 2, 56.0);
    hall.tiles(PointMm::new(3_000, 7_500), 11, 2, 56.0);
    for i in 0..4 {
        let y = 300 + 2_600 * i;
        hall.unit(
            &format!("CRAH-W{}", i + 1),
            "crah_vertiv_pcw_100",
            PointMm::new(0, y),
            Facing::East,
            85.0,
        );
        let east = PointMm::new(12_910, y);
        hall.unit(&format!("CRAH-E{}", i + 1), "crah_vertiv_pcw_100", east, Facing::West, 85.0);
    }
    hall.obstacle(ObstacleKind::Door, door(6_000, 0));
    let mut plan = hall.plan;
    let mut chain = power(1.0, Scheme::NPlus1);
    chain.transformer = PowerKey::new("tx_oil_1500_doe2016");
    chain.generator = Some(PowerKey::new("gen_cat_3516b"));
    plan.power = Arc::new(chain);
    let mut cool = cooling();
    cool.air_supply_c = 22.0;
    cool.cdu = CoolingKey::new("cdu_vertiv_600");
    plan.cooling = Arc::new(cool);
    plan.site = site(&plan, "us_ny_newyork");
    plan.storage = storage("ddn_ai400x2", 2);
    plan.workload = Arc::new(serving("llama31_70b", Precision::Fp8));
    plan
}

fn site(plan: &Plan, id: &str) -> Arc<tokenmill::plan::Site> {
    let mut site = plan.site.as_ref().clone();
    site.site = SiteKey::new(id);
    Arc::new(site)
}

#[test]
#[ignore = "writes presets/; run by hand after a change here or in the catalogue"]
fn write_presets() {
    let catalog = tokenmill::catalog::load::shipped().expect("the shipped catalogue loads");
    for (id, plan) in all(&catalog) {
        let text = tokenmill::format::to_text(&plan, &catalog).expect("a preset can be written");
        std::fs::write(format!("presets/{id}.plan.ron"), text).expect("presets/ is writable");
    }
}
