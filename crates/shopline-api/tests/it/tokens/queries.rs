//! Signed queries: genuine ones in each form, and every way to be refused.

use std::time::Duration;

use chrono::{DateTime, Utc};
use orders_wire::webhook::{Tolerance, WebhookErrorKind};
use shopline_api::tokens::{QueryVerifier, sign_query};

const SECRET: &str = "app-secret-0123456789";

// Signed by another implementation (Python's hmac).
const INSTALL: &str = "appkey=k-1&handle=tea-house&timestamp=1760000000123\
    &sign=c269511deb097e4f175c197eae6965420347b534cca927ae577bcc9a72c0d923";
const VALUES: &str = "appkey=k-1&code=ab%2Fcd%2Bef%3D%3D&customField=next%20%2Fa%3Fb%2Cc&handle=tea-house&lang=en\
    &timestamp=1760000000123";
const OF_ENCODED: &str = "31808bd7d5499f71d8b2f71557f800f5c1dcf7231f613b0c7c54cba1f0b4e2e6";
const OF_PLAIN: &str = "fe073d906cedbf72a1b374e03feb5cee51a1811a5495ada5bb19e4d0cced7b21";

fn verifier() -> QueryVerifier {
    QueryVerifier::new("k-1", SECRET)
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_060, 0).unwrap()
}

fn kind(query: &str) -> WebhookErrorKind {
    verifier().callback(query, now()).unwrap_err().kind()
}

#[test]
fn an_installation_is_verified() {
    let install = verifier().install(INSTALL, now()).unwrap();
    assert_eq!(install.handle, "tea-house");
    assert_eq!(install.timestamp.timestamp_millis(), 1_760_000_000_123);
    assert_eq!((install.code, install.lang), (None, None));
    assert_eq!(kind(INSTALL), WebhookErrorKind::Missing);
}

#[test]
fn a_callback_is_verified_in_every_form_of_its_values() {
    let spaced = VALUES
        .replace("%20", "+")
        .replace("%2C", ",")
        .replace("%2F", "%2f");
    for query in [
        format!("{VALUES}&sign={OF_ENCODED}"),
        format!("{VALUES}&sign={OF_PLAIN}"),
        format!("{VALUES}&sign={}", OF_ENCODED.to_uppercase()),
        // Rewritten on the way, in another order, with an empty piece.
        format!("sign={OF_ENCODED}&&{spaced}"),
        format!("lang=en&sign={OF_PLAIN}&{}", spaced.replace("&lang=en", "")),
    ] {
        let callback = verifier().callback(&query, now()).unwrap();
        assert_eq!(callback.code.unwrap().expose(), "ab/cd+ef==");
        assert_eq!(callback.custom_field.as_deref(), Some("next /a?b,c"));
        assert_eq!(callback.lang.as_deref(), Some("en"));
        assert_eq!(callback.handle, "tea-house");
    }
}

#[test]
fn a_query_signed_as_it_stands_is_verified() {
    // `%2f` in lower case is signed as it was sent.
    let sent = "appkey=k-1&code=a%2fb&handle=tea-house&timestamp=1760000000123";
    let mac = hmac(sent);
    let query = format!("{sent}&sign={mac}");
    assert!(verifier().callback(&query, now()).is_ok());
}

fn hmac(text: &str) -> String {
    // A body without a timestamp is the plain HMAC.
    shopline_api::tokens::sign_body(SECRET, text.as_bytes(), "")
}

#[test]
fn what_is_tampered_with_is_refused() {
    let genuine = format!("{VALUES}&sign={OF_ENCODED}");
    let signed = |from: &str, to: &str| genuine.replacen(from, to, 1);
    for query in [
        signed("tea-house", "tea-hous"),
        signed("code=ab", "code=ac"),
        signed("lang=en", "lang=fr"),
        signed("&lang=en", ""),
        signed("timestamp=1760000000123", "timestamp=1760000000124"),
        format!("{genuine}&shop=1"),
        signed(OF_ENCODED, &OF_PLAIN.replace('f', "e")),
    ] {
        assert_eq!(kind(&query), WebhookErrorKind::Signature, "{query}");
    }
    let other_secret = QueryVerifier::new("k-1", "another");
    let other_app = QueryVerifier::new("k-2", SECRET);
    for verifier in [other_secret, other_app] {
        let error = verifier.callback(&genuine, now()).unwrap_err();
        assert_eq!(error.kind(), WebhookErrorKind::Signature);
    }
}

