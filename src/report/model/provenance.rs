//! Reproducibility: which plan, which program, which data.

use super::{Block, Given, Section, Table};
use crate::evaluate::result::Quality;
use crate::format::{self, FORMAT_VERSION};
use crate::report::ReportError;
use crate::units::display;

/// Offset basis of 128-bit FNV-1a (Fowler, Noll, Vo; IETF draft-eastlake-fnv).
const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
/// Prime of 128-bit FNV-1a (same source).
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// 128-bit FNV-1a: tells plans apart, is no signature.
fn fnv1a(text: &str) -> u128 {
    text.bytes().fold(FNV_OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(FNV_PRIME))
}

/// The section.
pub fn section(given: &Given<'_>) -> Result<Section, ReportError> {
    let text = format::to_text(given.plan, given.catalog)?;
    let quality = match given.results.quality {
        Quality::Draft => "draft: coarse air field",
        Quality::Settled => "settled",
        Quality::Fine => "fine: air field on the finest grid that the hall affords",
    };
    let facts = vec![
        ("Plan", given.plan.name.clone()),
        ("Hash of the saved plan (FNV-1a, 128 bit)", format!("{:032x}", fnv1a(&text))),
        ("Size of the saved plan", format!("{} bytes", display::count(text.len() as u64))),
        ("Format version of plan files", FORMAT_VERSION.to_string()),
        ("Program", format!("tokenmill {}", given.context.version)),
        ("Report made", given.context.generated_at.clone()),
        ("Quality of the answer", quality.into()),
        ("Catalogue entries in reach", display::count(given.catalog.len() as u64)),
        ("Schema of results.json", crate::report::json::SCHEMA.into()),
    ];
    let words = "The hash is of the plan file as this version saves it, with the catalogue entries \
                 embedded. The same plan, program and time of creation give the same report, byte \
                 for byte; the number of threads does not matter.";
    let table = Table::facts("reproducibility", "", facts);
    Ok(Section {
        id: "reproducibility",
        title: "Reproducibility",
        blocks: vec![Block::Paragraph(words.into()), Block::Table(table)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_meets_the_published_vectors() {
        assert_eq!(fnv1a(""), FNV_OFFSET);
        assert_eq!(fnv1a("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
