//! What is alive, and in which order: islands between converters, a spanning tree of each, and the
//! branches that close rings over it.

use super::{Grid, Switching};

/// No bus, place, branch or island.
pub(super) const NONE: u32 = u32::MAX;

/// A network whose islands can not be put in order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// A converter whose output feeds its own input.
    #[error("converter {converter} feeds a part of the network that feeds it")]
    OwnInput {
        /// Index of the converter.
        converter: usize,
    },
}

/// Where a source or converter holds a voltage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Source(u32),
    Converter(u32),
}

/// A part of the network with one or more held voltages. Its buses lie at `start..end` in
/// [`Topology::bus`], supplies before those they supply.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Island {
    pub start: u32,
    pub end: u32,
    /// Roots that hold its first bus; several share by weight.
    pub roots: Vec<Root>,
    /// Range of its links in [`Topology::links`].
    pub links: [u32; 2],
}

/// What closes a ring over the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Link {
    /// A branch, by index.
    Branch(u32),
    /// A further held voltage at a place of the island.
    Held(Root, u32),
}

/// Live buses in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Topology {
    /// Bus at each place.
    pub bus: Vec<u32>,
    /// Place of the supply of each place, itself for a root.
    pub up: Vec<u32>,
    /// Branch from there; [`NONE`] for a root.
    pub via: Vec<u32>,
    /// Voltage of the bus over that of the tree, from off-nominal ratios on the way.
    pub scale: Vec<f64>,
    /// Place of each bus; [`NONE`] if it is dead.
    pub place: Vec<u32>,
    /// Island of each bus; [`NONE`] if it is dead.
    pub island_of: Vec<u32>,
    pub islands: Vec<Island>,
    /// Links, each with its island, sorted by island.
    pub links: Vec<(u32, Link)>,
    /// Islands, those nearest to the loads first.
    pub order: Vec<u32>,
    /// Whether each branch, converter and source is in service.
    branch_in: Vec<bool>,
    converter_in: Vec<bool>,
    source_in: Vec<bool>,
    /// Converters that hold a voltage.
    holding: Vec<bool>,
    /// Branches seen, as tree or link.
    taken: Vec<bool>,
    /// Per island, converters on it that are not solved yet.
    waiting: Vec<u32>,
}

/// Branches and converters at each bus.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Adjacency {
    branch_start: Vec<u32>,
    /// Branch, and the bus at its other end.
    branches: Vec<(u32, u32)>,
    converter_start: Vec<u32>,
    converters: Vec<u32>,
}

impl Adjacency {
    pub fn new(grid: &Grid) -> Self {
        let ends = |b: u32| {
            let branch = &grid.branches[b as usize];
            [(branch.f, (b, branch.t as u32)), (branch.t, (b, branch.f as u32))]
        };
        let branches: Vec<_> = (0..grid.branches.len() as u32).flat_map(ends).collect();
        let inputs: Vec<_> =
            grid.converters.iter().zip(0u32..).map(|(c, i)| (c.input, i)).collect();
        let (branch_start, branches) = by_bus(grid.buses, &branches);
        let (converter_start, converters) = by_bus(grid.buses, &inputs);
        Self { branch_start, branches, converter_start, converters }
    }

    fn branches(&self, bus: u32) -> &[(u32, u32)] {
        let at = bus as usize;
        &self.branches[self.branch_start[at] as usize..self.branch_start[at + 1] as usize]
    }

    fn converters(&self, bus: u32) -> &[u32] {
        let at = bus as usize;
        &self.converters[self.converter_start[at] as usize..self.converter_start[at + 1] as usize]
    }
}

/// Sorts things by bus: first of each bus, and the things.
fn by_bus<T: Copy>(buses: usize, things: &[(usize, T)]) -> (Vec<u32>, Vec<T>) {
    let mut start = vec![0u32; buses + 1];
    for (bus, _) in things {
        start[bus + 1] += 1;
    }
    for bus in 0..buses {
        start[bus + 1] += start[bus];
    }
    let mut next = start.clone();
    let mut sorted: Vec<Option<T>> = vec![None; things.len()];
    for (bus, thing) in things {
        sorted[next[*bus] as usize] = Some(*thing);
        next[*bus] += 1;
    }
    (start, sorted.into_iter().flatten().collect())
}

impl Topology {
    /// Finds what is alive under a switching.
    ///
    /// # Errors
    /// Islands that feed each other.
    pub fn find(
        &mut self,
        grid: &Grid,
        near: &Adjacency,
        switching: &Switching,
    ) -> Result<(), GridError> {
        self.clear(grid, switching);
        for (i, source) in grid.sources.iter().enumerate() {
            if self.source_in[i] {
                self.hold(grid, near, Root::Source(i as u32), source.bus as u32);
            }
        }
        // Islands found later lie behind converters of those found before.
        let mut island = 0;
        while let Some(Island { start, end, .. }) = self.islands.get(island) {
            for at in *start..*end {
                let bus = self.bus[at as usize];
                for &converter in near.converters(bus) {
                    if self.converter_in[converter as usize] {
                        let output = grid.converters[converter as usize].output as u32;
                        self.hold(grid, near, Root::Converter(converter), output);
                    }
                }
            }
            island += 1;
        }
        self.gather_links();
        self.sort_islands(grid)
    }

    /// Whether a converter is alive and in service.
    pub fn holds(&self, converter: usize) -> bool {
        self.holding[converter]
    }

    /// Whether a source is in service.
    pub fn runs(&self, source: usize) -> bool {
        self.source_in[source]
    }

    /// Whether a branch is in service between live buses.
    pub fn carries(&self, branch: usize) -> bool {
        self.taken[branch]
    }

