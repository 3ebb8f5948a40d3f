//! The common vocabulary for orders pulled from different vendors: exact money, statuses, order sources, slices and pages.
