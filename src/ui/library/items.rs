//! What the library offers, from the catalogue: groups of things to place, with the key figure of
//! each. No drawing here.

use crate::catalog::{
    Catalog, CoolingKey, CoolingKind, CoolingSpec, Entry, RackKey, SizeMm, SystemForm, SystemKey,
    SystemSpec,
};
use crate::plan::{
    Aisle, Containment, Contents, CoolingUnit, Facing, Feeds, Object, ObjectId, Obstacle,
    ObstacleKind, PointMm, Rack, RectMm, Tile,
};
use crate::study::fit::{DEFAULT_FRAME, DEFAULT_RACK, frame_of, rack_size, servers_per_rack};
use crate::ui::screens::Picker;
use crate::units::display::{self, Shown};

/// A group of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Heading.
    pub title: &'static str,
    /// Entries.
    pub items: Vec<Item>,
}

/// What an item does.
#[derive(Clone, Debug, PartialEq)]
pub enum Offer {
    /// Arms the placing tool; can be dragged to the floor.
    Place(Box<Object>),
    /// Fits a rear door to the selected racks.
    RearDoor(CoolingKey),
    /// Generated from the layout: opens the picker of its model.
    Pick(Picker),
    /// Can not be placed; why.
    Incomplete(String),
}

/// Which system of the factory it belongs to: decides the colour of its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Compute.
    Compute,
    /// Cooling.
    Cooling,
    /// Power.
    Power,
    /// Network and storage.
    Network,
    /// The building.
    Room,
}

/// One entry of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Name.
    pub name: String,
    /// Maker, for the search and the tooltip.
    pub vendor: String,
    /// Key figure.
    pub figure: Shown,
    /// What it belongs to.
    pub part: Part,
    /// Whether nobody read its source.
    pub unverified: bool,
    /// What it does.
    pub offer: Offer,
}

/// Edge of a raised-floor tile, mm (the common 600 mm grid).
const TILE_MM: u32 = 600;

/// Everything that the library offers.
#[must_use]
pub fn groups(catalog: &Catalog) -> Vec<Group> {
    vec![
        Group { title: "GPU systems", items: systems(catalog) },
        Group { title: "Cooling", items: cooling(catalog) },
        Group { title: "Power", items: power() },
        Group { title: "Network and storage", items: service_racks(catalog) },
        Group { title: "Room", items: room() },
    ]
}

/// The name without the maker, who is said on hover.
fn short_name<'a>(name: &'a str, vendor: &str) -> &'a str {
    let maker = vendor.split_whitespace().next().unwrap_or_default();
    let rest = name.strip_prefix(maker).map_or(name, str::trim_start);
    if rest.is_empty() { name } else { rest }
}

/// What can be placed first, rack-scale systems before servers, the newest of each last listed
/// first.
fn systems(catalog: &Catalog) -> Vec<Item> {
    let mut items: Vec<(SystemForm, Item)> = system_items(catalog);
    items.reverse();
    items.sort_by_key(|(form, item)| {
        let incomplete = matches!(item.offer, Offer::Incomplete(_));
        (incomplete, item.unverified, *form != SystemForm::Rack)
    });
    items.into_iter().map(|(_, item)| item).collect()
}

fn system_items(catalog: &Catalog) -> Vec<(SystemForm, Item)> {
    catalog
        .systems
        .iter()
        .filter(|e| matches!(e.spec.form, SystemForm::Server | SystemForm::Rack))
        .map(|entry| {
            let missing = entry.spec.missing_for_placing();
            let count = servers_per_rack(&entry.spec, catalog);
            let kw = entry.spec.design_power_w.map(|w| w * f64::from(count) / 1e3);
            let plain = short_name(&entry.name, &entry.vendor);
            let name = if count > 1 { format!("{plain} × {count}") } else { plain.to_owned() };
            let item = Item {
                name,
                vendor: entry.vendor.clone(),
                figure: display::maybe(kw, "kW", 3),
                part: Part::Compute,
                unverified: entry.provenance.is_unverified(),
                offer: if missing.is_empty() {
                    Offer::Place(Box::new(Object::Rack(compute_rack(entry, count, catalog))))
                } else {
                    Offer::Incomplete(format!("the catalogue has no {}", missing.join(", ")))
                },
            };
            (entry.spec.form, item)
        })
        .collect()
}

