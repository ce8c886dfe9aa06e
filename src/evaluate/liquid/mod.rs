//! Liquid: coolant loops from the racks to the CDUs.
