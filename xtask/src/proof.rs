//! `cargo xtask soak`: a deeper exploration of the reader, then the proofs of `orders-proof`, optimised, against the
//! optimised program. `cargo xtask bench`: what it costs.

use crate::workspace::{Result, cargo, execute};

/// The explorations that end within minutes with one event more than the tests have.
const DEEPER: &str = "test --release --package orders-reader --test it -- --nocapture --exact \
                      exploration::scans::counted_lists exploration::cursors::lists_by_cursor";

/// What the proofs of a soak store in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Sqlite,
    Postgres,
    /// Many accounts in Postgres, pulled by workers.
    Workers,
}

/// Explores histories of four events, builds the program with its test hooks, then runs the soak with these options.
pub(crate) fn soak(over: Over, options: &[(&str, u64)]) -> Result {
    let flag = match over {
        Over::Sqlite => "",
        Over::Postgres => " --postgres",
        Over::Workers => " --workers",
    };
    if over != Over::Workers {
        let mut deeper = cargo();
        deeper
            .args(DEEPER.split_whitespace())
            .env("ORDERS_READER_EVENTS", "4");
        execute(&mut deeper)?;
    }
    build()?;
    with("soak", flag, options)
}

/// Builds the program, then measures a pull beside a script, or workers beside one process.
pub(crate) fn bench(flag: &str, options: &[(&str, u64)]) -> Result {
    build()?;
    with("bench", flag, options)
}

/// The program with all that a proof wants of it.
fn build() -> Result {
    let build = "build --release --package orders-cli --features test-hooks,workers";
    execute(cargo().args(build.split(' ')))
}

/// Runs a program of `orders-proof`.
fn with(name: &str, flag: &str, options: &[(&str, u64)]) -> Result {
    let run = format!("run --release --package orders-proof --bin {name} --{flag}");
    let options = options
        .iter()
        .flat_map(|(name, value)| [(*name).to_owned(), value.to_string()]);
    execute(cargo().args(run.split(' ')).args(options))
}
