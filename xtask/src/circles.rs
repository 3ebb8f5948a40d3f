//! No circle of files inside a crate: no two files need each other, directly or through others.
//!
//! A file needs another where it names something that is defined there: in a private `use` or in a path of its code.
//! A re-export is followed to where the thing is defined, and is no need of its own. Methods of one type that lie in
//! another file than the type tie both files together, unless that file cannot see the type's fields (all are private,
//! and it is no module below): such methods rest on what the type offers, and the type does not need them. So an endpoint
//! adds its call to a client whose fields it cannot touch. Test code is left out. Calls of methods are not seen, so what
//! is found is a circle, and a circle of method calls alone is not found.

mod graph;
mod names;

use std::collections::BTreeSet;
use std::path::Path;

use crate::workspace::{Result, root};
use graph::Graph;
use names::Crate;

/// How many files of each crate still stand in circles. A crate that is not named has none. The numbers only go down;
/// the sandbox's one world may stay.
const ALLOWED: &[(&str, usize)] = &[("orders-sandbox", 64)];

/// Looks at every crate of the workspace.
pub(crate) fn check() -> Result {
    let mut wrong = Vec::new();
    for folder in crates()? {
        let name = folder.rsplit('/').next().unwrap_or_default().to_owned();
        let circles = circles(&root().join(&folder).join("src"))?;
        let files: usize = circles.iter().map(BTreeSet::len).sum();
        let allowed = ALLOWED
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(0, |(_, files)| *files);
        println!("{name}: {files} files in circles");
        wrong.extend(verdict(&name, &circles, allowed));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// What is wrong with a crate that may have so many files in circles.
fn verdict(name: &str, circles: &[BTreeSet<String>], allowed: usize) -> Option<String> {
    let files: usize = circles.iter().map(BTreeSet::len).sum();
    if files < allowed {
        return Some(format!(
            "{name}: {files} files stand in circles, {allowed} are allowed: lower the number in circles.rs"
        ));
    }
    let named = circles
        .iter()
        .map(|circle| circle.iter().map(String::as_str).collect::<Vec<_>>());
    let lines: Vec<_> = named
        .map(|files| format!("  {}", files.join(" <-> ")))
        .collect();
    (files > allowed).then(|| {
        format!(
            "{name}: {files} files stand in circles, {allowed} are allowed\n{}",
            lines.join("\n")
        )
    })
}

/// The folders of all crates, `xtask` among them.
fn crates() -> Result<Vec<String>> {
    let listed = std::fs::read_dir(root().join("crates")).map_err(|why| why.to_string())?;
    let mut folders: Vec<_> = listed
        .flatten()
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| format!("crates/{}", entry.file_name().to_string_lossy()))
        .collect();
    folders.push("xtask".to_owned());
    folders.sort();
    Ok(folders)
}

/// The circles of the files below a folder of sources.
fn circles(src: &Path) -> Result<Vec<BTreeSet<String>>> {
    let mut files = Vec::new();
    read_below(src, "", &mut files)?;
    let listed: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    circles_of(&listed)
}

fn circles_of(files: &[(&str, &str)]) -> Result<Vec<BTreeSet<String>>> {
    let read = Crate::read(files)?;
    let graph = Graph::new(files.len(), &read.needs());
    let named = graph.circles().into_iter().map(|circle| {
        circle
            .into_iter()
            .map(|file| files[file].0.to_owned())
            .collect()
    });
    Ok(named.collect())
}

fn read_below(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> Result {
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(failed)?.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read_below(&entry.path(), &format!("{name}/"), files)?;
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(entry.path()).map_err(failed)?;
            files.push((name, text));
        }
    }
    files.sort();
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let circles = circles_of(files).unwrap();
        circles
            .into_iter()
            .map(|circle| circle.into_iter().collect())
            .collect()
    }

    #[test]
    fn two_files_that_use_each_other_are_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; pub use a::A;"),
            ("a.rs", "use crate::b::B; pub struct A(B);"),
            ("b.rs", "pub struct B; impl B { fn a(_: &crate::A) {} }"),
            ("c.rs", "use crate::a::A; pub struct C(A);"),
        ];
        assert_eq!(found(&files), [["a.rs", "b.rs"]]);
    }

    #[test]
    fn a_re_export_is_followed_and_ties_nothing() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::*;"),
            ("a.rs", "use crate::B; pub(crate) struct A(B);"),
            ("b.rs", "pub(crate) struct B;"),
        ];
        assert!(found(&files).is_empty());
    }

    #[test]
    fn a_parent_that_uses_its_child_and_is_used_by_it_is_a_circle() {
        let child = "use super::Parent; pub fn help(_: &Parent) {}";
        let parent = "mod child; pub struct Parent; fn run() { child::help(&Parent) }";
        let files = [
            ("main.rs", "mod a;"),
            ("a/mod.rs", parent),
            ("a/child.rs", child),
        ];
        assert_eq!(found(&files), [["a/child.rs", "a/mod.rs"]]);
        let only_declared = "mod child; pub use child::help; pub struct Parent;";
        let files = [("a.rs", only_declared), ("a/child.rs", child)];
        assert!(found(&files).is_empty());
    }

    #[test]
    fn methods_in_another_file_than_their_type_tie_both() {
        let files = |line: &'static str| {
            [
                ("lib.rs", "mod run; mod walk;"),
                ("run.rs", "pub struct Run;"),
                ("walk.rs", line),
            ]
        };
        assert_eq!(
            found(&files(
                "use crate::run::Run; impl Run { fn walk(&self) {} }"
            )),
            [["run.rs", "walk.rs"]]
        );
        assert!(
            found(&files(
                "use crate::run::Run; impl Clone for Run { fn clone(&self) -> Self { Run } }"
            ))
            .is_empty()
        );
    }

    #[test]
    fn methods_that_cannot_see_the_fields_tie_nothing() {
        let files = |home: &'static str, at: &'static str| {
            let call = "use crate::client::Client; impl Client { fn list(&self) {} }";
            [
                ("lib.rs", "mod client; mod orders;"),
                ("client.rs", home),
                (at, call),
            ]
        };
        let closed = "pub struct Client { engine: u8 }";
        assert!(found(&files(closed, "orders.rs")).is_empty());
        assert_eq!(found(&files(closed, "client/orders.rs")).len(), 1);
        let open = "pub struct Client { pub(crate) engine: u8 }";
        assert_eq!(found(&files(open, "orders.rs")).len(), 1);
    }

    #[test]
    fn three_files_in_a_row_are_found_also_through_a_macro() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b; pub fn a() { b::b() }"),
            ("b.rs", "pub fn b() { println!(\"{}\", crate::c::c()) }"),
            ("c.rs", "pub fn c() -> u8 { let b = 1; super::a::a(); b }"),
        ];
        assert_eq!(found(&files), [["a.rs", "b.rs", "c.rs"]]);
    }

    #[test]
    fn test_code_is_left_out() {
        let files = [
            ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
            ("a.rs", "use crate::b::B; pub struct A(B);"),
            (
                "b.rs",
                "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }",
            ),
            ("tests.rs", "use crate::a::A; impl A { fn t() {} }"),
        ];
        assert!(found(&files).is_empty());
    }

    #[test]
    fn more_and_fewer_than_allowed_are_errors() {
        let circles = [BTreeSet::from(["a.rs".to_owned(), "b.rs".to_owned()])];
        assert!(verdict("x", &circles, 0).unwrap().contains("a.rs <-> b.rs"));
        assert!(verdict("x", &circles, 3).unwrap().contains("lower"));
        assert_eq!(verdict("x", &circles, 2), None);
    }
}
