//! States of a network, one after another in the same scratch space.

use super::super::radial::{self, Bus, Look, MOST_SWEEPS, Moved, Sweep, TOLERANCE_PU, Watch};
use super::rings::Rings;
use super::topology::{Adjacency, Link, NONE, Root, Topology, converters_of};
use super::{Grid, GridError, Switching};
use crate::evaluate::power::case::FeedRule;
use crate::numerics::complex::Complex;

/// An island that has no feasible voltages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Collapse {
    /// The bus with the lowest voltage.
    pub bus: usize,
    /// Largest common factor on the loads of its island that still has a solution, 0 to 1.
    pub feasible: f64,
}

/// Solves states of one network.
#[derive(Clone, Debug)]
pub struct GridSolver {
    near: Adjacency,
    pub(super) topology: Topology,
    /// Tree of all islands; `up` counts from the first bus of the island.
    pub(super) tree: Vec<Bus>,
    /// Voltage of each place in the tree's scale, and current of the branch that supplies it.
    pub(super) v: Vec<Complex>,
    pub(super) j: Vec<Complex>,
    /// Links of each island that has some, by island.
    pub(super) rings: Vec<Option<Rings>>,
    /// Power of each source and converter at its output, W and var.
    pub(super) source_s: Vec<Complex>,
    pub(super) converter_s: Vec<Complex>,
    /// Loss of each converter, W.
    pub(super) converter_loss_w: Vec<f64>,
    /// Most sweeps of an island.
    pub(super) sweeps: usize,
    /// Places that each load draws from; [`NONE`] beyond the live feeds.
    feeds: Vec<u32>,
    first_feed: Vec<u32>,
    /// Share of each load at each of its live feeds; 0 for a dark load.
    pub(super) share: Vec<f64>,
}

impl GridSolver {
    /// For a network whose indices are good.
    #[must_use]
    pub fn new(grid: &Grid) -> Self {
        let mut first_feed = vec![0];
        for load in &grid.loads {
            first_feed.push(first_feed[first_feed.len() - 1] + load.feeds.len() as u32);
        }
        Self {
            near: Adjacency::new(grid),
            topology: Topology::default(),
            tree: Vec::new(),
            v: Vec::new(),
            j: Vec::new(),
            rings: Vec::new(),
            source_s: vec![Complex::ZERO; grid.sources.len()],
            converter_s: vec![Complex::ZERO; grid.converters.len()],
            converter_loss_w: vec![0.0; grid.converters.len()],
            sweeps: 0,
            feeds: vec![NONE; first_feed[grid.loads.len()] as usize],
            first_feed,
            share: vec![0.0; grid.loads.len()],
        }
    }

    /// Finds what is alive under a switching and makes ready for [`Self::solve`].
    ///
    /// # Errors
    /// Islands that feed each other.
    pub fn switch(&mut self, grid: &Grid, switching: &Switching) -> Result<(), GridError> {
        self.topology.find(grid, &self.near, switching)?;
        self.plant(grid);
        self.feed(grid);
        let islands = &self.topology.islands;
        self.rings.clear();
        for island in islands {
            let buses = &self.tree[island.start as usize..island.end as usize];
            let linked = island.links[0] < island.links[1];
            self.rings.push(linked.then(|| Rings::new(grid, &self.topology, island, buses)));
        }
        Ok(())
    }

    /// The tree with its impedances and shunts.
    fn plant(&mut self, grid: &Grid) {
        let Self { topology, tree, v, j, .. } = self;
        tree.clear();
        tree.resize(topology.bus.len(), Bus::default());
        v.resize(topology.bus.len(), Complex::ZERO);
        j.resize(topology.bus.len(), Complex::ZERO);
        for island in &topology.islands {
            let start = island.start;
            for place in start + 1..island.end {
                let at = place as usize;
                let branch = &grid.branches[topology.via[at] as usize];
                // The series part lies on the to-side of the ratio.
                let scale = topology.scale[topology.place[branch.t] as usize];
                let up = topology.up[at];
                tree[at].up = up - start;
                tree[at].z = branch.z.scale(1.0 / (scale * scale));
                let shunt = branch.half_shunt.scale(scale * scale);
                tree[at].shunt += shunt;
                tree[up as usize].shunt += shunt;
            }
        }
        for (_, link) in &topology.links {
            let Link::Branch(b) = link else { continue };
            let branch = &grid.branches[*b as usize];
            for (bus, ratio) in [(branch.f, branch.ratio), (branch.t, 1.0)] {
                let place = topology.place[bus] as usize;
                let scale = topology.scale[place] / ratio;
                tree[place].shunt += branch.half_shunt.scale(scale * scale);
            }
        }
    }

