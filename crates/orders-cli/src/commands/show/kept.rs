//! A stored order, and how this version reads its text.

use orders_core::{Error, ErrorKind, Order};
use orders_sync::StoredOrder;

use crate::args::Which;
use crate::config;
use crate::vendor::Vendor;

/// A stored order, and how this version reads its text.
pub(super) struct Kept {
    pub(super) order: Order,
    pub(super) stored: StoredOrder,
}

impl Kept {
    /// # Errors
    /// `Decode` if this version cannot read the text: `--raw` still prints it.
    pub(super) fn of(stored: StoredOrder, which: &Which) -> Result<Self, Error> {
        let StoredOrder { account, id, .. } = &stored;
        let config = which.files.config.as_deref();
        let vendor = Vendor::named(&account.provider);
        let vendor = vendor.ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                format!("{} is no known vendor", account.provider),
            )
        })?;
        let zone = config::time_zone(config, account)?;
        let read = vendor.read(&stored.raw, &account.label, zone);
        let mut order = read.map_err(|error| error.with_hint("show its text with --raw"))?;
        order.id.clone_from(id);
        for adjustment in &stored.adjustments {
            order.adjust(adjustment.clone());
        }
        Ok(Self { order, stored })
    }
}
