//! The output on standard error: errors, and the drift report.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use orders_core::{Error, ErrorKind};
use orders_sync::{StateFault, SyncError};
use serde::Serialize;

use crate::address::without_secrets;
use crate::drift::Drift;
use crate::exit::{Exit, Failure};
use crate::output::{counted, json, plain, say};
use crate::vendor::Vendor;

/// Shows what is wrong with the arguments, or the help that they ask for, and returns the exit code.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let shown = without_secrets(
        &text,
        std::env::args_os().map(|it| it.to_string_lossy().into()),
    );
    match shown == text {
        true => error.exit(),
        false => say(shown.trim_end()),
    }
    ExitCode::from(Exit::Usage)
}

/// A failure in one line.
#[cfg(feature = "workers")]
pub(crate) fn line_of(failure: &Failure) -> String {
    let text = match failure {
        Failure::Error(error) | Failure::Input(error) => error.to_string(),
        Failure::Sync(error) => error.to_string(),
        Failure::Closed | Failure::Stopped(_) => "it was ended".to_owned(),
    };
    text.lines().next().unwrap_or_default().to_owned()
}

/// Shows the failure, and returns the exit code.
pub(crate) fn failure(failure: &Failure, as_json: bool) -> Exit {
    let exit = failure.exit();
    match failure {
        Failure::Closed => {}
        Failure::Stopped(exit) if as_json => say(&format!(
            r#"{{"kind":"interrupted","retryable":true,"next":"run it again","exit_code":{}}}"#,
            *exit as u8
        )),
        Failure::Stopped(_) => {
            say("interrupted: the output so far is not complete");
        }
        _ if as_json => say(&object(failure, None)),
        _ => say(&block_of(failure)),
    }
    exit
}

/// A failure as one JSON object. `account` names the account, if there are several.
pub(crate) fn object(failure: &Failure, account: Option<&str>) -> String {
    let exit = failure.exit();
    match failure {
        Failure::Error(error) | Failure::Input(error) => ErrorObject {
            account,
            ..ErrorObject::of(error, exit)
        }
        .text(),
        Failure::Sync(error) => ErrorObject {
            account,
            ..ErrorObject::of_sync(error, exit)
        }
        .text(),
        Failure::Closed | Failure::Stopped(_) => String::new(),
    }
}

/// A vendor's failure as one JSON object, with the code that it ends with.
pub(crate) fn error_object(error: &Error, exit: Exit, account: Option<&str>) -> String {
    ErrorObject {
        account,
        ..ErrorObject::of(error, exit)
    }
    .text()
}

/// A failure as one block for people.
pub(crate) fn block_of(failure: &Failure) -> String {
    match failure {
        Failure::Error(error) | Failure::Input(error) => block(error),
        Failure::Sync(error) => format!(
            "error: {}\n  kind   {}\n  next   {}",
            plain(&error.to_string()),
            error.kind().replace('_', " "),
            plain(&next_of_sync(error))
        ),
        Failure::Closed | Failure::Stopped(_) => String::new(),
    }
}

/// The next step after a failure of the engine or its file, with the command for it.
fn next_of_sync(error: &SyncError) -> String {
    match error {
        SyncError::State { fault, account, .. }
            if !matches!(fault, StateFault::TooNew | StateFault::Ahead) =>
        {
            let same = match fault {
                StateFault::Foreign => "use the same --axis and --customer as before; or ",
                _ => "",
            };
            let account = account.replacen('/', " --account ", 1);
            format!(
                "{same}discard the state with: orders state reset {account} (the stored orders stay), and pull again \
                 with --since; or choose another file"
            )
        }
        _ => error.next(),
    }
}

/// An error for programs. Absent facts are omitted.
#[derive(Debug, Serialize)]
struct ErrorObject<'a> {
    kind: &'static str,
    retryable: bool,
    next: Cow<'a, str>,
    message: Cow<'a, str>,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'a str>,
    attempts: u32,
    elapsed_ms: u128,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u128>,
}

impl<'a> ErrorObject<'a> {
    fn of(error: &'a Error, exit: Exit) -> Self {
        Self {
            kind: error.kind().as_str(),
            retryable: error.is_retryable(),
            next: next(error).into(),
            message: error.message().into(),
            exit_code: exit as u8,
            account: None,
            vendor: error.vendor(),
            endpoint: error.endpoint(),
            status: error.status(),
            code: error.code(),
            trace_id: error.trace_id(),
            path: error.path(),
            excerpt: error.excerpt(),
            attempts: error.attempts(),
            elapsed_ms: error.elapsed().as_millis(),
            retry_after_ms: error.retry_after().as_ref().map(Duration::as_millis),
        }
    }