    /// Which feeds of each load are alive, and its share at each.
    fn feed(&mut self, grid: &Grid) {
        for (i, load) in grid.loads.iter().enumerate() {
            let feeds =
                &mut self.feeds[self.first_feed[i] as usize..self.first_feed[i + 1] as usize];
            feeds.fill(NONE);
            let live = load.feeds.iter().map(|b| self.topology.place[*b]).filter(|p| *p != NONE);
            let most = if load.rule == FeedRule::FirstLive { 1 } else { usize::MAX };
            let count = feeds.iter_mut().zip(live.take(most)).map(|(f, p)| *f = p).count();
            self.share[i] = if count == 0 { 0.0 } else { 1.0 / count as f64 };
        }
    }

    /// Solves the state from rest.
    ///
    /// # Errors
    /// An island without feasible voltages; nothing of the answer may be used then.
    pub fn solve(&mut self, grid: &Grid) -> Result<(), Collapse> {
        self.load(grid);
        self.sweeps = 0;
        for next in 0..self.topology.order.len() {
            let island = self.topology.order[next] as usize;
            self.solve_island(grid, island)?;
            self.read_roots(grid, island);
        }
        Ok(())
    }

    /// Solves the state, taking over every island that is as in `base`, which is solved.
    ///
    /// # Errors
    /// As of [`Self::solve`].
    pub fn solve_like(&mut self, grid: &Grid, base: &Self) -> Result<(), Collapse> {
        self.load(grid);
        self.sweeps = 0;
        for next in 0..self.topology.order.len() {
            let island = self.topology.order[next] as usize;
            if !self.take_over(base, island) {
                self.solve_island(grid, island)?;
            }
            self.read_roots(grid, island);
        }
        Ok(())
    }

    /// Puts every load on its live feeds.
    fn load(&mut self, grid: &Grid) {
        self.tree.iter_mut().for_each(|b| b.s = Complex::ZERO);
        self.source_s.fill(Complex::ZERO);
        self.converter_s.fill(Complex::ZERO);
        self.converter_loss_w.fill(0.0);
        for (i, load) in grid.loads.iter().enumerate() {
            let s = load.s.scale(self.share[i]);
            let feeds = &self.feeds[self.first_feed[i] as usize..self.first_feed[i + 1] as usize];
            for place in feeds.iter().take_while(|p| **p != NONE) {
                self.tree[*place as usize].s += s;
            }
        }
    }

    fn solve_island(&mut self, grid: &Grid, island: usize) -> Result<(), Collapse> {
        let Self { topology, tree, v, j, rings, .. } = self;
        let range = topology.islands[island].start as usize..topology.islands[island].end as usize;
        let (buses, v, j) = (&tree[range.clone()], &mut v[range.clone()], &mut j[range.clone()]);
        let held = Complex::new(held_pu(grid, topology.islands[island].roots[0]), 0.0);
        v.fill(held);
        let end = match &mut rings[island] {
            None => radial::settle(buses, 1.0, v, j),
            Some(rings) => settle_rings(buses, 1.0, rings, v, j),
        };
        match end {
            Sweep::Settled(sweeps) => {
                self.sweeps = self.sweeps.max(sweeps);
                Ok(())
            }
            Sweep::Collapsed(lowest) => {
                let bus = topology.bus[range.start + lowest] as usize;
                let (buses, rings) = (buses.to_vec(), rings[island].clone());
                let feasible = feasible(&buses, rings.as_ref(), held, v, j);
                Err(Collapse { bus, feasible })
            }
        }
    }

    /// Copies the island from `base` if it is the same there, loads included.
    fn take_over(&mut self, base: &Self, island: usize) -> bool {
        let here = &self.topology.islands[island];
        let range = here.start as usize..here.end as usize;
        let bus = self.topology.bus[range.start] as usize;
        let there = base.topology.island_of[bus];
        if there == NONE {
            return false;
        }
        let there = &base.topology.islands[there as usize];
        let from = there.start as usize..there.end as usize;
        let plain = here.links[0] == here.links[1] && there.links[0] == there.links[1];
        let same = plain
            && here.roots == there.roots
            && self.tree[range.clone()] == base.tree[from.clone()]
            && self.topology.bus[range.clone()] == base.topology.bus[from.clone()];
        if same {
            self.v[range.clone()].copy_from_slice(&base.v[from.clone()]);
            self.j[range].copy_from_slice(&base.j[from]);
        }
        same
    }

