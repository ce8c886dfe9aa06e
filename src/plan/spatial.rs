//! A uniform grid over rectangles of the floor: which of thousands are near a place, in time that
//! does not grow with the hall. Rebuilt whenever needed; 5,000 racks take well under a millisecond.

use super::RectMm;

/// Smallest edge of a cell, mm: two racks deep.
const MIN_CELL_MM: i64 = 2400;
/// Most cells along an axis, so that absurd coordinates can not ask for absurd memory.
const MAX_CELLS: i64 = 256;

/// Rectangles by place.
#[derive(Clone, Debug, Default)]
pub struct SpatialIndex {
    boxes: Vec<RectMm>,
    origin: (i64, i64),
    cell: (i64, i64),
    n: (usize, usize),
    /// Where each cell's list starts in `members`; one more at the end.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl SpatialIndex {
    /// Indexes rectangles; they keep their numbers.
    #[must_use]
    pub fn new(boxes: Vec<RectMm>) -> Self {
        let Some(bounds) = boxes.iter().copied().reduce(|a, b| a.union(&b)) else {
            return Self::default();
        };
        let cells_of = |extent: i64| {
            let cell = MIN_CELL_MM.max(extent / MAX_CELLS + 1);
            (cell, (extent / cell + 1) as usize)
        };
        let (cell_x, nx) = cells_of(i64::from(bounds.max.x) - i64::from(bounds.min.x));
        let (cell_y, ny) = cells_of(i64::from(bounds.max.y) - i64::from(bounds.min.y));
        let mut index = Self {
            boxes,
            origin: (i64::from(bounds.min.x), i64::from(bounds.min.y)),
            cell: (cell_x, cell_y),
            n: (nx, ny),
            starts: vec![0; nx * ny + 1],
            members: Vec::new(),
        };
        index.fill();
        index
    }

    /// Counting sort of the boxes into cells.
    fn fill(&mut self) {
        for at in 0..self.boxes.len() {
            for cell in self.cells(&self.boxes[at]) {
                self.starts[cell + 1] += 1;
            }
        }
        for cell in 1..self.starts.len() {
            self.starts[cell] += self.starts[cell - 1];
        }
        let mut next = self.starts.clone();
        self.members = vec![0; next.last().map_or(0, |n| *n as usize)];
        for at in 0..self.boxes.len() {
            for cell in self.cells(&self.boxes[at]) {
                self.members[next[cell] as usize] = at as u32;
                next[cell] += 1;
            }
        }
    }

    /// Cells that a rectangle touches.
    fn cells(&self, area: &RectMm) -> impl Iterator<Item = usize> + use<> {
        let slot = |v: i32, origin: i64, cell: i64, n: usize| {
            ((i64::from(v) - origin).div_euclid(cell.max(1))).clamp(0, n.max(1) as i64 - 1) as usize
        };
        let x0 = slot(area.min.x, self.origin.0, self.cell.0, self.n.0);
        let x1 = slot(area.max.x, self.origin.0, self.cell.0, self.n.0);
        let y0 = slot(area.min.y, self.origin.1, self.cell.1, self.n.1);
        let y1 = slot(area.max.y, self.origin.1, self.cell.1, self.n.1);
        let nx = self.n.0;
        (y0..=y1).flat_map(move |y| (x0..=x1).map(move |x| x + nx * y))
    }

    /// Numbers of the rectangles whose interior overlaps `area`, ascending.
    #[must_use]
    pub fn overlapping(&self, area: &RectMm) -> Vec<usize> {
        if self.boxes.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<usize> = self
            .cells(area)
            .flat_map(|cell| {
                self.members[self.starts[cell] as usize..self.starts[cell + 1] as usize].iter()
            })
            .map(|at| *at as usize)
            .filter(|at| self.boxes[*at].overlaps(area))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::PointMm;

    #[test]
    fn it_finds_what_a_search_through_all_finds() {
        let boxes: Vec<RectMm> = (0..400)
            .map(|i| RectMm::at(PointMm::new(i * 7919 % 60_000, i * 6101 % 40_000), 600, 1200))
            .collect();
        let index = SpatialIndex::new(boxes.clone());
        for i in 0..50 {
            let area = RectMm::at(PointMm::new(i * 1171 % 60_000, i * 911 % 40_000), 3000, 2000);
            let expected: Vec<usize> =
                (0..boxes.len()).filter(|at| boxes[*at].overlaps(&area)).collect();
            assert_eq!(index.overlapping(&area), expected);
        }
    }

    #[test]
    fn absurd_extents_stay_small() {
        let far = PointMm::new(i32::MAX, i32::MAX);
        let near = PointMm::new(i32::MIN, i32::MIN);
        let index = SpatialIndex::new(vec![RectMm::spanning(near, far), RectMm::at(near, 1, 1)]);
        assert!(index.members.len() <= 70_000);
        assert_eq!(index.overlapping(&RectMm::at(near, 2, 2)), vec![0, 1]);
        assert!(SpatialIndex::new(Vec::new()).overlapping(&RectMm::at(near, 2, 2)).is_empty());
    }
}
