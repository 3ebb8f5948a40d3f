//! One program in a report.

use orders_wire::{IntegerText, Row, Strict, Text};
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

use crate::envelope::Listed;

/// What one program brought in the days of a report. All fields are documented; the counts come as text.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ProgramReport {
    /// The affiliate program.
    #[serde_as(as = "Text")]
    pub program_id: Option<String>,
    /// Its name.
    #[serde_as(as = "Text")]
    pub program_name: Option<String>,
    /// Clicks, each visitor counted once (by which rule is not documented).
    #[serde_as(as = "IntegerText")]
    pub unique_click_count: Option<i64>,
    /// Clicks.
    #[serde_as(as = "IntegerText")]
    pub click_count: Option<i64>,
    /// Orders: the number to verify a pull against. It counts by the day on which an order was placed, in the vendor's
    /// zone (both inferred; UTC+8 by default).
    #[serde_as(as = "IntegerText")]
    pub order_count: Option<i64>,
}

impl Row for ProgramReport {
    const IDENTITY: &'static [&'static str] = &["ProgramId"];
    const STRICT: Strict = Strict::new(&["ProgramId", "OrderCount"], &[]);

    fn is_identified(&self) -> bool {
        let id = self.program_id.as_deref();
        id.is_some_and(|id| !id.is_empty())
    }
}

impl Listed for ProgramReport {
    const MANY: &'static str = "programs";
    const KNOWN_BY: &'static [&'static str] = &["ProgramId"];
}
