//! Every table fits a terminal of 80 columns, whatever is in it.

use orders_sandbox::{Change, Fault, FaultRule, Vendor};

use crate::support::{Ran, dated, pulling};

const LABEL: &str = "the-shop-with-a-rather-long-name";

/// What is drawn as a table, and what stands in its place.
#[track_caller]
fn assert_fits(command: &str, ran: &Ran) {
    let text = format!("{}\n{}", ran.out, ran.err);
    // The vendor's text and sentences are no table.
    let drawn = text
        .lines()
        .filter(|line| line.starts_with(['─', '═', ' ']));
    for line in drawn {
        assert!(line.chars().count() <= 80, "{command}: {line}\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_fits_80_columns_on_wide_data() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = pulling(&sandbox);
    place.write(
        "orders.toml",
        &format!(
            "[defaults]\nsince = 2026-01-01\n\
             [accounts.{LABEL}]\nvendor = \"clink\"\napi_key_env = \"CLINK_API_KEY\"\n\
             [accounts.{LABEL}-ads]\nvendor = \"linkbest\"\napp_key_env = \"LINKBEST_APP_KEY\"\napp_secret_env = \"LINKBEST_APP_SECRET\"\n\
             [accounts.{LABEL}-store]\nvendor = \"shopline\"\nhandle_env = \"SHOPLINE_HANDLE\"\naccess_token_env = \"SHOPLINE_ACCESS_TOKEN\"\n"
        ),
    );
    let ids = sandbox.truth(Vendor::Clink);
    let run = |command: &str| {
        let arguments: Vec<_> = command.split(' ').collect();
        let ran = place.run(&arguments);
        assert_fits(command, &ran);
        ran
    };
    run("pull --all --dry-run");
    assert!(run("pull --all").err.contains("complete"));
    // A gap, and a change.
    for order in ids.iter().take(3) {
        let _ = sandbox
            .change_order(Vendor::Clink, &order.id, Change::Refund)
            .await;
    }
    sandbox.set_faults(
        1,
        vec![FaultRule::new(Fault::BrokenTypes).vendor(Vendor::Clink)],
    );
    run("pull --all --full");
    assert!(run("gaps").out.contains("rows"), "there are gaps");
    run("status");
    sandbox.set_faults(1, Vec::new());
    for command in [
        "pull --all --full",
        "verify --all",
        "pull --all --dry-run",
        "list clink --format table",
        "list linkbest --since 2026-02-01 --format table",
        "list shopline --since 2026-02-01 --format table",
    ] {
        run(command);
    }
    for order in ids.iter().take(3) {
        run(&format!("history {}", order.id));
        run(&format!("history --all {}", order.id));
    }
}
