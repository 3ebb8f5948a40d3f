//! The reader's own errors. A driver adds which vendor and endpoint they are about.

use orders_core::{Error, ErrorKind};

pub(crate) fn stalled(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Stalled, message).with_hint(
        "stopped here so as not to loop; what was read before is complete up to this page: run it again",
    )
}

pub(crate) fn incomplete(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Incomplete, message)
}
