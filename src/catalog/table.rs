//! All entries of one kind, in file order, found by id.

use super::entry::Entry;
use super::key::Key;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Entries of kind `S`. Serialised as a plain list.
#[derive(Debug)]
pub struct Table<S> {
    entries: Vec<Arc<Entry<S>>>,
    by_id: BTreeMap<String, usize>,
}

impl<S> Default for Table<S> {
    fn default() -> Self {
        Self { entries: Vec::new(), by_id: BTreeMap::new() }
    }
}
impl<S> Clone for Table<S> {
    fn clone(&self) -> Self {
        Self { entries: self.entries.clone(), by_id: self.by_id.clone() }
    }
}
impl<S: PartialEq> PartialEq for Table<S> {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

/// A key that no entry answers to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} with id '{id}' in the catalogue{}", suggestion(.nearest))]
pub struct UnknownEntry {
    /// Kind in words.
    pub kind: &'static str,
    /// The id asked for.
    pub id: String,
    /// Known ids that look alike, best first.
    pub nearest: Vec<String>,
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; nearest: {}", nearest.join(", ")) }
}

impl<S> Table<S> {
    /// Adds an entry, or replaces the one with the same id in place.
    pub fn insert(&mut self, entry: Arc<Entry<S>>) {
        if let Some(&at) = self.by_id.get(&entry.id) {
            self.entries[at] = entry;
        } else {
            self.by_id.insert(entry.id.clone(), self.entries.len());
            self.entries.push(entry);
        }
    }

    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &Key<S>) -> Option<&Arc<Entry<S>>> {
        self.find(key.as_str())
    }

    /// The entry with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Arc<Entry<S>>> {
        self.by_id.get(id).map(|&at| &self.entries[at])
    }

    /// All entries in file order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Entry<S>>> {
        self.entries.iter()
    }

    /// How many entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// This table with the entries of `upper` added or replaced.
    #[must_use]
    pub fn overlaid(&self, upper: &Self) -> Self {
        let mut merged = self.clone();
        for entry in upper.iter() {
            merged.insert(Arc::clone(entry));
        }
        merged
    }

    /// Up to three known ids that look like `id`.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Vec<String> {
        const SHOWN: usize = 3;
        let ids = self.entries.iter().map(|e| (e.id.as_str(), e.id.as_str()));
        nearest_names(id, ids, SHOWN)
    }
}

impl<S: super::spec::Spec> Table<S> {
    /// The entry of a key, or an error that names the nearest known ones.
    pub fn require(&self, key: &Key<S>) -> Result<&Arc<Entry<S>>, UnknownEntry> {
        self.get(key).ok_or_else(|| UnknownEntry {
            kind: S::KIND,
            id: key.as_str().to_owned(),
            nearest: self.nearest(key.as_str()),
        })
    }
}

/// The `most` names whose keys look most like `key`, best first.
#[must_use]
pub fn nearest_names<'a, K: AsRef<str>>(
    key: &str,
    names: impl Iterator<Item = (K, &'a str)>,
    most: usize,
) -> Vec<String> {
    let mut ranked: Vec<(usize, &str)> =
        names.map(|(own, name)| (edit_distance(key, own.as_ref()), name)).collect();
    ranked.sort();
    ranked.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}

/// Levenshtein distance in characters, for "did you mean".
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

impl<S: Serialize> Serialize for Table<S> {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        to.collect_seq(self.entries.iter().map(Arc::as_ref))
    }
}
impl<'de, S: Deserialize<'de>> Deserialize<'de> for Table<S> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut table = Self::default();
        for entry in Vec::<Entry<S>>::deserialize(from)? {
            if table.find(&entry.id).is_some() {
                return Err(serde::de::Error::custom(format!("id '{}' occurs twice", entry.id)));
            }
            table.insert(Arc::new(entry));
        }
        Ok(table)
    }
}
