//! Linkbest's request signature, in its likeliest form.
//!
//! Documented: the text `/APP_KEY/SERVICE` directly followed by the JSON body. Inferred from the twin platform: the
//! secret on both sides, plain MD5, upper-case hex, over the bytes of the body as received.

/// The signature that a request must carry.
pub(super) fn expected(app_key: &str, secret: &str, service: &str, body: &[u8]) -> String {
    let mut text = format!("{secret}/{app_key}/{service}").into_bytes();
    text.extend_from_slice(body);
    text.extend_from_slice(secret.as_bytes());
    format!("{:X}", md5::compute(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Our own vectors, computed elsewhere; the vendor publishes none.
    #[test]
    fn agrees_with_the_vectors() {
        let sign =
            |service, body: &str| expected("testkey", "testsecret", service, body.as_bytes());
        assert_eq!(
            sign(
                "linkbest.service.links.post",
                r#"{"Timestamp":"1692696195","Url":"https://www.example.com","WebsiteId":"1026"}"#
            ),
            "107AD252939F36CC6E628B979DBAC932"
        );
        assert_eq!(
            sign(
                "linkbest.open-service.orders.query.get",
                r#"{"Etime":"1692720000","OrderField":"UpdateTime","Page":"1","PageSize":"200","Stime":"1692633600","Timestamp":"1692696195"}"#
            ),
            "09E086142D8150E418B2AC73BEFC4EAE"
        );
    }
}
