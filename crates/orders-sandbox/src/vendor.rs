//! The three vendors.

use std::fmt;

/// One of the three vendors that the sandbox plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vendor {
    /// Clink (clinkbill.com), under `/clink/`.
    Clink,
    /// Linkbest (developers.linkbest.com), under `/linkbest/`.
    Linkbest,
    /// SHOPLINE (the `myshopline.com` platform), under `/shopline/`.
    Shopline,
}

impl Vendor {
    /// All three, in the order in which they are documented.
    pub const ALL: [Self; 3] = [Self::Clink, Self::Linkbest, Self::Shopline];

    /// The vendor's word in paths and tables: `clink`, `linkbest`, `shopline`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clink => "clink",
            Self::Linkbest => "linkbest",
            Self::Shopline => "shopline",
        }
    }

    /// Whose path this is: decided by its first part.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let first = path.trim_start_matches('/').split('/').next()?;
        Self::ALL.into_iter().find(|vendor| vendor.name() == first)
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_a_path_decides() {
        assert_eq!(Vendor::of_path("/clink/api/order"), Some(Vendor::Clink));
        assert_eq!(Vendor::of_path("/linkbest"), Some(Vendor::Linkbest));
        assert_eq!(Vendor::of_path("/clinker/api"), None);
        assert_eq!(Vendor::of_path("/"), None);
    }
}
