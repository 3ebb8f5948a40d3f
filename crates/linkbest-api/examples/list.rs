//! Lists the orders that changed in the last days: `cargo run --example list -- DAYS BASE_URL`.
//!
//! Key and secret come from `LINKBEST_APP_KEY` and `LINKBEST_APP_SECRET`. Without a base URL the vendor's address is used.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;
use std::time::SystemTime;

use linkbest_api::chrono::{DateTime, TimeDelta, Utc};
use linkbest_api::{Client, ClientBuilder, ListOrders};

/// Prints every order that changed in the range, and gives back how many there are.
pub(crate) async fn run(
    builder: ClientBuilder,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<usize, linkbest_api::Error> {
    let client = builder.build()?;
    let mut orders = client.stream_orders(&ListOrders::new(from, to));
    let mut read = 0;
    while let Some(order) = orders.next().await {
        let order = match order {
            Ok(order) => order,
            // One record that cannot be read: the stream continues.
            Err(error) if error.record().is_some() => {
                eprintln!("{error}");
                continue;
            }
            Err(error) => return Err(error),
        };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let commission = order.siter_commission.unwrap_or_default();
        println!(
            "{} {commission} {}",
            text(&order.order_sn),
            text(&order.currency)
        );
        read += 1;
    }
    Ok(read)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("LINKBEST_APP_KEY")?, var("LINKBEST_APP_SECRET")?);
    let days = args().nth(1).unwrap_or("7".to_owned()).parse()?;
    if let Some(base_url) = args().nth(2) {
        builder = builder.base_url(base_url);
    }
    // Orders of the last minutes may still be on their way into the vendor's answers.
    let to = DateTime::<Utc>::from(SystemTime::now()) - TimeDelta::minutes(5);
    let from = to - TimeDelta::days(days);
    println!("{} orders", run(builder, from, to).await?);
    Ok(())
}
