#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod answer;
mod circle;
mod failure;
mod key;
mod page_cap;
mod position;
mod reading;
mod repeated;
mod retry;
mod scan;
mod seen;
mod source;
mod stream;
mod times;
mod walk;

pub use answer::{Accepted, Answer, Counts, Decision, Proof};
pub use key::{RowKey, page_content};
pub use page_cap::PageCap;
pub use position::Position;
pub use reading::StreamPosition;
pub use repeated::RepeatedPages;
pub use retry::{AfterFailure, Retries};
pub use source::PageSource;
pub use stream::{RowStream, read, read_slice};
pub use times::outside;
pub use walk::{Verdict, WindowWalker};