    /// Powers of the island's roots; converters load the islands that supply them.
    fn read_roots(&mut self, grid: &Grid, island: usize) {
        let at = &self.topology.islands[island];
        let start = at.start as usize;
        let whole = self.v[start] * self.j[start].conj();
        let weight: f64 = at.roots.iter().map(|r| weight(grid, *r)).sum();
        for root in &at.roots {
            let s = whole.scale(self::weight(grid, *root) / weight);
            match root {
                Root::Source(i) => self.source_s[*i as usize] = s,
                Root::Converter(i) => self.converter_s[*i as usize] = s,
            }
        }
        if let Some(rings) = &self.rings[island] {
            let [from, _] = at.links;
            for (k, current) in rings.current.iter().enumerate() {
                let (_, link) = self.topology.links[from as usize + k];
                let Link::Held(root, place) = link else { continue };
                let v = self.v[place as usize].scale(self.topology.scale[place as usize]);
                match root {
                    Root::Source(i) => self.source_s[i as usize] = v * current.conj(),
                    Root::Converter(i) => self.converter_s[i as usize] = v * current.conj(),
                }
            }
        }
        for converter in converters_of(&self.topology.islands, &self.topology.links, island as u32)
        {
            let i = converter as usize;
            let c = &grid.converters[i];
            let out_w = self.converter_s[i].re;
            let loss_w = c.loss.at(out_w / c.rated_w) * c.rated_w;
            self.converter_loss_w[i] = loss_w;
            let in_w = out_w + loss_w;
            let place = self.topology.place[c.input] as usize;
            self.tree[place].s += Complex::new(in_w, in_w * c.tan_phi);
        }
    }
}

/// Voltage that a root holds, per unit.
pub(super) fn held_pu(grid: &Grid, root: Root) -> f64 {
    match root {
        Root::Source(i) => grid.sources[i as usize].v_pu,
        Root::Converter(i) => grid.converters[i as usize].v_out_pu,
    }
}

fn weight(grid: &Grid, root: Root) -> f64 {
    match root {
        Root::Source(i) => grid.sources[i as usize].weight,
        Root::Converter(i) => grid.converters[i as usize].rated_w,
    }
}

/// How much smaller the mismatch of a ring must be than that of a voltage: over the small impedance
/// of a ring it drives a current.
const RING_STRICTNESS: f64 = 100.0;
/// Sweeps within the plain tolerance after which rounding is all that is left.
const QUIET_SWEEPS: usize = 4;

/// [`radial::settle`] with the links of an island corrected after each sweep.
fn settle_rings(
    buses: &[Bus],
    factor: f64,
    rings: &mut Rings,
    v: &mut [Complex],
    j: &mut [Complex],
) -> Sweep {
    let mut watch = Watch::default();
    let mut quiet = 0;
    rings.current.fill(Complex::ZERO);
    for sweep in 1..=MOST_SWEEPS {
        radial::inject(buses, factor, v, j);
        rings.draw(j);
        radial::gather(buses, j);
        let plain = radial::forward(buses, v, j);
        let apart = rings.correct(v);
        quiet = if plain.most.sqrt().max(apart) <= TOLERANCE_PU { quiet + 1 } else { 0 };
        let most = plain.most.max((RING_STRICTNESS * apart).powi(2));
        match watch.look(Moved { most, ..plain }) {
            Look::Moving if quiet < QUIET_SWEEPS => {}
            Look::Collapsed => break,
            Look::Moving | Look::Settled => {
                radial::inject(buses, factor, v, j);
                rings.draw(j);
                radial::gather(buses, j);
                return radial::settled(sweep, v, j);
            }
        }
    }
    Sweep::Collapsed(radial::lowest(v))
}

/// Largest common factor on the loads of an island that has a solution.
fn feasible(
    buses: &[Bus],
    rings: Option<&Rings>,
    held: Complex,
    v: &mut [Complex],
    j: &mut [Complex],
) -> f64 {
    let mut rings = rings.cloned();
    let mut settles = |factor: f64| {
        v.fill(held);
        let end = match &mut rings {
            None => radial::settle(buses, factor, v, j),
            Some(rings) => settle_rings(buses, factor, rings, v, j),
        };
        matches!(end, Sweep::Settled(_))
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..BISECTIONS {
        let middle = 0.5 * (low + high);
        if settles(middle) { low = middle } else { high = middle }
    }
    low
}

/// Halvings of the search for the feasible factor.
const BISECTIONS: usize = 24;
