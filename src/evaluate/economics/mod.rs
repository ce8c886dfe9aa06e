//! Economics: from quantities to dollars per token.
