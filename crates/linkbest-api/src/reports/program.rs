//! One program in a report.

use orders_wire::{IntegerText, Row, Strict, object};

use crate::envelope::Listed;

object! {
    /// What one program brought in the days of a report. All fields are documented; the counts come as text.
    #[serde(rename_all = "PascalCase")]
    pub struct ProgramReport {
        /// The affiliate program.
        pub program_id: Option<String>,
        /// Its name.
        pub program_name: Option<String>,
        /// Clicks, each visitor counted once (by which rule is not documented).
        #[serde_as(as = "IntegerText")]
        pub unique_click_count: Option<i64>,
        /// Clicks.
        #[serde_as(as = "IntegerText")]
        pub click_count: Option<i64>,
        /// Orders: the number to verify a pull against. It counts by the day on which an order was placed, in the
        /// vendor's zone (both inferred; UTC+8 by default).
        #[serde_as(as = "IntegerText")]
        pub order_count: Option<i64>,
    }
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
    const EMPTY_WITHOUT_LIST: bool = true;
}
