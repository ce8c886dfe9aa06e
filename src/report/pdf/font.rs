//! The shipped typeface: glyphs and widths.

use crate::report::ReportError;
use krilla::text::Font;
use std::collections::BTreeMap;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular-Tabular.otf");
const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold-Tabular.otf");

/// Shown for a character that the typeface lacks.
const REPLACEMENT: char = '?';

/// One weight. Text is set glyph by glyph without kerning: digits are tabular, and a width
/// measured here is the width on the page.
pub struct Face {
    /// For the PDF.
    pub font: Font,
    /// Glyph and advance in em, by character.
    glyphs: BTreeMap<char, (u16, f32)>,
}

impl Face {
    fn load(data: &'static [u8], name: &'static str) -> Result<Self, ReportError> {
        let font = Font::new(data.into(), 0).ok_or(ReportError::Font(name))?;
        let face = ttf_parser::Face::parse(data, 0).map_err(|_| ReportError::Font(name))?;
        let em = f32::from(face.units_per_em());
        let mut glyphs = BTreeMap::new();
        let tables = face.tables().cmap.iter().flat_map(|cmap| cmap.subtables);
        for table in tables.filter(ttf_parser::cmap::Subtable::is_unicode) {
            table.codepoints(|code| {
                let known = char::from_u32(code).and_then(|c| Some((c, face.glyph_index(c)?)));
                if let Some((c, id)) = known {
                    let advance = face.glyph_hor_advance(id).unwrap_or(0);
                    glyphs.insert(c, (id.0, f32::from(advance) / em));
                }
            });
        }
        if glyphs.contains_key(&REPLACEMENT) {
            Ok(Self { font, glyphs })
        } else {
            Err(ReportError::Font(name))
        }
    }

    /// Glyph and advance in em.
    pub fn glyph(&self, c: char) -> (u16, f32) {
        let fallback = || self.glyphs.get(&REPLACEMENT).copied().unwrap_or_default();
        self.glyphs.get(&c).copied().unwrap_or_else(fallback)
    }

    /// Width of a text, pt.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.glyph(c).1).sum::<f32>() * size
    }
}

/// Both weights.
pub struct Fonts {
    regular: Face,
    semibold: Face,
}

impl Fonts {
    /// The shipped typeface.
    pub fn shipped() -> Result<Self, ReportError> {
        Ok(Self {
            regular: Face::load(REGULAR, "Inter Regular")?,
            semibold: Face::load(SEMIBOLD, "Inter SemiBold")?,
        })
    }

    /// The face of a weight.
    pub const fn face(&self, bold: bool) -> &Face {
        if bold { &self.semibold } else { &self.regular }
    }
}
