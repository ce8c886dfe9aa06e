//! Air: where the heat goes in the room.
