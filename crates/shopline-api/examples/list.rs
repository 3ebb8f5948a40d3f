//! Lists the orders of a store: `cargo run --example list -- BASE_URL`.
//!
//! The handle and the access token come from `SHOPLINE_HANDLE` and `SHOPLINE_TOKEN`. Without a base URL the store's own
//! address is used.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;

use shopline_api::orders::{ListOrders, StatusFilter};
use shopline_api::{Client, ClientBuilder};

/// Prints every order of the store that is not archived, and gives back how many there are.
pub(crate) async fn run(builder: ClientBuilder) -> Result<usize, shopline_api::Error> {
    let client = builder.build()?;
    let mut orders = client.stream_orders(&ListOrders::new().status(StatusFilter::Any));
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
        let total = order.current_total_price.unwrap_or_default();
        println!("{} {total} {}", text(&order.name), text(&order.currency));
        read += 1;
    }
    Ok(read)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("SHOPLINE_HANDLE")?, var("SHOPLINE_TOKEN")?);
    if let Some(base_url) = args().nth(1) {
        builder = builder.base_url(base_url);
    }
    println!("{} orders", run(builder).await?);
    Ok(())
}
