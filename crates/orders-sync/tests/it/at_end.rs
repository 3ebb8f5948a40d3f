//! Statements of somebody else in the last transaction of a run.

use orders_sync::{Outcome, Statement, pull};

use crate::bench::{fresh, options, tools};
use crate::sim::{KINDS, Sim};
use crate::tables::texts;

#[tokio::test(start_paused = true)]
async fn what_is_added_to_the_end_of_a_run_is_there_exactly_if_the_end_is() {
    let sim = Sim::new(KINDS[0], 5).filled(10, 10, 0);
    let (options, tools) = (options(KINDS[0]), tools(&sim));
    let store = fresh().await;
    store.at_end(|summary| {
        vec![Statement {
            sql: "UPDATE runs SET outcome = ?1 || outcome".to_owned(),
            values: vec![Some(format!("{} and ", summary.outcome.as_str()))],
        }]
    });
    let report = pull(&sim, &store, &options, &tools).await.unwrap();
    assert_eq!(report.summary.outcome, Outcome::Complete);
    let outcomes = "SELECT outcome FROM runs ORDER BY id";
    assert_eq!(texts(&store, outcomes), ["complete and complete"]);

    store.at_end(|_| {
        let wrong = |sql: &str| Statement {
            sql: sql.to_owned(),
            values: Vec::new(),
        };
        vec![wrong("DELETE FROM runs"), wrong("DELETE FROM nothing")]
    });
    pull(&sim, &store, &options, &tools).await.unwrap_err();
    let ended = "SELECT count(*) FROM runs WHERE outcome IS NOT NULL";
    assert_eq!(texts(&store, ended), ["1"]);
    let begun = "SELECT count(*) FROM runs WHERE outcome IS NULL";
    assert_eq!(texts(&store, begun), ["1"]);
}
