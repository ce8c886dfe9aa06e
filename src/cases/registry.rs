//! Every case that ships, compiled in.

use super::{
    Case, CaseError, Topic, air, cavity, economics, economics_published, fabric, liquid, network,
    plant, pod2, power, reliability, short_circuit, storage, training, workload,
};

/// Halls with an answer of CFD or an exact one: identifier, title, case, reference.
const HALLS: [(&str, &str, &str, &str); 8] = [
    (
        "single_rack",
        "One rack between a floor tile and a ceiling return, supply short by 30 %",
        include_str!("../../tests/cases/air/single_rack/case.json"),
        include_str!("../../tests/cases/air/single_rack/reference.json"),
    ),
    (
        "one_row",
        "Open row of four racks, four floor tiles, one CRAH, supply short by 10 %",
        include_str!("../../tests/cases/air/one_row/case.json"),
        include_str!("../../tests/cases/air/one_row/reference.json"),
    ),
    (
        "contained_surplus",
        "Contained hot aisle with rear doors and liquid cooling, supply in surplus",
        include_str!("../../tests/cases/air/contained_surplus/case.json"),
        include_str!("../../tests/cases/air/contained_surplus/reference.json"),
    ),
    (
        "two_rows",
        "Two rows of five racks across an open tiled aisle, two CRAHs, supply short by 5 %",
        include_str!("../../tests/cases/air/two_rows/case.json"),
        include_str!("../../tests/cases/air/two_rows/reference.json"),
    ),
    (
        "two_rows_failed",
        "The same with one CRAH failed: supply short by 43 %",
        include_str!("../../tests/cases/air/two_rows_failed/case.json"),
        include_str!("../../tests/cases/air/two_rows_failed/reference.json"),
    ),
    (
        "two_rows_roof",
        "The same with a roof over the cold aisle, ends open",
        include_str!("../../tests/cases/air/two_rows_roof/case.json"),
        include_str!("../../tests/cases/air/two_rows_roof/reference.json"),
    ),
    (
        "contained_short",
        "Ducted hot aisle with an open slot, supply short by 8 %",
        include_str!("../../tests/cases/air/contained_short/case.json"),
        include_str!("../../tests/cases/air/contained_short/reference.json"),
    ),
    (
        "wall_supply",
        "Row of six racks, displacement supply from a wall, ceiling grille",
        include_str!("../../tests/cases/air/wall_supply/case.json"),
        include_str!("../../tests/cases/air/wall_supply/reference.json"),
    ),
];

/// Every shipped case, by topic.
#[must_use]
pub fn shipped() -> Vec<Case> {
    let mut cases: Vec<Case> = HALLS
        .iter()
        .map(|(id, title, case, reference)| {
            readable(id, Topic::Air, air::titled(id, Some(title), case, reference))
        })
        .collect();
    cases.extend(pod2::cases());
    cases.extend(cavity::cases());
    cases.extend(liquid::cases());
    cases.extend(plant::cases());
    cases.extend(power::cases());
    cases.extend(network::cases());
    cases.extend(short_circuit::cases());
    cases.extend(fabric::cases());
    cases.extend(storage::cases());
    cases.extend(workload::cases());
    cases.extend(training::cases());
    cases.extend(economics::cases());
    cases.extend(economics_published::cases());
    cases.extend(reliability::cases());
    cases
}

/// A shipped file that can not be read is a case that fails and says why, not a missing one.
pub(super) fn readable(id: &str, topic: Topic, read: Result<Case, CaseError>) -> Case {
    read.unwrap_or_else(|error| Case::new(id, topic, id, "", move |_| Err(error.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_topic_has_cases_with_names_titles_and_sources() {
        let cases = shipped();
        let ids: BTreeSet<&str> = cases.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids.len(), cases.len(), "an identifier is used twice");
        for topic in Topic::ALL {
            assert!(cases.iter().any(|c| c.topic == topic), "{topic:?} has no case");
        }
        assert!(cases.iter().all(|c| !c.title.is_empty() && !c.source.is_empty()));
        assert!(cases.windows(2).all(|w| w[0].topic <= w[1].topic), "not in the order of topics");
    }
}
