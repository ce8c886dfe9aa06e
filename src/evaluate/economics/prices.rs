//! What things cost, from the catalogue: the price of the entry, else the planning assumption of
//! its class, else no price at all. Nothing here invents one.

use super::Band;
use crate::catalog::{CoolingKind, Entry, NetworkKind, PriceRange};
use crate::evaluate::snapshot::Snapshot;

/// Rating that the class price of busway is for \[A\], as its entry says.
const BUSWAY_CLASS_A: f64 = 1000.0;

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

    /// The price in a field of an entry.
    fn of<S>(entry: &Entry<S>, field: &str, range: Option<PriceRange>) -> Option<Self> {
        let r = range?;
        let by = entry.provenance_of(field);
        Some(Self {
            usd: Some(Band::new(r.low, r.base, r.high)),
            source: by.source.clone(),
            date: by.date.clone(),
        })
    }

    /// The same for `k` units.
    fn times(self, k: f64) -> Self {
        Self { usd: self.usd.map(|usd| usd * k), ..self }
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

    pub fn system(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.systems.find(key);
        let own = entry.and_then(|e| Price::of(e, "price_usd", e.spec.price_usd));
        own.unwrap_or_else(Price::none)
    }

    pub fn rack(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.racks.find(key);
        let own = entry.and_then(|e| Price::of(e, "price_usd", e.spec.price_usd));
        own.unwrap_or_else(|| self.assumed("price_rack_usd"))
    }

    /// A switch, module or assembled cable; modules and cables fall back on a price per Gbit/s.
    pub fn network(&self, key: &str) -> Price {
        let Some(entry) = self.snapshot.catalog.network.find(key) else { return Price::none() };
        if let Some(own) = Price::of(entry, "price_usd", entry.spec.price_usd) {
            return own;
        }
        let class = match entry.spec.kind {
            NetworkKind::Optic => "price_optic_usd_gbit_s",
            NetworkKind::CableDac | NetworkKind::CableAcc | NetworkKind::CableAec => {
                "price_copper_usd_gbit_s"
            }
            _ => return Price::none(),
        };
        match entry.spec.port_gbit_s {
            Some(rate) => self.assumed(class).times(rate),
            None => Price::none(),
        }
    }

    /// A cable with its ends has a price of its own; under the key of an optic it is the fibre
    /// between two modules, which is priced by the metre.
    pub fn cable(&self, key: &str) -> Option<Price> {
        let entry = self.snapshot.catalog.network.find(key);
        let is_fibre = entry.is_some_and(|e| e.spec.kind == NetworkKind::Optic);
        (!is_fibre).then(|| self.network(key))
    }

    pub fn storage(&self, key: &str) -> Price {
        let Some(entry) = self.snapshot.catalog.storage.find(key) else { return Price::none() };
        if let Some(own) = Price::of(entry, "price_usd", entry.spec.price_usd) {
            return own;
        }
        match entry.spec.usable_pbyte {
            Some(usable) => self.assumed("price_storage_usd_pbyte").times(usable),
            None => Price::none(),
        }
    }

    /// Per kW or kVA, else that of its class.
    pub fn power(&self, key: &str, class: &str) -> Price {
        let entry = self.snapshot.catalog.power.find(key);
        let own = entry.and_then(|e| Price::of(e, "price_usd_per_kw", e.spec.price_usd_per_kw));
        own.unwrap_or_else(|| self.assumed(class))
    }

    /// Per metre: the class price holds for 1,000 A and grows with the rating.
    pub fn busway(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.power.find(key);
        let rating_a = entry.and_then(|e| e.spec.rating_a);
        let class = self.assumed("price_busway_usd_m");
        rating_a.map_or(class.clone(), |amps| class.times(amps / BUSWAY_CLASS_A))
    }

    /// Per kW of rated heat, else by the class of equipment.
    pub fn cooling(&self, key: &str) -> Price {
        let Some(entry) = self.snapshot.catalog.cooling.find(key) else {
            return self.assumed("price_plant_usd_kw");
        };
        let own = Price::of(entry, "price_usd_per_kw", entry.spec.price_usd_per_kw);
        own.unwrap_or_else(|| match entry.spec.kind {
            CoolingKind::CduL2l => self.assumed("price_cdu_l2l_usd_kw"),
            CoolingKind::CduInrack => self.assumed("price_cdu_inrack_usd_kw"),
            CoolingKind::CduL2a => self.assumed("price_cdu_l2a_usd_kw"),
            CoolingKind::Crah
            | CoolingKind::FanWall
            | CoolingKind::InRow
            | CoolingKind::RdhxActive
            | CoolingKind::RdhxPassive => self.assumed("price_air_cooler_usd_kw"),
            CoolingKind::ChillerWc
            | CoolingKind::ChillerAc
            | CoolingKind::DryCooler
            | CoolingKind::CoolingTower => self.assumed("price_plant_usd_kw"),
            CoolingKind::Immersion1p | CoolingKind::Immersion2p => Price::none(),
        })
    }
}
