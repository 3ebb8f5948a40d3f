//! Reads some orders, saves the position, and resumes in the next run: `cargo run --example resume -- FILE BASE_URL`.
//!
//! The secret key comes from `CLINK_API_KEY`. Without a base URL the vendor's test environment is used. Each run reads up
//! to 25 orders; the file holds where the next one begins.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;
use std::path::Path;

use clink_api::{Client, ClientBuilder, Environment, ListOrders};

/// Reads up to `most` orders from the position in the file on, or from the beginning, and saves the new position. It
/// gives back the ids that were read; none: the list is at its end.
pub async fn run(
    builder: ClientBuilder,
    file: &Path,
    most: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    let client = builder.build()?;
    let mut orders = client.stream_orders(&ListOrders::new());
    if file.exists() {
        let saved = std::fs::read(file)?;
        orders = orders.resume(serde_json::from_slice(&saved)?);
    }
    let mut ids = Vec::new();
    while ids.len() < most {
        let Some(order) = orders.next().await else {
            break;
        };
        match order {
            Ok(order) => ids.extend(order.order_id.clone()),
            // The position is behind it: it does not come again, and its text is in `error.record()`.
            Err(error) if error.record().is_some() => eprintln!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
    // First store the orders, then the position: after a crash some orders come twice, none is lost.
    std::fs::write(file, serde_json::to_vec(&orders.position())?)?;
    Ok(ids)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("CLINK_API_KEY")?).environment(Environment::Sandbox);
    let file = args().nth(1).ok_or("the first argument is a file")?;
    if let Some(base_url) = args().nth(2) {
        builder = builder.base_url(base_url);
    }
    for id in run(builder, Path::new(&file), 25).await? {
        println!("{id}");
    }
    Ok(())
}
