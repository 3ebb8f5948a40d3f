//! The names of a token call's outcomes, and what they mean.

use orders_core::ErrorKind;

orders_wire::open_enum! {
    /// The outcome of a token call (`i18nCode`). The failures are named by third parties, in no page of the vendor.
    pub enum TokenCode {
        /// A token was given.
        Success = "SUCCESS",
        /// The code is wrong, used or older than ten minutes.
        OauthCodeInvalid = "OAUTH_CODE_INVALID",
        /// Too many token calls.
        RequestFrequently = "REQUEST_FREQUENTLY",
        /// The store has not installed the app.
        StoreNotInstallApp = "STORE_NOT_INSTALL_APP",
        /// The app is not approved.
        AppAuditNotPass = "APP_AUDIT_NOT_PASS",
        /// The address that the call came from is not on the app's list.
        RequestNotInAppIpWhitelist = "REQUEST_NOT_IN_APP_IP_WHITELIST",
        /// SHOPLINE could not make a token.
        TokenCreateException = "TOKEN_CREATE_EXCEPTION",
        /// Something is wrong with the store.
        StoreInformationError = "STORE_INFORMATION_ERROR",
    }
}

/// What a failed token call means, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TokenCodeMeaning {
    /// The kind of the error that it becomes.
    pub kind: ErrorKind,
    /// What to do next.
    pub hint: &'static str,
    /// Whether the same call may succeed later: only after `REQUEST_FREQUENTLY`.
    pub retryable: bool,
}

impl TokenCode {
    /// What the failure means (inferred from its name); `None` for success and for a name that is not known.
    #[must_use]
    pub fn meaning(&self) -> Option<TokenCodeMeaning> {
        let (kind, hint) = match self {
            Self::OauthCodeInvalid => (
                ErrorKind::Auth,
                "the code is wrong, used or older than ten minutes: let the merchant authorise the app again",
            ),
            Self::RequestFrequently => (
                ErrorKind::RateLimit,
                "too many token calls: let one process refresh, and share its token through a TokenStore",
            ),
            Self::StoreNotInstallApp => (
                ErrorKind::Permission,
                "the store has not installed the app: let the merchant install and authorise it, and check the handle",
            ),
            Self::AppAuditNotPass => (
                ErrorKind::Permission,
                "SHOPLINE has not approved the app: see its state in the partner portal",
            ),
            Self::RequestNotInAppIpWhitelist => (
                ErrorKind::Permission,
                "add the address of this machine to the app's list in the partner portal",
            ),
            Self::TokenCreateException => (
                ErrorKind::Server,
                "SHOPLINE could not make a token: if it stays, ask SHOPLINE with the trace id",
            ),
            Self::StoreInformationError => (
                ErrorKind::InvalidRequest,
                "check the handle, and that the store is open",
            ),
            Self::Success | Self::Unknown(_) => return None,
        };
        Some(TokenCodeMeaning {
            kind,
            hint,
            retryable: *self == Self::RequestFrequently,
        })
    }
}
