//! Reads some orders, saves the position, and resumes in the next run: `cargo run --example resume -- FILE BASE_URL`.
//!
//! Key and secret come from `LINKBEST_APP_KEY` and `LINKBEST_APP_SECRET`. Without a base URL the vendor's address is used.
//! Each run reads up to 25 orders; the file holds where the next one begins.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;
use std::path::Path;
use std::time::SystemTime;

use linkbest_api::chrono::{DateTime, TimeDelta, Utc};
use linkbest_api::{Client, ClientBuilder, ListOrders, StreamPosition};

/// Reads up to `most` orders from the position in the file on, or from the beginning of the range, and saves the new
/// position. It gives back the order numbers that were read; none: the range is at its end.
///
/// The file holds the range beside the position: a run resumes the range that an earlier one began.
pub(crate) async fn run(
    builder: ClientBuilder,
    range: (DateTime<Utc>, DateTime<Utc>),
    file: &Path,
    most: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    let client = builder.build()?;
    let saved = match file.exists() {
        true => serde_json::from_slice(&std::fs::read(file)?)?,
        false => None,
    };
    let ((from, to), position): (_, Option<StreamPosition>) = match saved {
        Some((range, position)) => (range, Some(position)),
        None => (range, None),
    };
    let mut orders = client.stream_orders(&ListOrders::new(from, to));
    if let Some(position) = position {
        orders = orders.resume(position);
    }
    let mut numbers = Vec::new();
    while numbers.len() < most {
        let Some(order) = orders.next().await else {
            break;
        };
        match order {
            Ok(order) => numbers.extend(order.order_sn.clone()),
            // The position is behind it: it does not come again, and its text is in `error.record()`.
            Err(error) if error.record().is_some() => eprintln!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
    // First store the orders, then the position: after a crash some orders come twice, none is lost.
    std::fs::write(file, serde_json::to_vec(&((from, to), orders.position()))?)?;
    Ok(numbers)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("LINKBEST_APP_KEY")?, var("LINKBEST_APP_SECRET")?);
    let file = args().nth(1).ok_or("the first argument is a file")?;
    if let Some(base_url) = args().nth(2) {
        builder = builder.base_url(base_url);
    }
    let to = DateTime::<Utc>::from(SystemTime::now()) - TimeDelta::minutes(5);
    let range = (to - TimeDelta::days(7), to);
    for number in run(builder, range, Path::new(&file), 25).await? {
        println!("{number}");
    }
    Ok(())
}