fn rack(name: &str, frame: RackKey, size_mm: SizeMm, contents: Contents) -> Rack {
    Rack {
        id: ObjectId(0),
        name: name.into(),
        frame,
        size_mm,
        at: PointMm::default(),
        facing: Facing::South,
        contents,
        feeds: Feeds::Both,
        rear_door: None,
        phase: 1,
        locked: false,
    }
}

fn compute_rack(entry: &Entry<SystemSpec>, count: u32, catalog: &Catalog) -> Rack {
    let contents = Contents::Compute { system: SystemKey::new(entry.id.as_str()), count };
    rack("R", frame_of(&entry.spec), rack_size(&entry.spec, catalog), contents)
}

fn cooling(catalog: &Catalog) -> Vec<Item> {
    catalog.cooling.iter().filter_map(|entry| cooling_item(entry)).collect()
}

fn cooling_item(entry: &Entry<CoolingSpec>) -> Option<Item> {
    use CoolingKind as K;
    let spec = &entry.spec;
    let airflow = spec.airflow_m3_h.map(|v| v / 3600.0);
    let (figure, offer) = match spec.kind {
        K::Crah | K::FanWall | K::InRow => (display::maybe(airflow, "m³/s", 2), unit_offer(entry)),
        K::CduL2l | K::CduL2a => {
            (spec.capacity_kw.map(display::power_kw).unwrap_or_default(), unit_offer(entry))
        }
        K::RdhxActive | K::RdhxPassive => (
            spec.capacity_kw.map(display::power_kw).unwrap_or_default(),
            Offer::RearDoor(CoolingKey::new(entry.id.as_str())),
        ),
        _ => return None,
    };
    Some(Item {
        name: short_name(&entry.name, &entry.vendor).to_owned(),
        vendor: entry.vendor.clone(),
        figure,
        part: Part::Cooling,
        unverified: entry.provenance.is_unverified(),
        offer,
    })
}

fn unit_offer(entry: &Entry<CoolingSpec>) -> Offer {
    let Some(size_mm) = entry.spec.size_mm else {
        return Offer::Incomplete("the catalogue has no size_mm".into());
    };
    Offer::Place(Box::new(Object::Unit(CoolingUnit {
        id: ObjectId(0),
        name: unit_prefix(entry.spec.kind).into(),
        model: CoolingKey::new(entry.id.as_str()),
        size_mm,
        at: PointMm::default(),
        facing: Facing::East,
        supply_c: None,
        airflow_pct: 100.0,
        failed: false,
        locked: false,
    })))
}

/// Start of a unit's name.
#[must_use]
pub const fn unit_prefix(kind: CoolingKind) -> &'static str {
    match kind {
        CoolingKind::Crah => "CRAH",
        CoolingKind::FanWall => "FW",
        CoolingKind::InRow => "IR",
        _ => "CDU",
    }
}

fn power() -> Vec<Item> {
    [Picker::Busway, Picker::Ups, Picker::Transformer, Picker::Generator]
        .map(|picker| Item {
            name: picker.label().into(),
            vendor: "generated from the layout".into(),
            figure: Shown::default(),
            part: Part::Power,
            unverified: false,
            offer: Offer::Pick(picker),
        })
        .to_vec()
}

