//! What things cost, from the catalogue: the price of the entry, else the planning assumption of
//! its class, else no price at all. Nothing here invents one.

use super::Band;
use crate::catalog::{CoolingKind, Entry, NetworkKind, PriceRange};
use crate::evaluate::snapshot::Snapshot;

/// Kilowatts in a megawatt: published capital is per MW, quantities are in kW.
const KW_PER_MW: f64 = 1e3;

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

    /// An assumption per MW, as a price per kW.
    pub fn assumed_per_kw(&self, id: &str) -> Price {
        self.assumed(id).times(1.0 / KW_PER_MW)
    }

    pub fn system(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.systems.find(key);
        let own = entry.and_then(|e| Price::of(e, "price_usd", e.spec.price_usd));
        own.unwrap_or_else(Price::none)
    }

    pub fn rack(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.racks.find(key);
        let own = entry.and_then(|e| Price::of(e, "price_usd", e.spec.price_usd));
        own.unwrap_or_else(|| self.assumed("rack_usd"))
    }

    /// A switch, module or assembled cable; modules and cables fall back on a price per Gbit/s.
    pub fn network(&self, key: &str) -> Price {
        let Some(entry) = self.snapshot.catalog.network.find(key) else { return Price::none() };
        if let Some(own) = Price::of(entry, "price_usd", entry.spec.price_usd) {
            return own;
        }
        let class = match entry.spec.kind {
            NetworkKind::Optic => "optic_usd_per_gbit_s",
            NetworkKind::CableDac | NetworkKind::CableAcc | NetworkKind::CableAec => {
                "copper_usd_per_gbit_s"
            }
            _ => return Price::none(),
        };
        match entry.spec.port_gbit_s {
            Some(rate) => self.assumed(class).times(rate),
            None => Price::none(),
        }
    }

    /// A cable: an assembled one has a price of its own; under the key of an optic it is the fibre
    /// between two modules, whose length is a line of its own.
    pub fn cable(&self, key: &str) -> Price {
        match self.snapshot.catalog.network.find(key) {
            Some(e) if e.spec.kind != NetworkKind::Optic => self.network(key),
            _ => self.assumed("fibre_fixed_usd"),
        }
    }

    pub fn storage(&self, key: &str) -> Price {
        let Some(entry) = self.snapshot.catalog.storage.find(key) else { return Price::none() };
        if let Some(own) = Price::of(entry, "price_usd", entry.spec.price_usd) {
            return own;
        }
        match entry.spec.usable_pbyte {
            Some(usable) => self.assumed("storage_usd_per_pbyte").times(usable),
            None => Price::none(),
        }
    }

    /// Per kW or kVA.
    pub fn power(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.power.find(key);
        let own = entry.and_then(|e| Price::of(e, "price_usd_per_kw", e.spec.price_usd_per_kw));
        own.unwrap_or_else(Price::none)
    }

    /// Per metre, by the rating of the busway.
    pub fn busway(&self, key: &str) -> Price {
        let entry = self.snapshot.catalog.power.find(key);
        match entry.and_then(|e| e.spec.rating_a) {
            Some(amps) => self.assumed("busway_usd_per_a_m").times(amps),
            None => Price::none(),
        }
    }

    /// Per kW of rated heat, else by the class of equipment.
    pub fn cooling(&self, key: &str) -> Price {
        let Some(entry) = self.snapshot.catalog.cooling.find(key) else {
            return self.assumed_per_kw("capex_heat_rejection_usd_per_mw");
        };
        let own = Price::of(entry, "price_usd_per_kw", entry.spec.price_usd_per_kw);
        own.unwrap_or_else(|| match entry.spec.kind {
            CoolingKind::CduL2l => self.assumed("cdu_l2l_usd_per_kw"),
            CoolingKind::CduInrack => self.assumed("cdu_inrack_usd_per_kw"),
            CoolingKind::CduL2a => self.assumed("cdu_l2a_usd_per_kw"),
            CoolingKind::Crah
            | CoolingKind::FanWall
            | CoolingKind::InRow
            | CoolingKind::RdhxActive
            | CoolingKind::RdhxPassive => self.assumed_per_kw("capex_air_cooling_usd_per_mw"),
            CoolingKind::ChillerWc
            | CoolingKind::ChillerAc
            | CoolingKind::DryCooler
            | CoolingKind::CoolingTower => self.assumed_per_kw("capex_heat_rejection_usd_per_mw"),
            CoolingKind::Immersion1p | CoolingKind::Immersion2p => Price::none(),
        })
    }
}