    fn clear(&mut self, grid: &Grid, switching: &Switching) {
        for list in [&mut self.bus, &mut self.up, &mut self.via, &mut self.order] {
            list.clear();
        }
        self.scale.clear();
        self.islands.clear();
        self.links.clear();
        refill(&mut self.place, grid.buses, NONE);
        refill(&mut self.island_of, grid.buses, NONE);
        refill(&mut self.holding, grid.converters.len(), false);
        refill(&mut self.taken, grid.branches.len(), false);
        refill(&mut self.converter_in, grid.converters.len(), true);
        self.branch_in.clear();
        self.branch_in.extend(grid.branches.iter().map(|b| !b.open));
        self.source_in.clear();
        self.source_in.extend(grid.sources.iter().map(|s| !s.standby));
        switching.branches_in.iter().for_each(|i| self.branch_in[*i] = true);
        switching.sources_in.iter().for_each(|i| self.source_in[*i] = true);
        switching.branches_out.iter().for_each(|i| self.branch_in[*i] = false);
        switching.sources_out.iter().for_each(|i| self.source_in[*i] = false);
        switching.converters_out.iter().for_each(|i| self.converter_in[*i] = false);
    }

    /// A root takes hold of a bus: a new island, a partner on its first bus, or a further held
    /// voltage in it.
    fn hold(&mut self, grid: &Grid, near: &Adjacency, root: Root, bus: u32) {
        if let Root::Converter(c) = root {
            self.holding[c as usize] = true;
        }
        let found = self.island_of[bus as usize];
        if found == NONE {
            self.grow(grid, near, root, bus);
            return;
        }
        let place = self.place[bus as usize];
        let island = &mut self.islands[found as usize];
        if place == island.start {
            island.roots.push(root);
        } else {
            self.links.push((found, Link::Held(root, place)));
        }
    }

    /// Breadth first, so that the sweeps see many short chains rather than a few long ones.
    fn grow(&mut self, grid: &Grid, near: &Adjacency, root: Root, bus: u32) {
        let (start, island) = (self.bus.len(), self.islands.len() as u32);
        self.push(bus, start as u32, NONE, 1.0, island);
        let mut next = start;
        while next < self.bus.len() {
            for &(branch, other) in near.branches(self.bus[next]) {
                let b = branch as usize;
                if !self.branch_in[b] || self.taken[b] {
                    continue;
                }
                self.taken[b] = true;
                if self.island_of[other as usize] == NONE {
                    let scale = other_scale(&grid.branches[b], other, self.scale[next]);
                    self.push(other, next as u32, branch, scale, island);
                } else if self.place[other as usize] != next as u32 {
                    self.links.push((island, Link::Branch(branch)));
                }
            }
            next += 1;
        }
        let end = self.bus.len() as u32;
        let roots = vec![root];
        self.islands.push(Island { start: start as u32, end, roots, links: [0; 2] });
    }

    fn push(&mut self, bus: u32, up: u32, via: u32, scale: f64, island: u32) {
        self.place[bus as usize] = self.bus.len() as u32;
        self.island_of[bus as usize] = island;
        self.bus.push(bus);
        self.up.push(up);
        self.via.push(via);
        self.scale.push(scale);
    }

    /// Puts the links of each island side by side.
    fn gather_links(&mut self) {
        self.links.sort_by_key(|(island, _)| *island);
        let mut at = 0;
        for (i, island) in self.islands.iter_mut().enumerate() {
            let from = at;
            at += self.links[at..].partition_point(|(of, _)| *of as usize <= i);
            island.links = [from as u32, at as u32];
        }
    }

    /// Orders islands so that each comes before all that supply it.
    fn sort_islands(&mut self, grid: &Grid) -> Result<(), GridError> {
        refill(&mut self.waiting, self.islands.len(), 0);
        for island in 0..self.islands.len() as u32 {
            for converter in converters_of(&self.islands, &self.links, island) {
                let by = self.island_of[grid.converters[converter as usize].input];
                self.waiting[by as usize] += 1;
            }
        }
        self.order.clear();
        self.order
            .extend((0..self.islands.len() as u32).filter(|i| self.waiting[*i as usize] == 0));
        let mut next = 0;
        while let Some(&island) = self.order.get(next) {
            for converter in converters_of(&self.islands, &self.links, island) {
                let by = self.island_of[grid.converters[converter as usize].input];
                self.waiting[by as usize] -= 1;
                if self.waiting[by as usize] == 0 {
                    self.order.push(by);
                }
            }
            next += 1;
        }
        let stuck = (0..self.islands.len()).find(|i| self.waiting[*i] > 0);
        let ring = stuck.and_then(|i| converters_of(&self.islands, &self.links, i as u32).next());
        ring.map_or(Ok(()), |c| Err(GridError::OwnInput { converter: c as usize }))
    }
}

/// Converters that hold a voltage in an island.
pub(super) fn converters_of<'a>(
    islands: &'a [Island],
    links: &'a [(u32, Link)],
    island: u32,
) -> impl Iterator<Item = u32> + 'a {
    let island = &islands[island as usize];
    let [from, to] = island.links.map(|l| l as usize);
    let further = links[from..to].iter().filter_map(|(_, link)| match link {
        Link::Held(root, _) => Some(*root),
        Link::Branch(_) => None,
    });
    island.roots.iter().copied().chain(further).filter_map(|root| match root {
        Root::Converter(c) => Some(c),
        Root::Source(_) => None,
    })
}

fn refill<T: Clone>(list: &mut Vec<T>, len: usize, value: T) {
    list.clear();
    list.resize(len, value);
}

/// Scale of the bus at the other end of a branch.
fn other_scale(branch: &super::Branch, other: u32, scale: f64) -> f64 {
    if branch.t == other as usize { scale / branch.ratio } else { scale * branch.ratio }
}
