//! Lists the orders of an account: `cargo run --example list -- BASE_URL`.
//!
//! The secret key comes from `CLINK_API_KEY`. Without a base URL the vendor's test environment is used.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;

use clink_api::{Client, ClientBuilder, Environment, ListOrders};

/// Prints every order, and gives back how many there are.
pub async fn run(builder: ClientBuilder) -> Result<usize, clink_api::Error> {
    let client = builder.build()?;
    let mut orders = client.stream_orders(&ListOrders::new());
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
        let (id, currency) = (text(&order.order_id), text(&order.payment_currency));
        match order.amount_total {
            Some(total) => println!("{id} {total} {currency}"),
            None => println!("{id} no total"),
        }
        read += 1;
    }
    Ok(read)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("CLINK_API_KEY")?).environment(Environment::Sandbox);
    if let Some(base_url) = args().nth(1) {
        builder = builder.base_url(base_url);
    }
    println!("{} orders", run(builder).await?);
    Ok(())
}
