//! The time axes on the command line.

use clap::ValueEnum;
use orders_core::TimeAxis;

/// The time axes, by their names on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Axis {
    /// When the order was placed
    Created,
    /// When the vendor last changed it
    Updated,
    /// When its commission was settled
    Settled,
}

impl From<Axis> for TimeAxis {
    fn from(axis: Axis) -> Self {
        match axis {
            Axis::Created => Self::Created,
            Axis::Updated => Self::Updated,
            Axis::Settled => Self::Settled,
        }
    }
}
