//! Which medium each link takes, and how many modules and cables that makes.
//!
//! A medium qualifies when its rate is that of the switch's cages and its reach covers the routed
//! length: a slower module would waste ports, a faster one does not fit. Copper goes
//! first where the policy allows it; then the lowest price per link, priced media before unpriced
//! ones; then the lowest power. **Twin-port rule:** a module or cable of at least twice the link
//! rate carries two links (800G = 2 x 400G), never more: four-way splitters have a tenth of the
//! reach. Switch ends are counted per network rack, NIC ends per endpoint rack; where a NIC has no
//! twin-port cage its module carries one link and must only agree in lane format.

use super::case::{FabricCase, Medium, MediumKind, OpticsPolicy};
use super::placement::Placement;
use super::result::{CableSku, MediumUse, Tier};
use super::route::Run;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Links that one module carries at most without a splitter (twin-port OSFP).
const MAX_LINKS_PER_MODULE: f64 = 2.0;

/// Cut lengths that cables are stocked in \[m\]. Assumption: the steps usual in vendors' lists.
const STOCK_LENGTHS_M: [f64; 22] = [
    0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 75.0,
    100.0, 150.0, 200.0, 300.0, 500.0,
];

/// Media of one run: at the switch end, and at the lower end where it differs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Choice {
    pub upper: usize,
    pub lower: usize,
}

/// Modules, cables and watts.
#[derive(Clone, Debug)]
pub(super) struct Bill {
    /// Choice for each run; `None` where no medium reaches. Indices into the case's media.
    pub choice: Vec<Option<Choice>>,
    /// Use of each medium of the case, unused ones included.
    pub used: Vec<MediumUse>,
    /// Watts of modules and cable ends in each network rack.
    pub network_w: Vec<f64>,
    /// Watts of modules and cable ends in each endpoint rack.
    pub endpoint_w: Vec<f64>,
}

fn links_per_module(medium: &Medium, link_gbit_s: f64) -> u64 {
    (medium.module_gbit_s / link_gbit_s).floor().clamp(1.0, MAX_LINKS_PER_MODULE) as u64
}

/// Best medium for a link of this rate and length.
fn choose(case: &FabricCase, link_gbit_s: f64, length_m: f64) -> Option<usize> {
    let copper_ok = case.optics_policy == OpticsPolicy::CopperFirst;
    (0..case.media.len())
        .filter(|&i| {
            let m = &case.media[i];
            m.module_gbit_s == case.switch.cage_gbit_s
                && m.reach_m >= length_m
                && (copper_ok || !m.kind.is_copper())
        })
        .min_by(|&a, &b| {
            let rank = |i: usize| {
                let m: &Medium = &case.media[i];
                (m, links_per_module(m, link_gbit_s) as f64)
            };
            prefer(rank(a), rank(b))
        })
}

/// Orders two media, each with its links per module: the better one is less.
fn prefer((a, a_links): (&Medium, f64), (b, b_links): (&Medium, f64)) -> Ordering {
    let copper = |m: &Medium| u8::from(!m.kind.is_copper());
    let per_link = |m: &Medium, links: f64| {
        let ends = if m.kind.is_assembled() { 1.0 } else { 2.0 };
        (m.price_usd.map_or(f64::INFINITY, |p| p * ends / links), m.power_w * ends / links)
    };
    let ((a_usd, a_w), (b_usd, b_w)) = (per_link(a, a_links), per_link(b, b_links));
    copper(a)
        .cmp(&copper(b))
        .then(a_usd.total_cmp(&b_usd))
        .then(a_w.total_cmp(&b_w))
        .then_with(|| a.key.cmp(&b.key))
}

/// Module for a NIC cage that takes one link: the slowest that fits and speaks the same lanes.
fn single_port_partner(case: &FabricCase, upper: usize, link_gbit_s: f64, length_m: f64) -> usize {
    let lanes = &case.media[upper].interface;
    (0..case.media.len())
        .filter(|&i| {
            let m = &case.media[i];
            m.kind == MediumKind::Optic
                && m.interface == *lanes
                && m.module_gbit_s >= link_gbit_s
                && m.reach_m >= length_m
        })
        .min_by(|&a, &b| {
            let (a, b) = (&case.media[a], &case.media[b]);
            a.module_gbit_s.total_cmp(&b.module_gbit_s).then(prefer((a, 1.0), (b, 1.0)))
        })
        .unwrap_or(upper)
}

