//! The facts of each kind of entry. A missing number is `None`, never 0: whoever needs it must
//! say so or fall back to a named assumption.

mod compute;
mod cooling;
mod model;
mod network;
mod power;
mod site;

pub use compute::*;
pub use cooling::*;
pub use model::*;
pub use network::*;
pub use power::*;
pub use site::*;

use super::Catalog;
use super::check::Checker;

/// A kind of catalogue entry.
pub trait Spec: serde::de::DeserializeOwned {
    /// The kind in words, for messages.
    const KIND: &'static str;

    /// Reports every value outside its physical or sensible limits.
    fn check(&self, to: &mut Checker<'_>);

    /// Reports keys that no entry of `catalog` answers to.
    fn check_references(&self, _catalog: &Catalog, _to: &mut Checker<'_>) {}
}
