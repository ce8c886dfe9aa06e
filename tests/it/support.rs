//! What the whole-product checks share: presets with their catalogue, evaluations with a clock
//! that stands still, and a search for numbers that are none.

use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use tokenmill::catalog::{Catalog, load};
use tokenmill::evaluate::cancel::CancelToken;
use tokenmill::evaluate::clock::Clock;
use tokenmill::evaluate::result::{Quality, Results};
use tokenmill::evaluate::{EvaluateError, Evaluator};
use tokenmill::format;
use tokenmill::plan::Plan;
use tokenmill::session::presets::{PRESETS, preset};

/// A shipped plan, opened.
pub struct Hall {
    pub id: &'static str,
    pub text: &'static str,
    pub plan: Plan,
    pub embedded: Catalog,
    pub catalog: Arc<Catalog>,
}

/// The preset of this name, with the catalogue that the program would resolve it with.
pub fn hall(id: &str) -> Hall {
    let preset = preset(id).unwrap_or_else(|| panic!("no preset '{id}'"));
    let opened = format::from_text(preset.text).unwrap_or_else(|e| panic!("{id}: {e}"));
    let shipped = load::shipped().expect("the shipped catalogue loads");
    let catalog = Arc::new(shipped.overlaid(&opened.embedded));
    let (plan, embedded) = (opened.plan, opened.embedded);
    Hall { id: preset.id, text: preset.text, plan, embedded, catalog }
}

pub fn halls() -> Vec<Hall> {
    PRESETS.iter().map(|p| hall(p.id)).collect()
}

/// An answer from a fresh evaluator.
pub fn evaluate(
    plan: &Plan,
    catalog: &Arc<Catalog>,
    quality: Quality,
    threads: usize,
) -> Result<Results, EvaluateError> {
    Evaluator::new(threads, Clock::still()).evaluate(
        plan,
        catalog,
        1,
        quality,
        &CancelToken::never(),
    )
}

pub fn settled(hall: &Hall) -> Results {
    evaluate(&hall.plan, &hall.catalog, Quality::Settled, 2)
        .unwrap_or_else(|e| panic!("{}: {e}", hall.id))
}

pub fn draft(hall: &Hall) -> Results {
    evaluate(&hall.plan, &hall.catalog, Quality::Draft, 1)
        .unwrap_or_else(|e| panic!("{}: {e}", hall.id))
}

/// A folder of the repository.
pub fn folder(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every number that is NaN or infinite, with the text before it. JSON would hide them as `null`,
/// so the search goes through RON, which writes them out.
pub fn not_finite(value: &impl Serialize) -> Vec<String> {
    /// Characters of context.
    const CONTEXT: usize = 90;
    let text = ron::to_string(value).expect("results can be written as RON");
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut in_string, mut at) = (false, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            _ if is_word(bytes, at, b"NaN") || is_word(bytes, at, b"inf") => {
                let before = String::from_utf8_lossy(&bytes[at.saturating_sub(CONTEXT)..at + 3]);
                found.push(before.into_owned());
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_word(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    bytes[at..].starts_with(word)
        && !letter(bytes.get(at + word.len()))
        && (at == 0 || !letter(bytes.get(at - 1)))
}

/// Equal but for rounding of a sum.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-9)
}

#[test]
fn numbers_that_are_none_are_found() {
    assert_eq!(not_finite(&vec![1.0, 2.0]), Vec::<String>::new());
    assert_eq!(not_finite(&("NaN inf", f64::NAN, f64::NEG_INFINITY)).len(), 2);
}
