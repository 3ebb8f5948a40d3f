use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const SECRET_KEYS: [&str; 14] = [
    "token",
    "access_token",
    "checkoutToken",
    "client-secret",
    "password",
    "sign",
    "Sign",
    "appkey",
    "api_key",
    "Authorization",
    "Set-Cookie",
    "session_id",
    "clink-signature",
    "credential",
];

const PERSONAL_KEYS: [&str; 14] = [
    "email",
    "customerEmail",
    "phone",
    "receiver_phone",
    "first_name",
    "last_name",
    "name",
    "address1",
    "address2",
    "zip",
    "browser_ip",
    "city",
    "company",
    "birthday",
];

/// Ways in which a value stands after a key. `KEY` and `VALUE` are replaced.
const SHAPES: [&str; 20] = [
    r#"{"code":1,"KEY":"VALUE","msg":"wrong"}"#,
    "{\n  \"KEY\" : \"VALUE\",\n  \"msg\": 1\n}",
    r#"{"data":"{\"KEY\":\"VALUE\",\"b\":1}"}"#,
    r#"{"data":"{\"d\":\"{\\\"KEY\\\":\\\"VALUE\\\"}\"}"}"#,
    r#"{"KEY":"before \"VALUE\" after"}"#,
    r#"{"KEY":"VALUE\\","b":"c"}"#,
    r#"{"KEY":["VALUE","VALUE"],"b":1}"#,
    r#"{"KEY":{"a":"}","b":{"c":"VALUE"}},"d":1}"#,
    r#"{"KEY":VALUE,"b":1}"#,
    r#"{KEY:"VALUE"}"#,
    "{'KEY': 'VALUE'}",
    "a=b&KEY=VALUE&c=d",
    "https://api.example/path?a=1&KEY=VALUE#top",
    "redirect%3Fa%3D1%26KEY%3DVALUE%26b%3D2",
    "%7B%22KEY%22%3A%22VALUE%22%7D",
    "user[KEY]=VALUE",
    "KEY: VALUE\r\nnext: line",
    "KEY = VALUE",
    "<a><KEY>VALUE</KEY></a>",
    "KEY=\"VALUE VALUE\" other",
];

fn shaped(shape: &str, key: &str, value: &str) -> String {
    shape.replace("KEY", key).replace("VALUE", value)
}

#[test]
fn no_value_of_a_telling_key_is_shown_in_any_shape() {
    for shape in SHAPES {
        for key in SECRET_KEYS.iter().chain(&PERSONAL_KEYS) {
            let text = shaped(shape, key, "hunter2");
            let shown = excerpt(text.as_bytes(), 400);
            assert!(!shown.contains("hunter2"), "{text}\n{shown}");
            assert!(shown.contains(MASK), "{text}\n{shown}");
        }
    }
}

#[test]
fn what_an_operator_needs_stays_readable() {
    let body = r#"{"code":401,"msg":"timestamp expired","data":null,"traceId":"6a982bcb0000000054014d1de75b6719","order":"24050612345678901234567890","total":"19.90","token":null,"email":""}"#;
    assert_eq!(excerpt(body.as_bytes(), 400), body);
    let prose = "Too many request, try the orders endpoint again at 2026-01-02T03:04:05+08:00";
    assert_eq!(excerpt(prose.as_bytes(), 400), prose);
}

