//! `cargo xtask fuzz`: every reader of `orders-proof`, each for some time, guided by what its inputs reach.
//!
//! libFuzzer with the stable compiler: its instruments are a pass of LLVM, switched on by flags.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::thread;

use crate::workspace::{Result, cargo, command, execute, root};

/// The instruments: which branches are taken, how often, and what is compared with what. Readers are small enough for one
/// unit each.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 -Cdebuginfo=1 -Cdebug-assertions \
                     -Coverflow-checks \
                     -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares";

/// No answer of a vendor may take more: seconds, and MiB of the whole process.
const BOUNDS: &str = "-timeout=10 -rss_limit_mb=1024 -max_len=16384 -use_value_profile=1 -verbosity=0 -print_final_stats=1";

/// A reader that is wrong on purpose: where it is not found out, nothing else would be either.
const PLANTED: &str = "planted";

/// Fuzzes the readers whose name holds `only`, several at once, each for so many seconds.
pub(crate) fn run(only: &str, seconds: u64) -> Result<String> {
    let program = build()?;
    let folder = root().join("target/fuzz-found");
    let readers = seeds(&program, &folder)?;
    // It is found by guidance, not remembered.
    drop(fs::remove_dir_all(folder.join(PLANTED)));
    if fuzz(&program, &folder, PLANTED, seconds).is_ok() {
        return Err(format!("{PLANTED}: not found in {seconds} s"));
    }
    let asked = |name: &&String| name.contains(only) && *name != PLANTED;
    let readers: Vec<_> = readers.iter().filter(asked).collect();
    let (left, failed) = (Mutex::new(readers.iter()), Mutex::new(Vec::new()));
    let next = || left.lock().ok().and_then(|mut left| left.next().copied());
    let one_by_one = || {
        while let Some(name) = next() {
            match fuzz(&program, &folder, name, seconds) {
                Ok(runs) => println!("{name}: {runs} inputs"),
                Err(why) => {
                    println!("{name}: {why}");
                    failed.lock().into_iter().for_each(|mut all| all.push(name));
                }
            }
        }
    };
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..at_once).for_each(|_| drop(scope.spawn(one_by_one))));
    let failed = failed.into_inner().map_err(|why| why.to_string())?;
    match (readers.len(), &failed[..]) {
        (0, _) => Err(format!("no reader has `{only}` in its name")),
        (count, []) => Ok(format!("{count} readers, {seconds} s each")),
        (_, failed) => Err(format!(
            "{failed:?}: the inputs are in {}",
            folder.display()
        )),
    }
}

fn build() -> Result<PathBuf> {
    let host = host()?;
    let build = "build --release --package orders-proof --bin fuzz --features fuzz --target-dir target/fuzz --target";
    let mut cargo = cargo();
    cargo
        .args(build.split(' '))
        .arg(&host)
        .env("RUSTFLAGS", FLAGS);
    execute(&mut cargo)?;
    Ok(root().join("target/fuzz").join(host).join("release/fuzz"))
}

/// With a target named, what runs at build time has no instruments.
fn host() -> Result<String> {
    let output = command("rustc -vV")
        .output()
        .map_err(|why| why.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc names no host".to_owned())
}

/// Writes what each run begins with, and answers the names of the readers.
fn seeds(program: &Path, folder: &Path) -> Result<Vec<String>> {
    let mut command = std::process::Command::new(program);
    command
        .env("ORDERS_FUZZ_FOLDER", folder)
        .stdout(Stdio::piped());
    let output = command.output().map_err(|why| why.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Answers how many inputs a reader got. What is found stays in the folder of its name, and is where the next run begins.
fn fuzz(program: &Path, folder: &Path, name: &str, seconds: u64) -> Result<String> {
    let found = folder.join(name.replace(' ', "-"));
    fs::create_dir_all(&found).map_err(|why| format!("{}: {why}", found.display()))?;
    let mut command = std::process::Command::new(program);
    command
        .current_dir(folder)
        .args(BOUNDS.split(' '))
        .args(["-dict=names.dict", &format!("-max_total_time={seconds}")])
        .arg(format!("-artifact_prefix={}-", found.display()))
        .arg(&found)
        .arg("seeds")
        .env("ORDERS_FUZZ_READER", name);
    let output = command.output().map_err(|why| why.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.success() {
        true => {
            let runs = said
                .lines()
                .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
            runs.map(|runs| runs.trim().to_owned())
                .ok_or_else(|| "it ran nothing".to_owned())
        }
        false => Err(tail(&said)),
    }
}

/// The last lines of what a program said.
fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
