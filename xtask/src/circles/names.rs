//! Where the names that a file uses are defined.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Fields, Item, ItemImpl, ItemMod, ItemUse, Type, UseTree, Visibility};

use crate::workspace::Result;

/// A module by its path from the crate's root.
type Place = Vec<String>;

/// Names re-exported through more modules than this are a mistake of ours.
const DEEPEST: usize = 20;

/// The modules of a crate and the syntax of its files.
#[derive(Default)]
pub(super) struct Crate {
    modules: BTreeMap<Place, Module>,
    files: Vec<(Place, syn::File)>,
}

#[derive(Default)]
struct Module {
    file: usize,
    defined: BTreeSet<String>,
    /// Those of them that are structs and have private fields only.
    closed: BTreeSet<String>,
    imported: BTreeMap<String, Place>,
    all_of: Vec<Place>,
}

impl Crate {
    /// Reads files, each with its path below the folder of sources and its text.
    pub(super) fn read(files: &[(&str, &str)]) -> Result<Self> {
        let mut read = Self::default();
        for (path, text) in files {
            let syntax = syn::parse_file(text).map_err(|why| format!("{path}: {why}"))?;
            read.files.push((place(path), syntax));
        }
        let mut tests = BTreeSet::new();
        for (file, (place, syntax)) in read.files.iter().enumerate() {
            list(&mut read.modules, &mut tests, file, place, &syntax.items);
        }
        for (place, syntax) in &mut read.files {
            if tests.iter().any(|test| place.starts_with(test)) {
                syntax.items.clear();
            }
        }
        Ok(read)
    }

    /// Which file needs which.
    pub(super) fn needs(&self) -> BTreeSet<(usize, usize)> {
        let mut needs = BTreeSet::new();
        for (file, (place, syntax)) in self.files.iter().enumerate() {
            let mut reader = Reader {
                names: self,
                file,
                place: place.clone(),
                needs: &mut needs,
            };
            reader.visit_file(syntax);
        }
        needs
    }

    /// The file in which the thing at a path, seen from a module, is defined; `None` if it is not of this crate.
    fn defines(&self, from: &Place, path: &[String], depth: usize) -> Option<usize> {
        let module = self.modules.get(from)?;
        let Some((first, rest)) = path.split_first() else {
            return Some(module.file);
        };
        if depth > DEEPEST {
            return None;
        }
        let onward = |place: &Place, rest: &[String]| self.defines(place, rest, depth + 1);
        match first.as_str() {
            "crate" => return onward(&Place::new(), rest),
            "self" => return onward(from, rest),
            "super" => return onward(&from[..from.len().checked_sub(1)?].to_vec(), rest),
            _ => {}
        }
        let child = [from.as_slice(), std::slice::from_ref(first)].concat();
        if self.modules.contains_key(&child) {
            return onward(&child, rest);
        }
        if module.defined.contains(first) {
            return Some(module.file);
        }
        if let Some(target) = module.imported.get(first).filter(|target| *target != path) {
            return onward(from, &[target.as_slice(), rest].concat());
        }
        let mut globs = module.all_of.iter();
        globs.find_map(|target| onward(from, &[target.as_slice(), path].concat()))
    }
}

/// `a/b.rs` and `a/b/mod.rs` are the module `a::b`.
fn place(path: &str) -> Place {
    let path = path.trim_end_matches(".rs");
    let mut place: Place = path.split('/').map(str::to_owned).collect();
    if place.last().is_some_and(|last| last == "mod") || ["lib", "main"].contains(&path) {
        place.pop();
    }
    place
}

fn only_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("cfg") && list.is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

/// Notes what a module defines and imports, and the modules inside it.
fn list(
    modules: &mut BTreeMap<Place, Module>,
    tests: &mut BTreeSet<Place>,
    file: usize,
    place: &Place,
    items: &[Item],
) {
    let mut module = Module {
        file,
        ..Module::default()
    };
    for item in items {
        let defined = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Use(item) => {
                imports(&item.tree, &mut Place::new(), &mut module);
                continue;
            }
            Item::Mod(item) => {
                let inside = [place.as_slice(), &[item.ident.to_string()]].concat();
                if only_for_tests(&item.attrs) {
                    tests.insert(inside);
                } else if let Some((_, items)) = &item.content {
                    list(modules, tests, file, &inside, items);
                }
                continue;
            }
            // The types that a macro defines bear their names in its text.
            Item::Macro(item) => {
                module.defined.extend(types_named(&item.mac.tokens));
                continue;
            }
            _ => continue,
        };
        module.defined.insert(defined.to_string());
        if let Item::Struct(item) = item
            && is_closed(&item.fields)
        {
            module.closed.insert(item.ident.to_string());
        }
    }
    modules.insert(place.clone(), module);
}

