//! What published crates have around their arithmetic: settings, names, methods that give iterators.

mod callers;
mod items_of_types;
mod settings;
