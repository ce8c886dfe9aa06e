//! Bad files say what is wrong.
