//! Tests code of your own without a network: the client over a transport in memory. `cargo run --example memory_transport`.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::Arc;

use shopline_api::core::Money;
use shopline_api::http::testing::MemoryTransport;
use shopline_api::{Client, ListOrders};

/// The code under test: what the orders of one page come to, in US dollars.
pub(crate) async fn revenue(client: &Client) -> Result<Money, Box<dyn Error>> {
    let mut sum = Money::parse("0", "USD")?;
    for order in client.list_orders(&ListOrders::new()).await?.records {
        let (Some(price), Some(currency)) = (order.current_total_price, &order.currency) else {
            continue;
        };
        sum = sum.checked_add(&Money::new(price, currency.as_str()))?;
    }
    Ok(sum)
}

/// The test: the transport answers by its script, and shows what was sent.
pub(crate) async fn run() -> Result<Money, Box<dyn Error>> {
    let transport = MemoryTransport::new();
    transport.reply(429, "slow down").reply(
        200,
        r#"{"orders":[
            {"id":"1","current_total_price":"19.90","currency":"USD"},
            {"id":"2","current_total_price":"0.10","currency":"USD"}]}"#,
    );
    let client = Client::builder("tea-house", "token")
        .transport(Arc::new(transport.clone()))
        .build()?;
    let sum = revenue(&client).await?;
    let paths: Vec<String> = transport
        .requests()
        .iter()
        .map(|r| r.uri().path().to_owned())
        .collect();
    // The 429 was tried again.
    assert_eq!(paths, ["/admin/openapi/v20260301/orders.json"; 2]);
    Ok(sum)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", run().await?);
    Ok(())
}
