//! Typed keys: a plan refers to catalogue entries by id, and a key of one kind can not be used to
//! look up another.

use super::spec::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The id of an entry of kind `S`.
pub struct Key<S> {
    id: Arc<str>,
    kind: PhantomData<fn() -> S>,
}

impl<S> Key<S> {
    /// A key for `id`; whether such an entry exists is seen at look-up.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self { id: id.into(), kind: PhantomData }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.id
    }
}

impl<S> Clone for Key<S> {
    fn clone(&self) -> Self {
        Self { id: Arc::clone(&self.id), kind: PhantomData }
    }
}
impl<S> PartialEq for Key<S> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl<S> Eq for Key<S> {}
impl<S> PartialOrd for Key<S> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<S> Ord for Key<S> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id.cmp(&other.id)
    }
}
impl<S> std::hash::Hash for Key<S> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}
impl<S> fmt::Debug for Key<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.id, f)
    }
}
impl<S> fmt::Display for Key<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}
impl<S> Serialize for Key<S> {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        to.serialize_str(&self.id)
    }
}
impl<'de, S> Deserialize<'de> for Key<S> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::new)
    }
}

/// Key of an accelerator.
pub type AcceleratorKey = Key<AcceleratorSpec>;
/// Key of a server or rack-scale system.
pub type SystemKey = Key<SystemSpec>;
/// Key of a rack frame.
pub type RackKey = Key<RackSpec>;
/// Key of a piece of cooling equipment.
pub type CoolingKey = Key<CoolingSpec>;
/// Key of a piece of power equipment.
pub type PowerKey = Key<PowerSpec>;
/// Key of a switch, network card, cable or optic.
pub type NetworkKey = Key<NetworkSpec>;
/// Key of a storage appliance.
pub type StorageKey = Key<StorageSpec>;
/// Key of a language model.
pub type ModelKey = Key<ModelSpec>;
/// Key of a site.
pub type SiteKey = Key<SiteSpec>;
