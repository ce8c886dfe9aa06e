//! Power: from the utility feed to the racks.
