//! The three vendors and the shapes of their bodies, one row each.

mod clink;
mod linkbest;
mod shape;
mod shopline;

pub(crate) use shape::{Shape, Types, Vendor};

pub(crate) const VENDORS: [Vendor; 3] = [clink::VENDOR, linkbest::VENDOR, shopline::VENDOR];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_fields_belongs_to_a_shape() {
        for vendor in &VENDORS {
            let folder = crate::workspace::root().join("fixtures").join(vendor.name);
            let mut tables: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter_map(|name| name.strip_suffix(".tsv").map(str::to_owned))
                .filter(|name| !["parameters", "endpoints"].contains(&name.as_str()))
                .collect();
            let mut shapes: Vec<_> = vendor.shapes.iter().map(|shape| shape.name).collect();
            tables.sort();
            shapes.sort_unstable();
            assert_eq!(tables, shapes);
        }
    }

    #[test]
    fn every_place_stands_in_its_contract() {
        for vendor in &VENDORS {
            for shape in vendor.shapes {
                let contract = crate::contract::load(vendor.name, shape.name).unwrap();
                for place in shape.places {
                    let known = place.is_empty() || contract.field(place).is_some();
                    assert!(known, "{} {}: {place}", vendor.name, shape.name);
                }
            }
        }
    }
}