#[test]
fn what_is_missing_twice_or_malformed_is_refused() {
    let genuine = format!("{VALUES}&sign={OF_ENCODED}");
    let changed = |from: &str, to: &str| genuine.replacen(from, to, 1);
    for (query, expected) in [
        (VALUES.to_owned(), WebhookErrorKind::Missing),
        (String::new(), WebhookErrorKind::Missing),
        (changed("appkey=k-1&", ""), WebhookErrorKind::Missing),
        (
            changed("handle=tea-house", "handle="),
            WebhookErrorKind::Missing,
        ),
        (
            changed("timestamp=1760000000123", "timestamp"),
            WebhookErrorKind::Missing,
        ),
        (format!("{genuine}&lang=en"), WebhookErrorKind::Duplicate),
        (
            format!("{genuine}&sign={OF_ENCODED}"),
            WebhookErrorKind::Duplicate,
        ),
        (
            format!("{genuine}&han%64le=evil"),
            WebhookErrorKind::Duplicate,
        ),
        (changed(OF_ENCODED, "abc"), WebhookErrorKind::Malformed),
        (
            changed("1760000000123", "yesterday"),
            WebhookErrorKind::Malformed,
        ),
        (
            changed("1760000000123", "%2B1760000000123"),
            WebhookErrorKind::Malformed,
        ),
        (
            changed("1760000000123", "99999999999999999999"),
            WebhookErrorKind::Malformed,
        ),
        (changed("lang=en", "lang=%ff"), WebhookErrorKind::Malformed),
        (
            format!("{genuine}&x={}", "x".repeat(20_000)),
            WebhookErrorKind::TooLarge,
        ),
    ] {
        assert_eq!(kind(&query), expected, "{query}");
    }
    let error = QueryVerifier::new("k-1", "")
        .install(INSTALL, now())
        .unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::Config);
}

#[test]
fn an_old_query_is_refused_unless_that_is_off() {
    let at = |seconds: i64| DateTime::from_timestamp(1_760_000_000 + seconds, 123_000_000).unwrap();
    for (seconds, fresh) in [(600, true), (601, false), (-600, true), (-601, false)] {
        let verified = verifier().install(INSTALL, at(seconds));
        assert_eq!(verified.is_ok(), fresh, "{seconds}");
        if let Err(error) = verified {
            assert_eq!(error.kind(), WebhookErrorKind::Stale);
        }
    }
    let off = verifier().tolerance(Tolerance::Off);
    assert!(off.install(INSTALL, at(1_000_000)).is_ok());
    let minute = verifier().tolerance(Tolerance::Within(Duration::from_secs(60)));
    assert!(minute.install(INSTALL, at(61)).is_err());
}

#[test]
fn a_value_cannot_pass_for_other_parameters() {
    // Genuine: customField is `x&handle=evil&i=`. The decoded text reads the same with these parameters:
    let sign = "34ce261c62a7322745c94d23fbd0075c7d2cfe91f40e70eecad9870541bf830c";
    let forged = format!(
        "appkey=k-1&code=c&customField=x&handle=evil&i=%26handle%3Dtea-house&timestamp=1760000000123&sign={sign}"
    );
    assert_eq!(kind(&forged), WebhookErrorKind::Signature);
    let genuine = [
        ("appkey", "k-1"),
        ("code", "c"),
        ("customField", "x&handle=evil&i="),
        ("handle", "tea-house"),
        ("timestamp", "1760000000123"),
    ];
    let callback = verifier()
        .callback(&sign_query(SECRET, &genuine), now())
        .unwrap();
    assert_eq!(callback.handle, "tea-house");
    assert_eq!(callback.custom_field.as_deref(), Some("x&handle=evil&i="));
}

#[test]
fn neither_secret_nor_code_nor_signature_shows() {
    let genuine = format!("{VALUES}&sign={OF_ENCODED}");
    let callback = verifier().callback(&genuine, now()).unwrap();
    let error = verifier().callback(&genuine.replace("lang=en", "lang=fr"), now());
    let shown = format!("{:?} {callback:?} {error:?}", verifier());
    for secret in [SECRET, "ab/cd", OF_ENCODED] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
