//! One reader, fuzzed: `cargo xtask fuzz` builds this with the instruments of libFuzzer, and names the reader.
//!
//! Without a reader it writes what a run begins with into a folder, and prints the names of all readers.
#![no_main]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bytes::Bytes;
use orders_proof::Result;
use orders_proof::bodies::{known, names};
use orders_proof::readers::{READERS, Reader};

/// The name of a reader.
const NAME: &str = "ORDERS_FUZZ_READER";

/// Where to write the seeds and the dictionary.
const FOLDER: &str = "ORDERS_FUZZ_FOLDER";

/// Wrong for a text that chance alone does not find: whoever finds it is guided, byte by byte.
const PLANTED: Reader = ("planted", |body| {
    let wanted = b"<?xml";
    for (at, byte) in wanted.iter().enumerate() {
        if body.get(at) != Some(byte) {
            return Ok(at);
        }
    }
    Err("found".to_owned())
});

static READER: OnceLock<Reader> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: begin(),
    |data: &[u8]| {
        let Some((name, read)) = READER.get() else {
            return;
        };
        if let Err(why) = read(&Bytes::copy_from_slice(data)) {
            fail(&format!("{name}: {why}"));
        }
    }
);

fn begin() {
    let Ok(name) = std::env::var(NAME) else {
        match write() {
            Ok(()) => std::process::exit(0),
            Err(why) => fail(&why),
        }
    };
    let mut readers = READERS.iter().chain([&PLANTED]);
    match readers.find(|(of, _)| *of == name) {
        Some(reader) => drop(READER.set(*reader)),
        None => fail(&format!("no reader {name}")),
    }
}

/// libFuzzer keeps the input with which a process ends.
fn fail(why: &str) -> ! {
    #![allow(clippy::print_stderr)]
    eprintln!("{why}");
    std::process::abort();
}

fn write() -> Result<()> {
    #![allow(clippy::print_stdout)]
    let folder = std::env::var(FOLDER).map_err(|_| format!("{FOLDER} names no folder"))?;
    let folder = PathBuf::from(folder);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build();
    let known = runtime.map_err(|why| why.to_string())?.block_on(known())?;
    save(&folder, &known).map_err(|why| format!("{}: {why}", folder.display()))?;
    READERS.iter().for_each(|(name, _)| println!("{name}"));
    println!("{}", PLANTED.0);
    Ok(())
}

fn save(folder: &Path, known: &[Bytes]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder.join("seeds"))?;
    for (at, body) in known.iter().enumerate() {
        std::fs::write(folder.join(format!("seeds/{at}")), body)?;
    }
    let names: BTreeSet<_> = known.iter().flat_map(names).collect();
    let plain = names.iter().filter(|name| {
        let mut bytes = name.bytes();
        !name.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    let lines: String = plain.map(|name| format!("\"\\\"{name}\\\":\"\n")).collect();
    std::fs::write(folder.join("names.dict"), lines)
}