/// Chooses media for all runs and counts them.
pub(super) fn bill(case: &FabricCase, link_gbit_s: f64, placed: &Placement, runs: &[Run]) -> Bill {
    let choice: Vec<Option<Choice>> = runs
        .iter()
        .map(|run| {
            let upper = choose(case, link_gbit_s, run.length_m)?;
            let alone = run.tier == Tier::NodeLeaf
                && !case.nic_twin_port
                && case.media[upper].kind == MediumKind::Optic;
            let lower = if alone {
                single_port_partner(case, upper, link_gbit_s, run.length_m)
            } else {
                upper
            };
            Some(Choice { upper, lower })
        })
        .collect();
    let used = case.media.iter().map(|m| MediumUse {
        key: m.key.clone(),
        name: m.name.clone(),
        links: 0,
        switch_modules: 0,
        nic_modules: 0,
        cables: 0,
        cable_length_m: 0.0,
        assembled: m.kind.is_assembled(),
        power_w: 0.0,
        skus: Vec::new(),
    });
    let mut bill = Bill {
        choice,
        used: used.collect(),
        network_w: vec![0.0; placed.network.len()],
        endpoint_w: vec![0.0; placed.endpoints.len()],
    };
    bill.count_cables(case, link_gbit_s, runs);
    bill.count_modules(case, link_gbit_s, runs);
    bill
}

impl Bill {
    fn count_cables(&mut self, case: &FabricCase, link_gbit_s: f64, runs: &[Run]) {
        let mut skus: Vec<BTreeMap<usize, u64>> = vec![BTreeMap::new(); case.media.len()];
        for (run, choice) in runs.iter().zip(&self.choice) {
            let Some(choice) = choice else { continue };
            let medium = &case.media[choice.upper];
            let assembled = medium.kind.is_assembled();
            let per_cable = if assembled { links_per_module(medium, link_gbit_s) } else { 1 };
            let cables = run.links.div_ceil(per_cable);
            let used = &mut self.used[choice.upper];
            used.links += run.links;
            used.cables += cables;
            used.cable_length_m += cables as f64 * run.length_m;
            let stock = STOCK_LENGTHS_M.partition_point(|&s| s < run.length_m);
            *skus[choice.upper].entry(stock).or_default() += cables;
            if assembled {
                let watts = cables as f64 * medium.power_w;
                used.power_w += watts;
                self.network_w[run.to] += watts / 2.0;
                match run.tier {
                    Tier::NodeLeaf => self.endpoint_w[run.from] += watts / 2.0,
                    Tier::LeafSpine | Tier::SpineCore => self.network_w[run.from] += watts / 2.0,
                }
            }
        }
        for (i, lengths) in skus.into_iter().enumerate() {
            let reach = case.media[i].reach_m;
            self.used[i].skus = lengths
                .into_iter()
                .map(|(stock, cables)| CableSku {
                    length_m: STOCK_LENGTHS_M.get(stock).copied().unwrap_or(reach).min(reach),
                    cables,
                })
                .collect();
        }
    }

    fn count_modules(&mut self, case: &FabricCase, link_gbit_s: f64, runs: &[Run]) {
        // Link ends by (medium, at a NIC, rack), so that twin modules fill up within a rack.
        let mut ends: BTreeMap<(usize, bool, usize), u64> = BTreeMap::new();
        for (run, choice) in runs.iter().zip(&self.choice) {
            let Some(choice) = choice else { continue };
            if case.media[choice.upper].kind.is_assembled() {
                continue;
            }
            let at_nic = run.tier == Tier::NodeLeaf;
            *ends.entry((choice.upper, false, run.to)).or_default() += run.links;
            *ends.entry((choice.lower, at_nic, run.from)).or_default() += run.links;
        }
        for ((medium, at_nic, rack), links) in ends {
            let m = &case.media[medium];
            let single = at_nic && !case.nic_twin_port;
            let per_module = if single { 1 } else { links_per_module(m, link_gbit_s) };
            let modules = links.div_ceil(per_module);
            let watts = modules as f64 * m.power_w;
            let used = &mut self.used[medium];
            used.power_w += watts;
            if at_nic {
                used.nic_modules += modules;
                self.endpoint_w[rack] += watts;
            } else {
                used.switch_modules += modules;
                self.network_w[rack] += watts;
            }
        }
    }
}
