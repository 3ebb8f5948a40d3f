//! The pages of `docs/`: each command is run as it stands there, and prints lines of the form that stands below it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command of a page, and the lines below it.
#[derive(Debug)]
struct Step {
    command: String,
    printed: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The commands of the console blocks of a page: a line that begins with `$ `, and those that continue it.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut inside, mut continued) = (false, false);
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
            continue;
        }
        if !inside {
            continue;
        }
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                printed: Vec::new(),
            });
        } else if continued {
            let step = steps.last_mut().unwrap();
            step.command.push('\n');
            step.command.push_str(line);
        } else {
            steps.last_mut().unwrap().printed.push(line.to_owned());
        }
        // A quotation that is open, or a backslash.
        let command = &steps.last().unwrap().command;
        let open = command.matches('"').count() % 2 == 1 || command.ends_with('\\');
        continued = open && steps.last().unwrap().printed.is_empty();
    }
    steps
}

/// What of a line does not change from run to run: numbers, lengths of columns and rules do.
/// A line that is a number alone, such as an exit code, stays as it is.
fn form(line: &str) -> String {
    if line.chars().all(|c| c.is_ascii_digit() || c == '|') {
        return line.to_owned();
    }
    let mut form = String::new();
    for c in line.chars() {
        let c = match c {
            '0'..='9' => '#',
            '─' | '═' => '─',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if !(matches!(c, '#' | '─' | ' ') && form.ends_with(c)) {
            form.push(c);
        }
    }
    form.trim().to_owned()
}

/// Runs the commands of a page in one shell; answers what each printed.
fn run(steps: &[Step], store: Option<&str>) -> Vec<Vec<String>> {
    let place = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_orders"));
    let mut script = String::from("exec 2>&1\n");
    for step in steps {
        script.push_str("echo @@@\n");
        script.push_str(&step.command);
        script.push('\n');
        if step.command.ends_with('&') {
            // What it writes to is there when the next command reads it.
            script.push_str("for i in $(seq 200); do [ -s env.sh ] && break; sleep 0.05; done\n");
        }
    }
    script.push_str("kill $(jobs -p) 2>/dev/null\nexit 0\n");
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let mut shell = Command::new("bash");
    shell
        .env_clear()
        .env("PATH", path)
        .env("HOME", place.path())
        // A worker is taken for dead after seconds.
        .env("ORDERS_TEST_HASTE", "20")
        .envs(store.map(|store| ("ORDERS_OUTPUT", store)));
    let mut shell = shell
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    shell
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = shell.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let printed = text.split("@@@\n").skip(1);
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    printed.map(lines).collect()
}

fn holds(name: &str) {
    holds_with(name, None);
}

fn holds_with(name: &str, store: Option<&str>) {
    for tool in ["bash", "curl", "sqlite3"] {
        if Command::new(tool).arg("--version").output().is_err() {
            return test_postgres::leave_out(format!("{tool} is not installed"));
        }
    }
    let page = fs::read_to_string(folder().join(name)).unwrap();
    let steps = steps(&page);
    assert!(!steps.is_empty(), "{name}");
    let printed = run(&steps, store);
    assert_eq!(printed.len(), steps.len(), "{name}: {printed:?}");
    for (step, printed) in steps.iter().zip(printed) {
        let forms = |lines: &[String]| {
            let lines = lines.iter().map(|line| form(line));
            lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(
            forms(&step.printed),
            forms(&printed),
            "{name}: `{}` printed\n{}",
            step.command,
            printed.join("\n")
        );
    }
}

#[test]
fn the_first_pull() {
    holds("first-pull.md");
}

#[test]
fn reconciliation_by_sql() {
    holds("reconciliation.md");
}

#[test]
fn operations() {
    holds("operations.md");
}

#[test]
fn pushes() {
    holds("pushes.md");
}

#[test]
#[cfg(feature = "workers")]
fn many_accounts() {
    let Some(server) = test_postgres::shared() else {
        return;
    };
    holds_with("scale.md", Some(&server.fresh().unwrap()));
}

#[test]
fn every_page_is_run() {
    let mut names: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "first-pull.md",
            "operations.md",
            "pushes.md",
            "reconciliation.md",
            "scale.md"
        ]
    );
}

#[test]
fn commands_and_what_they_print_are_told_apart() {
    let page = "text\n```console\n$ one \"a\nb\"\nout 1\n$ two &\n```\n```sh\n$ not\n```\n";
    let steps = steps(page);
    let commands: Vec<_> = steps.iter().map(|step| &*step.command).collect();
    assert_eq!(commands, ["one \"a\nb\"", "two &"]);
    assert_eq!(steps[0].printed, ["out 1"]);
    assert_ne!(form("0"), form("7"));
    assert_eq!(form("│ 12.5  ms ═══"), form("│ 7.50 ms ──"));
}
