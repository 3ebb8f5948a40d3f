//! A reader that follows the changes of an account loses none, whoever writes at once.

use super::{account, order, put};
use crate::bench::Place;

#[tokio::test]
async fn changes_become_visible_in_their_order_without_gaps() {
    const EACH: u64 = 60;
    let Some(place) = Place::postgres() else {
        return;
    };
    let owner = place.open().await;
    owner.lock(&account()).await.unwrap();
    let mut writers = vec![tokio::spawn(async move {
        for version in 0..EACH {
            put(
                &owner,
                vec![order("mine", version), order("both", version * 2)],
            )
            .await
            .unwrap();
        }
    })];
    // Others that write without the account's lock, as what receives pushes does.
    for name in ["a", "b"] {
        let other = place.open().await;
        writers.push(tokio::spawn(async move {
            for version in 0..EACH {
                let both = order("both", version * 2 + 1);
                put(&other, vec![order(name, version), both]).await.unwrap();
            }
        }));
    }
    let (client, connection) = tokio_postgres::connect(place.address(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let follow = "SELECT seq, what FROM orders.history WHERE provider = 'sim' AND account = 'main' AND seq > $1
                  ORDER BY seq LIMIT 7";
    let (mut seen, mut answers) = (0_i64, 0);
    loop {
        let ended = writers.iter().all(|writer| writer.is_finished());
        let rows = client.query(follow, &[&seen]).await.unwrap();
        for row in &rows {
            let seq: i64 = row.get(0);
            assert_eq!(seq, seen + 1, "after {answers} answers");
            seen = seq;
        }
        answers += 1;
        if ended && rows.is_empty() {
            break;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let store = place.open_read_only().await;
    let mut history = 0;
    for id in ["mine", "both", "a", "b"] {
        history += store.history(&account(), id).await.unwrap().len();
    }
    assert_eq!(i64::try_from(history).unwrap(), seen);
    assert!(history as u64 >= 3 * EACH, "{history}");
}
