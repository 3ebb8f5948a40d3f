//! SHOPLINE's shapes.

use orders_wire::{Members, Record, Row};
use serde::Serialize;
use shopline_api::customers::{self, Customer};
use shopline_api::orders::{
    Fulfillment, Order, OrderAttribution, Refund, Transaction, decode_attributions,
    decode_fulfillments, decode_order, decode_page, decode_refunds, decode_transaction_list,
    decode_transactions,
};

use shopline_api::payments::{
    Balance, BalanceTransaction, Dispute, Payout, StoreTransaction, decode_balance,
    decode_balance_transactions, decode_payouts, decode_store_transactions,
};
use shopline_api::tokens::{TokenAnswer, decode_answer};
use shopline_api::webhooks::{Attribution, Redaction};

use super::shape::{Shape, Types, Vendor, bytes, json, member, written};
use crate::generate::shopline::{ORDERS, account, bodies, money, parcel, payments, push};
use crate::recorder::record;
use crate::workspace::Result;

pub(super) const VENDOR: Vendor = Vendor {
    name: "shopline",
    shapes: &[
        Shape {
            name: "contract",
            what: "an order of the list",
            places: &[ORDERS],
            bodies,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_page(&bytes(body)).map_err(|why| why.to_string())?;
                    written("list", &page.records, &page.unreadable)
                },
                reads: || record::<Order>(ORDERS),
            }),
        },
        Shape {
            name: "refunds",
            what: "a refund of an order",
            places: &["refunds[]"],
            bodies: money::refunds,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_refunds(&bytes(body)).map_err(|why| why.to_string())?;
                    written("refunds", &page.records, &page.unreadable)
                },
                reads: || record::<Refund>("refunds[]"),
            }),
        },
        Shape {
            name: "fulfillments",
            what: "a parcel of an order",
            places: &["fulfillments[]"],
            bodies: parcel::bodies,
            types: Some(Types {
                rewrite: |body| {
                    let parcels =
                        decode_fulfillments(&bytes(body)).map_err(|why| why.to_string())?;
                    written("fulfillments", &parcels.records, &parcels.unreadable)
                },
                reads: || record::<Fulfillment>("fulfillments[]"),
            }),
        },
        Shape {
            name: "transactions",
            what: "a transaction of an order",
            places: &money::TRANSACTIONS,
            bodies: money::transactions,
            types: Some(Types {
                // The body has one of the two lists.
                rewrite: |body| match decode_transactions(&bytes(body)) {
                    Ok(page) => written("transactions", &page.records, &page.unreadable),
                    Err(_) => {
                        let page = decode_transaction_list(&bytes(body));
                        let page = page.map_err(|why| why.to_string())?;
                        written("transaction_list", &page.records, &page.unreadable)
                    }
                },
                reads: || {
                    let [list, answer] = money::TRANSACTIONS.map(record::<Transaction>);
                    let mut reads = list?;
                    reads.extend(answer?);
                    Ok(reads)
                },
            }),
        },
        Shape {
            name: "attributions",
            what: "where an order came from",
            places: &["data[]"],
            bodies: account::attributions,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_attributions(&bytes(body)).map_err(|why| why.to_string())?;
                    written("data", &page.records, &page.unreadable)
                },
                reads: || record::<OrderAttribution>("data[]"),
            }),
        },
        Shape {
            name: "customers",
            what: "a customer of the store",
            places: &["customers[]"],
            bodies: account::customers,
            types: Some(Types {
                rewrite: |body| {
                    let page =
                        customers::decode_page(&bytes(body)).map_err(|why| why.to_string())?;
                    written("customers", &page.records, &page.unreadable)
                },
                reads: || record::<Customer>("customers[]"),
            }),
        },
        Shape {
            name: "store-transactions",
            what: "a transaction of SHOPLINE Payments",
            places: &["transactions[]"],
            bodies: payments::transactions,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_store_transactions(&bytes(body));
                    let page = page.map_err(|why| why.to_string())?;
                    written("transactions", &page.records, &page.unreadable)
                },
                reads: || record::<StoreTransaction>("transactions[]"),
            }),
        },
        Shape {
            name: "payouts",
            what: "a payout to the store",
            places: &["payouts[]"],
            bodies: payments::payouts,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_payouts(&bytes(body)).map_err(|why| why.to_string())?;
                    written("payouts", &page.records, &page.unreadable)
                },
                reads: || record::<Payout>("payouts[]"),
            }),
        },
        Shape {
            name: "balance-transactions",
            what: "a billing record of the store",
            places: &["transactions[]"],
            bodies: payments::balance_transactions,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_balance_transactions(&bytes(body));
                    let page = page.map_err(|why| why.to_string())?;
                    written("transactions", &page.records, &page.unreadable)
                },
                reads: || record::<BalanceTransaction>("transactions[]"),
            }),
        },
        Shape {
            name: "balance",
            what: "what is in an account of the store",
            places: &["balance[]"],
            bodies: payments::balance,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_balance(&bytes(body)).map_err(|why| why.to_string())?;
                    written("balance", &page.records, &page.unreadable)
                },
                reads: || record::<Balance>("balance[]"),
            }),
        },
        Shape {
            name: "push",
            what: "a pushed order",
            places: &[push::PLACE],
            bodies: push::bodies,
            types: Some(Types {
                rewrite: |body| {
                    let order = decode_order(&bytes(body)).map_err(|why| why.to_string())?;
                    json(&order.value)
                },
                reads: || record::<Order>(push::PLACE),
            }),
        },
        Shape {
            name: "push-dispute",
            what: "a pushed dispute",
            places: &["detail"],
            bodies: push::disputes,
            types: Some(Types {
                rewrite: |body| pushed::<Dispute>(body, Some("detail")),
                reads: || record::<Dispute>("detail"),
            }),
        },
        Shape {
            name: "push-redaction",
            what: "a pushed request to erase personal data",
            places: &[push::PLACE],
            bodies: push::redactions,
            types: Some(Types {
                rewrite: |body| pushed::<Redaction>(body, None),
                reads: || record::<Redaction>(push::PLACE),
            }),
        },
        Shape {
            name: "push-attribution",
            what: "a pushed attribution of an order",
            places: &[push::PLACE],
            bodies: push::attributions,
            types: Some(Types {
                rewrite: |body| pushed::<Attribution>(body, None),
                reads: || record::<Attribution>(push::PLACE),
            }),
        },
        Shape {
            name: "token",
            what: "the answer with an access token",
            places: &[""],
            bodies: account::tokens,
            types: Some(Types {
                rewrite: |body| {
                    let answer = decode_answer(body.as_bytes()).map_err(|why| why.to_string())?;
                    json(&answer)
                },
                reads: || record::<TokenAnswer>(""),
            }),
        },
        // Read without a type of its own.
        Shape {
            name: "count",
            what: "a count of orders",
            places: &[""],
            bodies: account::counts,
            types: None,
        },
    ],
};

/// A pushed thing, written by its type; in an envelope where it has one.
fn pushed<T: Row + Serialize>(body: &str, envelope: Option<&str>) -> Result<String> {
    let body = bytes(body);
    let members = Members::read(&body).map_err(|why| why.to_string())?;
    let inner = envelope.and_then(|name| members.get(name));
    let text = inner.map_or_else(|| body.clone(), |inner| bytes(inner.get()));
    let thing = Record::<T>::read(&text).map_err(|why| why.to_string())?;
    match envelope {
        Some(name) => member(name, &thing.value),
        None => json(&thing.value),
    }
}
