//! Fabric: switches, links and oversubscription.
