//! The kinds in words; limits follow with the loader.

use super::*;
use crate::catalog::check::Checker;

macro_rules! kind {
    ($($spec:ty = $word:literal),+ $(,)?) => {$(
        impl Spec for $spec {
            const KIND: &'static str = $word;
            fn check(&self, _to: &mut Checker<'_>) {}
        }
    )+};
}
kind!(
    AcceleratorSpec = "accelerator",
    SystemSpec = "system",
    RackSpec = "rack",
    CoolingSpec = "cooling equipment",
    PowerSpec = "power equipment",
    NetworkSpec = "network part",
    StorageSpec = "storage appliance",
    ModelSpec = "model",
    SiteSpec = "site",
    StandardSpec = "standard",
    AssumptionSpec = "assumption",
);
