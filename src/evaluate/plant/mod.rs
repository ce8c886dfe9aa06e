//! Plant: heat rejection through the year.
