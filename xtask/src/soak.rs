//! `cargo xtask soak`: the proofs of `orders-proof`, optimised, against the optimised program.

use crate::workspace::{Result, cargo};

/// Builds the program with its test hooks, then runs the soak with these options.
pub(crate) fn run(options: &[(&str, u64)]) -> Result {
    let build = "build --release --package orders-cli --features test-hooks";
    execute(&mut build.split(' ').map(str::to_owned))?;
    let soak = "run --release --package orders-proof --bin soak --";
    let options = options
        .iter()
        .flat_map(|(name, value)| [(*name).to_owned(), value.to_string()]);
    execute(&mut soak.split(' ').map(str::to_owned).chain(options))
}

fn execute(arguments: &mut dyn Iterator<Item = String>) -> Result {
    let status = cargo()
        .args(arguments)
        .status()
        .map_err(|why| format!("cannot run cargo: {why}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the soak ended with {status}"))
    }
}