/// Whether there are fields, and all of them private.
fn is_closed(fields: &Fields) -> bool {
    let mut shown = fields.iter().map(|field| &field.vis);
    !fields.is_empty() && shown.all(|shown| matches!(shown, Visibility::Inherited))
}

/// `pub struct X` and `pub enum X` in the text of a macro.
fn types_named(tokens: &TokenStream) -> Vec<String> {
    let words: Vec<_> = tokens
        .clone()
        .into_iter()
        .map(|token| token.to_string())
        .collect();
    let pairs = words.windows(2);
    pairs
        .filter(|pair| ["struct", "enum"].contains(&pair[0].as_str()))
        .map(|pair| pair[1].clone())
        .collect()
}

fn imports(tree: &UseTree, path: &mut Place, module: &mut Module) {
    let whole = |path: &Place, name: &syn::Ident| {
        let name = name.to_string();
        let last = (name != "self").then_some(name);
        path.iter().cloned().chain(last).collect::<Place>()
    };
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            imports(&inner.tree, path, module);
            path.pop();
        }
        UseTree::Name(name) => {
            let target = whole(path, &name.ident);
            if let Some(known_as) = target.last().cloned() {
                module.imported.insert(known_as, target);
            }
        }
        UseTree::Rename(name) => {
            let target = whole(path, &name.ident);
            module.imported.insert(name.rename.to_string(), target);
        }
        UseTree::Glob(_) => module.all_of.push(path.clone()),
        UseTree::Group(group) => {
            for tree in &group.items {
                imports(tree, path, module);
            }
        }
    }
}

/// Collects what one file needs.
struct Reader<'a> {
    names: &'a Crate,
    file: usize,
    place: Place,
    needs: &'a mut BTreeSet<(usize, usize)>,
}

impl Reader<'_> {
    fn need(&mut self, path: &[String]) -> Option<usize> {
        let file = self.names.defines(&self.place, path, 0)?;
        if file != self.file {
            self.needs.insert((self.file, file));
        }
        Some(file)
    }

    /// A path in code. A single word may be a variable that has the name of a module.
    fn path(&mut self, path: &[String]) -> Option<usize> {
        let child = |word: &String| {
            let inside = [self.place.as_slice(), std::slice::from_ref(word)].concat();
            self.names.modules.contains_key(&inside)
        };
        match path {
            [word] if child(word) => None,
            path => self.need(path),
        }
    }

    /// Whether this file cannot see the fields of a type that another file defines: its methods for that type are then
    /// built on what the type offers, as functions would be.
    fn is_outside(&self, file: usize, name: &str) -> bool {
        let mut modules = self.names.modules.iter();
        let home = modules.find(|(_, module)| module.file == file && module.closed.contains(name));
        home.is_some_and(|(home, _)| !self.place.starts_with(home))
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut path = Place::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Ident(word) => {
                    if colons != 2 {
                        self.path(&std::mem::take(&mut path));
                    }
                    path.push(word.to_string());
                    colons = 0;
                }
                other => {
                    self.path(&std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path(&path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !only_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.place.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.place.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if !matches!(item.vis, Visibility::Inherited) || item.leading_colon.is_some() {
            return;
        }
        let mut imported = Module::default();
        imports(&item.tree, &mut Place::new(), &mut imported);
        for target in imported.imported.values() {
            self.need(target);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if let (None, Type::Path(of)) = (&item.trait_, &*item.self_ty) {
            let words = words(&of.path);
            let defined_in = self.path(&words).filter(|file| *file != self.file);
            if let (Some(file), Some(name)) = (defined_in, words.last())
                && !self.is_outside(file, name)
            {
                self.needs.insert((file, self.file));
            }
        }
        visit::visit_item_impl(self, item);
    }

    /// `pub(crate)` names a module without needing it.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.path(&words(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}

fn words(path: &syn::Path) -> Place {
    path.segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect()
}
