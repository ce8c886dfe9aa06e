//! Storage: bandwidth against need.
