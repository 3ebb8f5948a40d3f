//! What each fixture becomes: the typed view under the vendor's names, and the core view.

use bytes::Bytes;
use linkbest_api::Mapper;
use linkbest_api::orders::{decode_order, decode_page};

use crate::fixture;

fn becomes(body: &Bytes, single: bool) -> String {
    let orders = if single {
        decode_order(body).map(|order| vec![order])
    } else {
        decode_page(body).map(|page| page.orders)
    };
    let orders = match orders {
        Ok(orders) => orders,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut text = format!("{} orders\n", orders.len());
    for order in orders {
        let typed = serde_json::to_string_pretty(&order.value).unwrap();
        let core = serde_json::to_string_pretty(&Mapper::new("main").order(&order)).unwrap();
        text += &format!("--- typed\n{typed}\n--- core\n{core}\n");
    }
    text
}

#[test]
fn snapshots() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/linkbest");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") || name.ends_with(".txt"))
        .collect();
    names.sort();
    assert!(names.len() > 20, "{names:?}");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        for name in names {
            insta::assert_snapshot!(name.as_str(), becomes(&fixture(&name), name == "single.json"));
        }
    });
}
