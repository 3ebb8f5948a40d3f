//! The vendor-shaped bodies of the workspace.

use std::path::PathBuf;

use bytes::Bytes;

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shopline")
}

pub(crate) fn body(name: &str) -> Bytes {
    let path = folder().join(name);
    let text = std::fs::read(&path);
    Bytes::from(text.unwrap_or_else(|why| panic!("{name}: {why}")))
}

pub(crate) fn text(name: &str) -> String {
    String::from_utf8(body(name).to_vec()).unwrap()
}

/// The names of all orders' bodies with this ending, sorted.
pub(crate) fn names(ending: &str) -> Vec<String> {
    names_in("", ending)
}

/// The names of all bodies of a folder with this ending, sorted.
pub(crate) fn names_in(shape: &str, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder().join(shape)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(ending))
        .collect();
    names.sort();
    names
}
