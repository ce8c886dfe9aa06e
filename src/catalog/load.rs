//! Catalogue text to a checked catalogue.
