//! Power: from the utility feed to the racks, in the normal state and under outages.

pub mod case;
pub mod result;
