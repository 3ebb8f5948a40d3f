//! The log of pushes.

use super::target::PushTarget;
use super::{Message, http};
use crate::vendor::Vendor;

/// How many characters of an answer are kept.
const KEPT: usize = 200;

/// One attempt to deliver one push.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The vendor that is played.
    pub vendor: Vendor,
    /// The target's URL, without the order that a GET carries.
    pub url: String,
    /// The event in the vendor's word: `order.succeeded`, `settled`, `orders/paid`.
    pub event: String,
    /// The vendor's id of the event, the same on every attempt and duplicate: Clink's envelope `id`, Linkbest's push `Id`,
    /// SHOPLINE's `X-Shopline-Webhook-Id`.
    pub id: String,
    /// The id of the order.
    pub order: String,
    /// 0 for the event itself; its duplicates count from 1.
    pub copy: usize,
    /// From 1.
    pub attempt: usize,
    /// The HTTP status of the answer. None without an answer.
    pub status: Option<u16>,
    /// The beginning of the answer's body. Without an answer: the failure.
    pub answer: String,
    /// Whether the vendor counts the push as received. Clink: on any 2xx. Linkbest: on HTTP 200 with the text `1` or
    /// `0`. SHOPLINE: on HTTP 200.
    pub accepted: bool,
}

impl Delivery {
    pub(super) fn of(
        target: &PushTarget,
        message: &Message,
        (copy, attempt): (usize, usize),
        answer: Result<http::Answer, String>,
    ) -> Self {
        let accepted = answer.as_ref().is_ok_and(|answer| match message.vendor {
            Vendor::Clink => (200..300).contains(&answer.status),
            Vendor::Linkbest => answer.status == 200 && matches!(answer.body.trim(), "0" | "1"),
            Vendor::Shopline => answer.status == 200,
        });
        let (status, text) = match answer {
            Ok(answer) => (Some(answer.status), answer.body),
            Err(why) => (None, why),
        };
        Self {
            vendor: message.vendor,
            url: target.url.clone(),
            event: message.event.clone(),
            id: message.id.clone(),
            order: message.order.clone(),
            copy,
            attempt,
            status,
            answer: text.chars().take(KEPT).collect(),
            accepted,
        }
    }
}
