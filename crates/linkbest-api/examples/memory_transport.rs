//! Tests code of your own without a network: the client over a transport in memory. `cargo run --example memory_transport`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::sync::Arc;

use linkbest_api::chrono::DateTime;
use linkbest_api::core::Money;
use linkbest_api::http::testing::MemoryTransport;
use linkbest_api::{Client, ListOrders};

/// The code under test: what one page of orders brings in US dollars, by estimate.
pub(crate) async fn commission(client: &Client, day: &ListOrders) -> Result<Money, Box<dyn Error>> {
    let mut sum = Money::parse("0", "USD")?;
    for order in client.list_orders(day).await?.records {
        let (Some(amount), Some(currency)) = (order.siter_commission, &order.currency) else {
            continue;
        };
        sum = sum.checked_add(&Money::new(amount, currency.as_str()))?;
    }
    Ok(sum)
}

/// The test: the transport answers by its script, and shows what was sent.
pub(crate) async fn run() -> Result<Money, Box<dyn Error>> {
    let transport = MemoryTransport::new();
    transport.reply(429, "slow down").reply(
        200,
        r#"{"Status":0,"Data":[
            {"Id":"1","OrderSn":"A1","SiterCommission":19.90,"Currency":"USD"},
            {"Id":"2","OrderSn":"A2","SiterCommission":0.10,"Currency":"USD"}]}"#,
    );
    let client = Client::builder("key", "secret")
        .transport(Arc::new(transport.clone()))
        .build()?;
    let at = |seconds| DateTime::from_timestamp(seconds, 0).ok_or("no time");
    let day = ListOrders::new(at(1_767_225_600)?, at(1_767_312_000)?);
    let sum = commission(&client, &day).await?;
    // The 429 was retried.
    assert_eq!(transport.requests().len(), 2);
    Ok(sum)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", run().await?);
    Ok(())
}
