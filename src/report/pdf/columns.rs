//! Widths of table columns: numbers and headings first, text shares what is left.

use super::font::Fonts;
use super::wrap::longest_word;
use crate::report::model::{ColumnKind, RowRole, Table};

/// Space left and right of a cell's text, pt.
pub const PAD: f32 = 3.5;
/// Widest unbreakable piece that a text column must respect, pt.
const WORD_CAP: f32 = 86.0;
/// A heading would like to take two lines at most.
const HEADING_SHARE: f32 = 0.6;
/// A table narrower than this share of the page is not stretched to the page.
const NARROW: f32 = 0.62;
/// Air added to a narrow table.
const NARROW_STRETCH: f32 = 1.35;
/// Font sizes tried, pt.
const SIZES: [f32; 4] = [7.6, 7.0, 6.4, 5.6];

/// Font size and width of every column, padding included, pt.
pub struct Widths {
    /// Font size.
    pub size: f32,
    /// Column widths.
    pub columns: Vec<f32>,
}

impl Widths {
    /// Widths of a table on a page of some width.
    pub fn of(fonts: &Fonts, table: &Table, page: f32) -> Self {
        let needs = |size| -> Vec<(f32, f32)> {
            (0..table.columns.len()).map(|c| need(fonts, table, c, size)).collect()
        };
        let fits = |n: &[(f32, f32)]| n.iter().map(|(least, _)| least).sum::<f32>() <= page;
        let size = SIZES.into_iter().find(|s| fits(&needs(*s))).unwrap_or(SIZES[SIZES.len() - 1]);
        Self { size, columns: share(&needs(size), page) }
    }
}

/// Least and natural width of a column.
fn need(fonts: &Fonts, table: &Table, at: usize, size: f32) -> (f32, f32) {
    let column = &table.columns[at];
    let (bold, regular) = (fonts.face(true), fonts.face(false));
    let heading = longest_word(bold, &column.heading(), size);
    let whole = bold.width(&column.heading(), size);
    let (mut least, mut natural) = (heading, heading.max(whole * HEADING_SHARE));
    for row in table.rows.iter().filter(|r| r.role != RowRole::Group) {
        let text = row.cells[at].text.as_str();
        let face = if row.role == RowRole::Item { regular } else { bold };
        let width = face.width(text, size);
        natural = natural.max(width);
        least = least.max(match column.kind {
            ColumnKind::Number => width,
            ColumnKind::Text => longest_word(face, text, size).min(WORD_CAP),
        });
    }
    // A hair more than measured, lest rounding breaks what just fits.
    (least + 2.0 * PAD + 0.1, natural + 2.0 * PAD + 0.1)
}

fn share(needs: &[(f32, f32)], page: f32) -> Vec<f32> {
    let natural: f32 = needs.iter().map(|n| n.1).sum();
    if natural <= page {
        let target =
            if natural < NARROW * page { (natural * NARROW_STRETCH).min(page) } else { page };
        return needs.iter().map(|n| n.1 * target / natural.max(1.0)).collect();
    }
    let least: f32 = needs.iter().map(|n| n.0).sum();
    if least >= page {
        return needs.iter().map(|n| n.0 * page / least).collect();
    }
    fill(needs, page - least)
}

/// Gives `left` to the columns that want more than their least: in proportion to the root of what
/// they want, so that one long text does not starve the others, and never more than wanted.
fn fill(needs: &[(f32, f32)], mut left: f32) -> Vec<f32> {
    let mut widths: Vec<f32> = needs.iter().map(|n| n.0).collect();
    for _ in needs {
        let want = |i: usize| (needs[i].1 - widths[i]).max(0.0);
        let weights: Vec<f32> = (0..needs.len()).map(|i| want(i).sqrt()).collect();
        let sum: f32 = weights.iter().sum();
        if sum <= 0.0 || left <= 0.01 {
            break;
        }
        let gains: Vec<f32> =
            (0..needs.len()).map(|i| (left * weights[i] / sum).min(want(i))).collect();
        left -= gains.iter().sum::<f32>();
        widths.iter_mut().zip(&gains).for_each(|(w, g)| *w += g);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_fill_the_page_and_respect_the_least() {
        let needs = [(30.0, 30.0), (40.0, 400.0), (40.0, 90.0), (25.0, 25.0)];
        let widths = share(&needs, 300.0);
        assert!((widths.iter().sum::<f32>() - 300.0).abs() < 0.1);
        assert!(widths.iter().zip(&needs).all(|(w, n)| *w >= n.0 - 1e-3 && *w <= n.1 + 1e-3));
        let narrow = share(&[(20.0, 50.0), (20.0, 50.0)], 500.0);
        assert!((narrow.iter().sum::<f32>() - 135.0).abs() < 0.1);
    }
}
