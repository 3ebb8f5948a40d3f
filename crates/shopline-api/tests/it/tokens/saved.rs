//! Tokens kept between processes.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use orders_http::testing::MemoryTransport;
use shopline_api::tokens::{AccessToken, AccessTokens, TokenStore};

use super::play::{HOUR, MINUTE, after, builder, calls, client, serve, token};
use crate::play::request;

#[derive(Clone, Debug, Default)]
struct Shelf(Arc<Mutex<Option<AccessToken>>>);

#[async_trait]
impl TokenStore for Shelf {
    async fn load(&self) -> Option<AccessToken> {
        self.0.lock().unwrap().clone()
    }

    async fn save(&self, token: &AccessToken) {
        *self.0.lock().unwrap() = Some(token.clone());
    }
}

impl Shelf {
    fn with(token: AccessToken) -> Self {
        Self(Arc::new(Mutex::new(Some(token))))
    }

    fn text(&self) -> String {
        let token = self.0.lock().unwrap();
        token.as_ref().unwrap().expose().to_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_token_is_saved_and_found_by_the_next_process() {
    let transport = MemoryTransport::new();
    serve(&transport);
    let shelf = Arc::new(Shelf::default());
    let process = || builder(&transport).store(shelf.clone());
    let first = process().code("c0de").build().unwrap();
    assert_eq!(first.token().await.unwrap().expose(), "token-1");
    assert_eq!(shelf.text(), "token-1");
    let second = process().build().unwrap();
    let found = second.token().await.unwrap();
    assert_eq!(
        (found.expose(), found.expires()),
        ("token-1", Some(after(10 * HOUR)))
    );
    assert_eq!(calls(&transport), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn two_processes_do_not_end_each_others_tokens() {
    let transport = MemoryTransport::new();
    serve(&transport);
    let shelf = Arc::new(Shelf::with(token("old", after(HOUR))));
    let process = || {
        let tokens = builder(&transport).store(shelf.clone()).build().unwrap();
        client(&transport, tokens)
    };
    let (one, two) = (process(), process());
    tokio::time::advance(55 * MINUTE).await;
    one.list_customer_orders(&request()).await.unwrap();
    two.list_customer_orders(&request()).await.unwrap();
    assert_eq!(calls(&transport), (1, 2));
    // Ended by somebody else: the one who sees it first refreshes, the other finds the new token in the store.
    let third = builder(&transport).build().unwrap();
    third.token().await.unwrap();
    tokio::time::advance(2 * MINUTE).await;
    one.list_customer_orders(&request()).await.unwrap();
    two.list_customer_orders(&request()).await.unwrap();
    assert_eq!(shelf.text(), "token-3");
    assert_eq!(calls(&transport), (3, 6));
}

#[tokio::test(start_paused = true)]
async fn an_old_token_in_the_store_serves_until_it_ends() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(orders_http::testing::response(500, &[], "")));
    let ageing = Arc::new(Shelf::with(token("old", after(5 * MINUTE))));
    let tokens = builder(&transport).store(ageing).build().unwrap();
    assert_eq!(tokens.token().await.unwrap().expose(), "old");
    let ended = Arc::new(Shelf::with(token("old", after(5 * MINUTE))));
    let tokens = builder(&transport).store(ended).build().unwrap();
    tokio::time::advance(5 * MINUTE).await;
    tokens.token().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_code_comes_before_saved_tokens() {
    let transport = MemoryTransport::new();
    serve(&transport);
    let shelf = Arc::new(Shelf::with(token("narrow", after(9 * HOUR))));
    let tokens = builder(&transport)
        .token(token("narrow", after(9 * HOUR)))
        .store(shelf.clone())
        .code("c0de")
        .build()
        .unwrap();
    assert_eq!(tokens.token().await.unwrap().expose(), "token-1");
    assert_eq!(shelf.text(), "token-1");
}
