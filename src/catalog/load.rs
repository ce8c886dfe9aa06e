//! Catalogue text to a checked catalogue.
//!
//! One RON list per kind; the stem of the file name says which kind. Text that can not be read
//! is refused with line, column, entry and field; values outside their limits are collected, so
//! that a user sees all of them at once. Nothing here touches a file.

use super::check::{CatalogError, Checker, Problem};
use super::entry::Entry;
use super::fields::field_names;
use super::provenance::Provenance;
use super::spec::{Spec, SystemSpec};
use super::table::Table;
use super::{Catalog, location};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

macro_rules! asset {
    ($name:literal) => {
        ($name, include_str!(concat!("../../assets/catalog/", $name)))
    };
}

/// The files compiled into the program, by name and text.
pub const SHIPPED_FILES: [(&str, &str); 11] = [
    asset!("accelerators.ron"),
    asset!("systems.ron"),
    asset!("racks.ron"),
    asset!("cooling.ron"),
    asset!("power.ron"),
    asset!("network.ron"),
    asset!("storage.ron"),
    asset!("models.ron"),
    asset!("sites.ron"),
    asset!("standards.ron"),
    asset!("assumptions.ron"),
];

/// File-name stems that are understood, one per kind.
pub const KINDS: [&str; 11] = [
    "accelerators",
    "systems",
    "racks",
    "cooling",
    "power",
    "network",
    "storage",
    "models",
    "sites",
    "standards",
    "assumptions",
];

/// The catalogue compiled into the program; read and checked on the first call.
pub fn shipped() -> Result<Arc<Catalog>, CatalogError> {
    static SHIPPED: OnceLock<Result<Arc<Catalog>, CatalogError>> = OnceLock::new();
    SHIPPED.get_or_init(|| parse(&SHIPPED_FILES).map(Arc::new)).clone()
}

/// A catalogue from (file name, text) pairs alone.
pub fn parse<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Catalog, CatalogError> {
    overlay_from_texts(&Catalog::default(), files)
}

/// `base` with the entries of (file name, text) pairs added, or replaced where the id exists.
pub fn overlay_from_texts<N: AsRef<str>, T: AsRef<str>>(
    base: &Catalog,
    files: &[(N, T)],
) -> Result<Catalog, CatalogError> {
    let mut loader = Loader { catalog: base.clone(), systems: Vec::new(), problems: Vec::new() };
    for (name, text) in files {
        loader.file(name.as_ref(), text.as_ref())?;
    }
    loader.finish()
}

/// Every value of a catalogue outside its limits; `origin` stands for the file in messages.
#[must_use]
pub fn problems(catalog: &Catalog, origin: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    check_table(&catalog.accelerators, origin, &mut found);
    check_table(&catalog.systems, origin, &mut found);
    check_table(&catalog.racks, origin, &mut found);
    check_table(&catalog.cooling, origin, &mut found);
    check_table(&catalog.power, origin, &mut found);
    check_table(&catalog.network, origin, &mut found);
    check_table(&catalog.storage, origin, &mut found);
    check_table(&catalog.models, origin, &mut found);
    check_table(&catalog.sites, origin, &mut found);
    check_table(&catalog.standards, origin, &mut found);
    check_table(&catalog.assumptions, origin, &mut found);
    found
}

fn check_table<S: Spec>(table: &Table<S>, origin: &str, found: &mut Vec<Problem>) {
    for entry in table.iter() {
        entry.spec.check(&mut Checker::new(origin, &entry.id, found));
    }
}

/// What has been read so far.
struct Loader {
    catalog: Catalog,
    /// Entries with keys to other tables, checked when every file has been read.
    systems: Vec<(String, Arc<Entry<SystemSpec>>)>,
    problems: Vec<Problem>,
}

