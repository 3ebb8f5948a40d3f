//! How the orders of an account are reached.

use orders_core::{Capabilities, TimeAxis};
use serde::{Deserialize, Serialize};

use crate::error::SyncError;
use crate::options::Options;

/// How the orders of an account are reached. A saved state is bound to one strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Strategy {
    /// By windows on a time axis.
    Windows(TimeAxis),
    /// By full scans of one list.
    Scan,
    /// Partition by partition.
    Partitions,
}

impl Strategy {
    /// The strategy for a source.
    ///
    /// # Errors
    /// `Options` where the vendor cannot do what the options say.
    pub(crate) fn choose(
        capabilities: &Capabilities,
        options: &Options,
    ) -> Result<Self, SyncError> {
        if !options.partitions.is_empty() {
            if !capabilities.takes_partitions {
                return Err(SyncError::options(
                    "this vendor has no filter by customer",
                    "leave the customers out",
                ));
            }
            return Ok(Self::Partitions);
        }
        if capabilities.needs_partitions {
            return Err(SyncError::options(
                "this vendor lists orders customer by customer, and no customers are named",
                "name the customers, or a file with their ids",
            ));
        }
        let axes = &capabilities.axes;
        let axis = match options.axis {
            Some(axis) if axes.contains(&axis) => axis,
            Some(_) => {
                return Err(SyncError::options(
                    "this vendor does not filter by that time",
                    "leave the time axis out",
                ));
            }
            None if axes.is_empty() => return Ok(Self::Scan),
            None if axes.contains(&TimeAxis::Updated) => TimeAxis::Updated,
            None => axes[0],
        };
        Ok(Self::Windows(axis))
    }

    /// The strategy in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Windows(TimeAxis::Created) => "creation time",
            Self::Windows(TimeAxis::Updated) => "update time",
            Self::Windows(_) => "another time",
            Self::Scan => "full scans",
            Self::Partitions => "partitions",
        }
    }
}