#[test]
fn after_a_masked_value_the_text_goes_on() {
    let table = [
        (r#"{"token":"abc","code":1}"#, r#"{"token":"***","code":1}"#),
        (
            r#"{"phone":13800000000,"code":1}"#,
            r#"{"phone":***,"code":1}"#,
        ),
        (
            r#"{"address":{"a":[1]},"code":1}"#,
            r#"{"address":***,"code":1}"#,
        ),
        ("?sign=abc&page=2", "?sign=***&page=2"),
        (
            r#"{"m":"bad token: abc","code":1}"#,
            r#"{"m":"bad token: ***","code":1}"#,
        ),
        (
            r#"{"d":"{\"key\":\"abc\",\"n\":1}"}"#,
            r#"{"d":"{\"key\":\"***\",\"n\":1}"}"#,
        ),
        ("<email>a@b.c</email><n>1</n>", "<email>***</email><n>1</n>"),
    ];
    for (text, shown) in table {
        assert_eq!(excerpt(text.as_bytes(), 400), shown);
    }
}

#[test]
fn what_looks_like_a_secret_is_masked_under_any_key() {
    let table = [
        ("no user jane.doe+shop@example.com here", "no user *** here"),
        ("no user jane%40example.com here", "no user *** here"),
        (r#"{"v":"jane\u0040example.com"}"#, r#"{"v":"***"}"#),
        ("call +49 (170) 123-4567, please", "call ***, please"),
        (
            "got Bearer abc.def-ghi/jkl== from you",
            "got Bearer *** from you",
        ),
        ("got basic dXNlcjpwYXNz from you", "got basic *** from you"),
        ("got eyJhbGciOi.eyJzdWIi.c2ln from you", "got *** from you"),
        ("key 'abcd1234' is revoked", "key '***' is revoked"),
        ("value sk_live_12345 is wrong", "value *** is wrong"),
        (
            "x=0123456789abcdef0123456789abcdef0123456789abcdef",
            "x=***",
        ),
    ];
    for (text, shown) in table {
        assert_eq!(excerpt(text.as_bytes(), 400), shown);
    }
    assert_eq!(
        excerpt(b"Bearer token is missing", 400),
        "Bearer token is missing"
    );
}

#[test]
fn credentials_fill_their_header_line() {
    let shown = excerpt(
        b"Authorization: Digest user=\"u\", response=\"r\"\r\nvia: x",
        400,
    );
    assert_eq!(shown, "Authorization: ***\\r\\nvia: x");
    let shown = excerpt(b"Cookie: a=b; c=d\nvia: x", 400);
    assert_eq!(shown, "Cookie: ***\\nvia: x");
}

#[test]
fn the_result_is_one_bounded_line() {
    assert_eq!(excerpt(b"", 10), "");
    assert_eq!(excerpt(b"a\nb\x1b[31m\xff", 20), "a\\nb\\u{1b}[31m\u{fffd}");
    assert_eq!(excerpt("\u{202e}x".as_bytes(), 20), "\\u{202e}x");
    assert_eq!(excerpt(&[b' '; 1000], 3), "   … (1000 bytes)");
    assert_eq!(excerpt("äöü".as_bytes(), 2), "äö… (6 bytes)");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        rng_seed: RngSeed::Fixed(20_260_301),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// The values use letters that nothing else does, so that not even one character of them may show, wherever the
    /// text is cut and however much of it is asked for.
    #[test]
    fn not_a_letter_of_a_value_is_shown(
        shape in prop::sample::select(&SHAPES[..]),
        key in prop::sample::select([SECRET_KEYS, PERSONAL_KEYS].concat()),
        value in "[QXZ][QXZ0-9]{0,60}",
        before in "[a-e \\[{,:\"\\\\\n]{0,40}",
        after in "[a-e ,:\"}\n]{0,40}",
        cut in 0_usize..400,
        max in 0_usize..120,
    ) {
        // A word that runs into the key would be another key.
        let text = format!("{before} {}{after}", shaped(shape, key, &value));
        let cut = cut.min(text.len());
        let shown = excerpt(&text.as_bytes()[..cut], max);
        prop_assert!(!shown.contains(['Q', 'X', 'Z']), "{}\n{}", text, shown);
    }

    #[test]
    fn not_a_letter_of_an_address_or_credential_is_shown(
        text in prop::sample::select(vec![
            "mail to VALUE@example.com, then", "mail to some.VALUE%40example.com", r#"["VALUE@example.com"]"#,
            "Bearer VALUE", r#"{"a":"bearer VALUE"}"#, "got eyJhbGciOiJVALUE.VALUE.VALUE",
            "use sk_live_VALUE now", "invalid token VALUE1234567",
        ]),
        value in "[QXZ]{1,60}",
        max in 0_usize..120,
    ) {
        let shown = excerpt(text.replace("VALUE", &value).as_bytes(), max);
        prop_assert!(!shown.contains(['Q', 'X', 'Z']), "{}", shown);
    }

    #[test]
    fn any_bytes_give_one_bounded_line(
        body in prop::collection::vec(any::<u8>(), 0..600),
        max in 0_usize..200,
    ) {
        let shown = excerpt(&body, max);
        prop_assert!(!shown.contains(char::is_control));
        prop_assert!(shown.chars().count() <= max + "… (600 bytes)".chars().count());
    }

    #[test]
    fn any_text_of_marks_is_read_without_a_fall(text in "[tokenmail@:=%<>{}\\[\\]\"'\\\\ 0-9&+äß\u{fffd}]{0,200}") {
        let _ = excerpt(text.as_bytes(), 100);
    }
}

#[test]
fn card_numbers_are_masked_in_groups_or_not_and_other_numbers_are_not() {
    for (text, shown) in [
        ("card 4111111111111111 is declined", "card *** is declined"),
        ("4111 1111 1111 1111, 12/30", "***, 12/30"),
        ("no 5500-0000-0000-0004.", "no ***."),
        ("{\"pan\":\"378282246310005\"}", "{\"pan\":\"***\"}"),
        ("3 of 4111 1111 1111 1111 12", "3 of *** 12"),
        // A digit is wrong; a time; an order; longer than a card; a part of something.
        ("4111111111111112", "4111111111111112"),
        ("1772323200000 1772323200008", "1772323200000 1772323200008"),
        ("21056210561111111111111", "21056210561111111111111"),
        ("4111111111111111_x", "4111111111111111_x"),
    ] {
        assert_eq!(excerpt(text.as_bytes(), 200), shown);
    }
}
