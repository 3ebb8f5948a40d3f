//! SHOPLINE's tokens: from a code to calls, and a refresh when the token ended.

use orders_core::ErrorKind;
use orders_sandbox::{Sandbox, TruthOrder, Vendor};
use shopline_api::orders::CountOrders;
use shopline_api::tokens::{AccessToken, AccessTokens, RefreshingToken, RefreshingTokenBuilder};
use shopline_api::{Client, ListOrders};

use super::{sandbox, value};

fn provider(sandbox: &Sandbox) -> RefreshingTokenBuilder {
    RefreshingToken::builder(
        sandbox.shopline_handle(),
        sandbox.shopline_app_key(),
        sandbox.shopline_app_secret().to_owned(),
    )
    .base_url(sandbox.shopline_base_url())
}

fn client(sandbox: &Sandbox, tokens: &RefreshingToken) -> Client {
    let builder = Client::builder_with(sandbox.shopline_handle(), tokens.clone());
    builder
        .base_url(sandbox.shopline_base_url())
        .build()
        .unwrap()
}

/// How often tokens were created and refreshed.
fn calls(sandbox: &Sandbox) -> (usize, usize) {
    let requests = sandbox.requests();
    let count = |end: &str| requests.iter().filter(|r| r.path.ends_with(end)).count();
    (count("/oauth/token/create"), count("/oauth/token/refresh"))
}

#[tokio::test]
async fn a_code_becomes_a_token_and_an_ended_token_one_refresh() {
    let sandbox = sandbox(25).await;
    // What is archived is counted apart.
    let truth = sandbox.truth(Vendor::Shopline);
    let listed = |order: &&TruthOrder| value(&order.json)["hidden_order"] != true;
    let truth = truth.iter().filter(listed).count() as u64;
    assert!(truth > 10);
    let tokens = provider(&sandbox).code(sandbox.shopline_code()).build();
    let tokens = tokens.unwrap();
    let store = client(&sandbox, &tokens);
    assert_eq!(
        calls(&sandbox),
        (0, 0),
        "nothing is sent before it is needed"
    );
    let counted = store.count_orders(&CountOrders::new()).await.unwrap();
    assert_eq!((counted, calls(&sandbox)), (truth, (1, 0)));
    let page = store
        .list_orders(&ListOrders::new().limit(5))
        .await
        .unwrap();
    assert_eq!((page.records.len(), calls(&sandbox)), (5, (1, 0)));

    // A token just made that is refused is not refused for its age: the refusal stands.
    sandbox.expire_shopline_tokens();
    let error = store.count_orders(&CountOrders::new()).await.unwrap_err();
    assert_eq!((error.kind(), calls(&sandbox)), (ErrorKind::Auth, (1, 0)));

    // The same token after a restart: one refresh, however many wait for it, and no call is lost.
    let saved: AccessToken = tokens.token().await.unwrap();
    let tokens = provider(&sandbox).token(saved).build().unwrap();
    let store = client(&sandbox, &tokens);
    let (request, count) = (ListOrders::new().limit(5), CountOrders::new());
    let (page, counted, again) = tokio::join!(
        store.list_orders(&request),
        store.count_orders(&count),
        store.count_orders(&count),
    );
    assert_eq!(page.unwrap().records.len(), 5);
    assert_eq!((counted.unwrap(), again.unwrap()), (truth, truth));
    assert_eq!(calls(&sandbox), (1, 1));
}

#[tokio::test]
async fn a_token_near_its_end_is_refreshed_before_it_is_refused() {
    let sandbox = sandbox(4).await;
    let first = provider(&sandbox).code(sandbox.shopline_code()).build();
    let token = first.unwrap().token().await.unwrap();
    let end = token.expires().unwrap();
    assert!(end.to_utc() > chrono::Utc::now() + chrono::TimeDelta::hours(9));
    // With a margin of eleven hours, ten hours are too few.
    let margin = std::time::Duration::from_secs(11 * 3600);
    let tokens = provider(&sandbox).token(token).margin(margin).build();
    let store = client(&sandbox, &tokens.unwrap());
    for _ in 0..3 {
        store.count_orders(&CountOrders::new()).await.unwrap();
    }
    assert_eq!(calls(&sandbox), (1, 1));
    let refused = sandbox.requests().iter().any(|r| r.status == 401);
    assert!(!refused);
}

#[tokio::test]
async fn a_code_works_once_and_a_wrong_secret_never() {
    let sandbox = sandbox(2).await;
    let code = sandbox.shopline_code();
    let first = provider(&sandbox).code(code.clone()).build().unwrap();
    first.token().await.unwrap();
    let second = provider(&sandbox).code(code).build().unwrap();
    let error = second.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    let (handle, key) = (sandbox.shopline_handle(), sandbox.shopline_app_key());
    let wrong = RefreshingToken::builder(handle, key, "hush".to_owned())
        .base_url(sandbox.shopline_base_url())
        .build();
    let error = wrong.unwrap().token().await.unwrap_err();
    assert!(!format!("{error:?}").contains("hush"));
    assert_eq!(error.kind(), ErrorKind::Auth, "{error:?}");
}