fn service_racks(catalog: &Catalog) -> Vec<Item> {
    let frame = RackKey::new(DEFAULT_FRAME);
    let size = catalog.racks.get(&frame).and_then(|f| f.spec.size_mm).unwrap_or(DEFAULT_RACK);
    [
        ("Network rack", "NET", Contents::Network),
        ("Storage rack", "STO", Contents::Storage),
        ("Reserved rack", "RES", Contents::Reserved),
    ]
    .map(|(name, prefix, contents)| {
        let object = Object::Rack(rack(prefix, frame.clone(), size, contents));
        plain(name, Part::Network, object, Shown::default())
    })
    .to_vec()
}

fn plain(name: &str, part: Part, object: Object, figure: Shown) -> Item {
    Item {
        name: name.into(),
        vendor: String::new(),
        figure,
        part,
        unverified: false,
        offer: Offer::Place(Box::new(object)),
    }
}

/// Parts of the building and containment, in usual sizes; all can be resized in the inspector.
fn room() -> Vec<Item> {
    let obstacle = |name: &str, kind, x: i32, y: i32| {
        let area = RectMm::at(PointMm::default(), x, y);
        let object = Obstacle { id: ObjectId(0), kind, area, locked: false };
        let figure = display::mm(i64::from(x));
        plain(name, Part::Room, Object::Obstacle(object), figure)
    };
    let aisle = |name: &str, aisle, roof| {
        let object = Containment {
            id: ObjectId(0),
            name: name.into(),
            aisle,
            area: RectMm::at(PointMm::default(), 6000, 1200),
            height_mm: 2300,
            roof,
            doors: true,
            leakage_pct: 5.0,
            locked: false,
        };
        plain(name, Part::Room, Object::Containment(object), display::mm(1200))
    };
    let tile = Tile {
        id: ObjectId(0),
        at: PointMm::default(),
        size_mm: TILE_MM,
        open_pct: 56.0,
        locked: false,
    };
    vec![
        aisle("Cold-aisle containment", Aisle::Cold, true),
        aisle("Hot-aisle containment", Aisle::Hot, true),
        plain("Perforated tile", Part::Room, Object::Tile(tile), display::percent(56.0)),
        obstacle("Column", ObstacleKind::Column, 600, 600),
        obstacle("Wall", ObstacleKind::Wall, 3000, 200),
        obstacle("Door", ObstacleKind::Door, 1800, 1800),
        obstacle("Ramp", ObstacleKind::Ramp, 1800, 3600),
        obstacle("Keep-out area", ObstacleKind::KeepOut, 1200, 1200),
    ]
}

/// Gives objects to be added names that the plan does not have yet: `R-01`, `CRAH-07` …
pub fn name_new(objects: &mut [Object], taken: impl Fn(&str) -> bool) {
    let mut given = std::collections::BTreeSet::new();
    for object in objects {
        let (Object::Rack(Rack { name, .. })
        | Object::Unit(CoolingUnit { name, .. })
        | Object::Containment(Containment { name, .. })) = object
        else {
            continue;
        };
        if !name.contains('-') || taken(name) || given.contains(name) {
            let prefix = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
            let prefix = if prefix.is_empty() { "R" } else { prefix };
            let free = (1_u32..)
                .map(|n| format!("{prefix}-{n:02}"))
                .find(|n| !taken(n) && !given.contains(n));
            if let Some(free) = free {
                *name = free;
            }
        }
        given.insert(name.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_objects_get_free_names() {
        let one = Object::Rack(rack("R", RackKey::new("x"), DEFAULT_RACK, Contents::Reserved));
        let mut objects = vec![one.clone(), one];
        name_new(&mut objects, |n| n == "R-01");
        let names: Vec<String> = objects.iter().map(Object::name).collect();
        assert_eq!(names, ["R-02", "R-03"]);
    }

    #[test]
    fn the_shipped_catalogue_offers_placeable_things_in_every_group() {
        let catalog = crate::catalog::load::shipped().unwrap();
        for group in groups(&catalog) {
            let usable = group.items.iter().any(|i| !matches!(i.offer, Offer::Incomplete(_)));
            assert!(usable, "{}", group.title);
        }
    }
}
