//! What things cost, from the catalogue: the price of the entry, else the planning assumption of
//! its class, else no price at all. Nothing here invents one.

use super::case::{CapexLine, Subsystem};
use super::quantities::Quantity;
use crate::catalog::{Entry, NetworkKind, PriceRange, Provenance};
use crate::evaluate::snapshot::Snapshot;
use crate::numerics::band::Band;

/// A price and who says so.
#[derive(Clone, Debug)]
pub(super) struct Price {
    pub usd: Option<Band>,
    pub source: String,
    pub date: String,
}

impl Price {
    fn none() -> Self {
        Self { usd: None, source: "no price in the catalogue".to_owned(), date: String::new() }
    }

    fn of(range: Option<PriceRange>, provenance: &Provenance) -> Option<Self> {
        let r = range?;
        Some(Self {
            usd: Some(Band::new(r.low, r.base, r.high)),
            source: provenance.source.clone(),
            date: provenance.date.clone(),
        })
    }
}

/// Where prices are looked up.
pub(super) struct Prices<'a> {
    pub snapshot: &'a Snapshot,
}

impl Prices<'_> {
    /// The planning assumption with this id; no price where the catalogue has none.
    pub fn assumed(&self, id: &str) -> Price {
        let entry = self.snapshot.catalog.assumptions.find(id);
        let (Some(entry), Ok(band)) = (entry, self.snapshot.assumption(id)) else {
            return Price::none();
        };
        Price {
            usd: Some(band),
            source: entry.provenance.source.clone(),
            date: entry.provenance.date.clone(),
        }
    }

    fn or_assumed(&self, found: Option<Price>, class: &str) -> Price {
        found.unwrap_or_else(|| self.assumed(class))
    }

    pub fn system(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.systems.find(key);
        let found = entry.and_then(|e| Price::of(e.spec.price_usd, price_of(e, "price_usd")));
        found.unwrap_or_else(Price::none)
    }

    pub fn rack(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.racks.find(key);
        let found = entry.and_then(|e| Price::of(e.spec.price_usd, price_of(e, "price_usd")));
        self.or_assumed(found, "price_rack_usd")
    }

    pub fn network(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.network.find(key);
        let found = entry.and_then(|e| Price::of(e.spec.price_usd, price_of(e, "price_usd")));
        found.unwrap_or_else(Price::none)
    }

    /// A cable: an assembled one has a price of its own; under the key of an optic it is the fibre
    /// between two modules.
    pub fn cable(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.network.find(key);
        match entry {
            Some(e) if e.spec.kind != NetworkKind::Optic => self.network(key),
            _ => self.assumed("price_fibre_usd"),
        }
    }

    pub fn storage(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.storage.find(key);
        let found = entry.and_then(|e| Price::of(e.spec.price_usd, price_of(e, "price_usd")));
        found.unwrap_or_else(Price::none)
    }

    /// Per kW or kVA, else the class.
    pub fn power(&self, key: &str, class: &str) -> Price {
        let field = "price_usd_per_kw";
        let entry = self.snapshot.catalog.power.find(key);
        let found = entry.and_then(|e| Price::of(e.spec.price_usd_per_kw, price_of(e, field)));
        self.or_assumed(found, class)
    }

    /// Per kW of rated heat, else the class.
    pub fn cooling(&self, key: &str, class: &str) -> Price {
        let field = "price_usd_per_kw";
        let entry = self.snapshot.catalog.cooling.find(key);
        let found = entry.and_then(|e| Price::of(e.spec.price_usd_per_kw, price_of(e, field)));
        self.or_assumed(found, class)
    }
}

fn price_of<'a, S>(entry: &'a Entry<S>, field: &str) -> &'a Provenance {
    entry.provenance_of(field)
}

/// A capital line.
pub(super) fn line(subsystem: Subsystem, of: &Quantity, unit: &str, price: Price) -> CapexLine {
    CapexLine {
        subsystem,
        item: of.name.clone(),
        quantity: of.amount,
        unit: unit.to_owned(),
        unit_price_usd: price.usd,
        source: price.source,
        date: price.date,
    }
}
