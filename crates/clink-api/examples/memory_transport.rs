//! Tests code of your own without a network: the client over a transport in memory. `cargo run --example memory_transport`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::sync::Arc;

use clink_api::core::Money;
use clink_api::http::testing::MemoryTransport;
use clink_api::{Client, ListOrders};

/// The code under test: what the orders of one page come to, in US dollars.
pub async fn revenue(client: &Client) -> Result<Money, Box<dyn Error>> {
    let mut sum = Money::parse("0", "USD")?;
    for order in client.list_orders(&ListOrders::new()).await?.records {
        let (Some(total), Some(currency)) = (order.amount_total, &order.payment_currency) else {
            continue;
        };
        sum = sum.checked_add(&Money::new(total, currency.as_str()))?;
    }
    Ok(sum)
}

/// The test: the transport answers by its script, and shows what was sent.
pub async fn run() -> Result<Money, Box<dyn Error>> {
    let transport = MemoryTransport::new();
    transport.reply(429, "slow down").reply(
        200,
        r#"{"code":200,"total":2,"rows":[
            {"orderId":"order_1","amountTotal":19.90,"paymentCurrency":"USD"},
            {"orderId":"order_2","amountTotal":0.10,"paymentCurrency":"USD"}]}"#,
    );
    let client = Client::builder("key")
        .transport(Arc::new(transport.clone()))
        .build()?;
    let sum = revenue(&client).await?;
    let requests = transport.requests();
    let paths: Vec<&str> = requests
        .iter()
        .map(|request| request.uri().path())
        .collect();
    // The 429 was retried.
    assert_eq!(paths, ["/api/order"; 2]);
    Ok(sum)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", run().await?);
    Ok(())
}
