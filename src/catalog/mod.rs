//! What can be bought, and who says so.