    /// For a failure that does not come from a vendor.
    fn of_sync(error: &'a SyncError, exit: Exit) -> Self {
        Self {
            kind: error.kind(),
            retryable: error.is_retryable(),
            next: next_of_sync(error).into(),
            message: error.to_string().into(),
            exit_code: exit as u8,
            account: None,
            vendor: None,
            endpoint: None,
            status: None,
            code: None,
            trace_id: None,
            path: None,
            excerpt: None,
            attempts: 0,
            elapsed_ms: 0,
            retry_after_ms: None,
        }
    }

    fn text(&self) -> String {
        json(self).unwrap_or_else(|_| self.message.clone().into_owned())
    }
}

/// An error as one block for people.
pub(crate) fn block(error: &Error) -> String {
    let mut text = format!("error: {}", plain(error.message()));
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(text, "\n  {name:<6} {}", plain(&value));
        }
    };
    let from = [error.vendor(), error.endpoint()];
    let from: Vec<_> = from.into_iter().flatten().collect();
    fact("from", (!from.is_empty()).then(|| from.join(" ")));
    fact("kind", Some(kind(error)));
    fact("at", error.path().map(str::to_owned));
    fact("body", error.excerpt().map(str::to_owned));
    fact("tried", tried(error));
    fact("next", Some(next(error).to_owned()));
    text
}

fn kind(error: &Error) -> String {
    let mut facts = vec![error.kind().as_str().replace('_', " ")];
    facts.extend(error.status().map(|status| format!("HTTP {status}")));
    facts.extend(error.code().map(|code| format!("code {code}")));
    facts.extend(error.trace_id().map(|id| format!("trace {id}")));
    facts.join(", ")
}

fn tried(error: &Error) -> Option<String> {
    let times = match error.attempts() {
        0 => return None,
        1 => "once".to_owned(),
        n => format!("{n} times"),
    };
    let wait = error
        .retry_after()
        .map(|wait| format!("; the vendor requests a wait of {wait:.0?}"));
    let elapsed = error.elapsed();
    Some(format!(
        "{times} in {elapsed:.1?}{}",
        wait.unwrap_or_default()
    ))
}

/// The next step: the error's own hint, or one for its kind.
fn next(error: &Error) -> &str {
    if let Some(hint) = error.hint() {
        return hint;
    }
    match error.kind() {
        ErrorKind::Auth => "check the credential, and that it belongs to this base URL",
        ErrorKind::Permission => "give the credential the missing permission",
        ErrorKind::RateLimit => "wait, then run it again",
        ErrorKind::InvalidRequest | ErrorKind::Unsupported => "change the request; see --help",
        ErrorKind::NotFound => "check the name and the base URL",
        ErrorKind::Server => {
            "run it again later; if it persists, report the facts above to the vendor"
        }
        ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Unreachable => {
            "check the network and the base URL, then run it again"
        }
        ErrorKind::Decode if error.attempts() > 0 => {
            "run it again; if it comes again, this place of the body is not what the vendor documents"
        }
        ErrorKind::Decode => "check this place of the body; it is not what the vendor documents",
        ErrorKind::TooLarge => "request less at once",
        ErrorKind::Stalled | ErrorKind::Incomplete => {
            "run it again; the orders so far are not complete"
        }
        ErrorKind::Config => "check the configuration; see orders list --help",
        _ => "see the message",
    }
}

/// The drift report, for people or as one JSON object.
pub(crate) fn drift(
    vendor: Vendor,
    orders: usize,
    fields: usize,
    drift: &Drift,
    as_json: bool,
) -> Result<String, Error> {
    if as_json {
        #[derive(Serialize)]
        struct Report<'a> {
            vendor: Vendor,
            orders: usize,
            #[serde(flatten)]
            drift: &'a Drift,
        }
        return json(&Report {
            vendor,
            orders,
            drift,
        });
    }
    let counted = counted(orders as u64);
    if drift.is_empty() {
        return Ok(format!(
            "no drift: {counted} within the {fields} fields of {vendor}'s contract"
        ));
    }
    let mut text = format!("drift of {counted} against the {fields} fields of {vendor}'s contract");
    section(&mut text, "unknown fields", &drift.unknown_fields.0, |f| {
        f.path.clone()
    });
    section(&mut text, "unknown words", &drift.unknown_words.0, |w| {
        format!("{}  {:?}", w.path, w.word)
    });
    section(
        &mut text,
        "type differences",
        &drift.type_differences.0,
        |d| format!("{}  {} instead of {}", d.path, d.found, d.promised),
    );
    section(
        &mut text,
        "kept with other characters",
        &drift.other_characters.0,
        |o| format!("{}  {}", o.path, o.what),
    );
    Ok(text)
}

fn section<T>(
    text: &mut String,
    title: &str,
    things: &std::collections::BTreeMap<T, u64>,
    show: impl Fn(&T) -> String,
) {
    if things.is_empty() {
        return;
    }
    let _ = write!(text, "\n  {title}");
    for (thing, count) in things {
        let _ = write!(text, "\n  {count:>6} x  {}", plain(&show(thing)));
    }
}
