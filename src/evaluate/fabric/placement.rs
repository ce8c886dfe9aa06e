//! Which nodes form a group, and which network rack takes which switch.
//!
//! Racks are walked row by row, nodes in that order fill one group after another, and every switch
//! goes to the nearest network rack (Manhattan distance) that still has room: leaves near their
//! group, spines near the leaves, cores near the spines. The result depends on positions and
//! identities only, not on the order of the lists.

use super::case::{EndpointRack, FabricCase, NetworkRack};
use super::result::SwitchCounts;

/// Rows closer than this are one row \[m\]; assumption, half of a narrow rack.
const ROW_GRID_M: f64 = 0.3;

/// Nodes of one group in one rack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GroupShare {
    pub endpoint: usize,
    pub nodes: u32,
}

/// Where everything stands. Indices refer to the sorted lists.
#[derive(Clone, Debug)]
pub(super) struct Placement<'a> {
    pub endpoints: Vec<&'a EndpointRack>,
    pub network: Vec<&'a NetworkRack>,
    pub groups: Vec<Vec<GroupShare>>,
    /// Network rack of each leaf, group by group.
    pub leaf_rack: Vec<Vec<usize>>,
    /// Switches of the upper tiers in each network rack.
    pub spines: Vec<u32>,
    pub cores: Vec<u32>,
    /// Rack units taken in each network rack.
    pub used_u: Vec<u32>,
}

impl Placement<'_> {
    /// Leaves in each network rack.
    pub fn leaves(&self) -> Vec<u32> {
        let mut per_rack = vec![0; self.network.len()];
        for &rack in self.leaf_rack.iter().flatten() {
            per_rack[rack] += 1;
        }
        per_rack
    }
}

/// Places all switches; with no network rack at all, nothing above the nodes is placed.
pub(super) fn place<'a>(case: &'a FabricCase, counts: &SwitchCounts) -> Placement<'a> {
    let endpoints = by_row(case.endpoints.iter().filter(|e| e.nodes > 0).collect());
    let mut network: Vec<&NetworkRack> = case.network_racks.iter().collect();
    network.sort_by_key(|r| r.rack);
    let groups = fill_groups(&endpoints, counts);
    let n = network.len();
    let mut room = Room { network: &network, used_u: vec![0; n], units: case.switch.rack_units };
    let mut leaf_rack = Vec::new();
    let (mut spines, mut cores) = (vec![0; n], vec![0; n]);
    if n > 0 {
        let middle = centroid(endpoints.iter().map(|e| (e.position_m, f64::from(e.nodes))));
        for g in 0..counts.groups as usize {
            let at = groups.get(g).map_or(middle, |group| {
                let weigh = |s: &GroupShare| (endpoints[s.endpoint].position_m, f64::from(s.nodes));
                centroid(group.iter().map(weigh))
            });
            let leaves = leaves_of_group(counts, g as u64);
            leaf_rack.push((0..leaves).map(|_| room.take_near(at)).collect());
        }
        let placed: Vec<usize> = leaf_rack.iter().flatten().copied().collect();
        let at = centroid(placed.iter().map(|&r| (network[r].position_m, 1.0)));
        (0..counts.spine).for_each(|_| spines[room.take_near(at)] += 1);
        (0..counts.core).for_each(|_| cores[room.take_near(at)] += 1);
    }
    let used_u = room.used_u;
    Placement { endpoints, network, groups, leaf_rack, spines, cores, used_u }
}

/// Leaves of one group; as even as may be where the number is set by hand.
fn leaves_of_group(counts: &SwitchCounts, group: u64) -> u64 {
    let (leaves, groups) = (u64::from(counts.leaf), u64::from(counts.groups.max(1)));
    leaves * (group + 1) / groups - leaves * group / groups
}

/// Sorts racks along rows, whichever way the rows run.
fn by_row(mut racks: Vec<&EndpointRack>) -> Vec<&EndpointRack> {
    let cell = |v: f64| (v / ROW_GRID_M).round() as i64;
    let distinct = |axis: usize| {
        let mut v: Vec<i64> = racks.iter().map(|r| cell(r.position_m[axis])).collect();
        v.sort_unstable();
        v.dedup();
        v.len()
    };
    let (across, along) = if distinct(1) <= distinct(0) { (1, 0) } else { (0, 1) };
    racks.sort_by_key(|r| (cell(r.position_m[across]), cell(r.position_m[along]), r.rack));
    racks
}

fn fill_groups(endpoints: &[&EndpointRack], counts: &SwitchCounts) -> Vec<Vec<GroupShare>> {
    let size = counts.nodes_per_group.max(1);
    let mut groups: Vec<Vec<GroupShare>> = vec![Vec::new()];
    let mut room = size;
    for (endpoint, rack) in endpoints.iter().enumerate() {
        let mut left = rack.nodes;
        while left > 0 {
            if room == 0 {
                groups.push(Vec::new());
                room = size;
            }
            let nodes = left.min(room);
            if let Some(group) = groups.last_mut() {
                group.push(GroupShare { endpoint, nodes });
            }
            left -= nodes;
            room -= nodes;
        }
    }
    groups
}

fn centroid(points: impl Iterator<Item = ([f64; 2], f64)>) -> [f64; 2] {
    let (mut x, mut y, mut weight) = (0.0, 0.0, 0.0);
    for (p, w) in points {
        x += p[0] * w;
        y += p[1] * w;
        weight += w;
    }
    if weight > 0.0 { [x / weight, y / weight] } else { [0.0, 0.0] }
}

/// Rack units left.
struct Room<'a> {
    network: &'a [&'a NetworkRack],
    used_u: Vec<u32>,
    units: u32,
}

impl Room<'_> {
    /// Nearest rack with room for one more switch; the nearest of all when none has room.
    fn take_near(&mut self, at: [f64; 2]) -> usize {
        let full = |r: usize| self.used_u[r] + self.units > self.network[r].free_u;
        let away = |r: usize| {
            let p = self.network[r].position_m;
            (p[0] - at[0]).abs() + (p[1] - at[1]).abs()
        };
        let best = (0..self.network.len())
            .min_by(|&a, &b| full(a).cmp(&full(b)).then(away(a).total_cmp(&away(b))))
            .unwrap_or(0);
        self.used_u[best] = self.used_u[best].saturating_add(self.units);
        best
    }
}