impl Loader {
    fn file(&mut self, name: &str, text: &str) -> Result<(), CatalogError> {
        let stem = Path::new(name).file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let catalog = &mut self.catalog;
        let problems = &mut self.problems;
        match stem {
            "accelerators" => add(name, text, &mut catalog.accelerators, problems)?,
            "systems" => {
                let entries = read(name, text, problems)?;
                self.systems.extend(entries.iter().map(|e| (name.to_owned(), Arc::clone(e))));
                entries.into_iter().for_each(|e| catalog.systems.insert(e));
            }
            "racks" => add(name, text, &mut catalog.racks, problems)?,
            "cooling" => add(name, text, &mut catalog.cooling, problems)?,
            "power" => add(name, text, &mut catalog.power, problems)?,
            "network" => add(name, text, &mut catalog.network, problems)?,
            "storage" => add(name, text, &mut catalog.storage, problems)?,
            "models" => add(name, text, &mut catalog.models, problems)?,
            "sites" => add(name, text, &mut catalog.sites, problems)?,
            "standards" => add(name, text, &mut catalog.standards, problems)?,
            "assumptions" => add(name, text, &mut catalog.assumptions, problems)?,
            _ => {
                let known = KINDS.to_vec();
                return Err(CatalogError::UnknownKind { file: name.to_owned(), known });
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Catalog, CatalogError> {
        for (file, entry) in &self.systems {
            let mut to = Checker::new(file, &entry.id, &mut self.problems);
            entry.spec.check_references(&self.catalog, &mut to);
        }
        if self.problems.is_empty() {
            Ok(self.catalog)
        } else {
            Err(CatalogError::Invalid(self.problems))
        }
    }
}

/// Reads the entries of one file into their table.
fn add<S: Spec>(
    file: &str,
    text: &str,
    table: &mut Table<S>,
    problems: &mut Vec<Problem>,
) -> Result<(), CatalogError> {
    for entry in read(file, text, problems)? {
        table.insert(entry);
    }
    Ok(())
}

/// Reads and checks the entries of one file.
fn read<S: Spec>(
    file: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Arc<Entry<S>>>, CatalogError> {
    let options = ron::Options::default().with_default_extension(
        ron::extensions::Extensions::IMPLICIT_SOME | ron::extensions::Extensions::UNWRAP_NEWTYPES,
    );
    let entries: Vec<Entry<S>> =
        options.from_str(text).map_err(|error| location::syntax_error(file, text, &error))?;
    let known_fields = field_names::<S>();
    let mut seen = BTreeSet::new();
    for entry in &entries {
        let mut to = Checker::new(file, &entry.id, problems);
        if !seen.insert(entry.id.as_str()) {
            to.report("id", format!("'{}' occurs twice in this file", entry.id));
        }
        check_entry(entry, known_fields, &mut to);
        entry.spec.check(&mut to);
    }
    Ok(entries.into_iter().map(Arc::new).collect())
}

/// Checks what all kinds have in common.
fn check_entry<S>(entry: &Entry<S>, known_fields: &[&str], to: &mut Checker<'_>) {
    /// Longest id, so that a key fits a table column.
    const LONGEST_ID: usize = 64;
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.".contains(&b);
    if entry.id.is_empty() || entry.id.len() > LONGEST_ID || !entry.id.bytes().all(allowed) {
        to.report(
            "id",
            format!("'{}' must be 1 to {LONGEST_ID} of a-z, 0-9, '_', '-', '.'", entry.id),
        );
    }
    to.text("name", &entry.name);
    to.text("vendor", &entry.vendor);
    check_provenance("provenance", &entry.provenance, to);
    for (field, provenance) in &entry.overrides {
        if !known_fields.contains(&field.as_str()) {
            to.report(
                "overrides",
                format!("'{field}' is no field; known: {}", known_fields.join(", ")),
            );
        }
        check_provenance("overrides", provenance, to);
    }
}

fn check_provenance(field: &str, provenance: &Provenance, to: &mut Checker<'_>) {
    to.text(field, &provenance.source);
    if !is_date(&provenance.date) {
        to.report(field, format!("date '{}' is not YYYY or YYYY-MM", provenance.date));
    }
}

/// `YYYY` or `YYYY-MM` of a year in which such equipment existed or will.
fn is_date(text: &str) -> bool {
    let number = |part: &str, digits: usize| {
        (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let (year, month) = text.split_once('-').map_or((text, None), |(y, m)| (y, Some(m)));
    number(year, 4).is_some_and(|y| (1950..=2100).contains(&y))
        && month.is_none_or(|m| number(m, 2).is_some_and(|m| (1..=12).contains(&m)))
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
