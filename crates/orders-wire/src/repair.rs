//! The second look at a record that failed: which leaf it was, and the record without it.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::value::RawValue;
use serde_path_to_error::Segment;

use crate::decode::{DecodeError, Fault, fault, shown};
use crate::members::Members;
use crate::number::NumberError;
use crate::object;
use crate::row::{Drift, JsonType, Row};
use crate::scalar::mended;

/// How many leaves of one record are read as nothing before it is given up: each costs a decode.
const MOST: usize = 100;

/// How serde begins the error for a known name that comes twice.
const TWICE: &str = "duplicate field `";

/// A step to a value.
enum Step {
    Name(String),
    Place(usize),
}

/// Reads a record that failed once.
pub(crate) fn read<T: Row>(json: &str) -> Result<(T, Vec<Drift>), DecodeError> {
    let mut text = mended(json);
    let mut drift = Vec::new();
    loop {
        let Fault { path, error } = match fault::<T>(&text) {
            Ok(value) => return Ok((value, drift)),
            Err(fault) => fault,
        };
        if let Some(name) = twice(&error) {
            return Err(DecodeError::new(name, "the key comes twice").inside(&shown(&path)));
        }
        let Some(leaf) = steps(&path).and_then(|steps| leaf::<T>(&text, &steps, &error)) else {
            return Err(DecodeError::of(&text, &path, error));
        };
        if let Some(kind) = leaf.drift {
            if drift.len() >= MOST {
                return Err(DecodeError::of(&text, &path, error));
            }
            drift.push(Drift::new(shown(&path), kind));
        }
        let (before, after) = (&text[..leaf.place.start], &text[leaf.place.end..]);
        text = Cow::Owned(format!("{before}null{after}"));
    }
}

/// A leaf that may be read as nothing.
struct Leaf {
    place: Range<usize>,
    /// Its type, unless it is nothing anyway.
    drift: Option<JsonType>,
}

/// The leaf that an error is about; `None` where it is strict, or is not known.
fn leaf<T: Row>(text: &str, steps: &[Step], error: &serde_json::Error) -> Option<Leaf> {
    let place = locate(text, steps)?;
    let value = text.get(place.clone())?;
    let kind = JsonType::of(value);
    if kind == JsonType::Null || steps.is_empty() {
        return None;
    }
    if is_nothing(value, error) {
        return Some(Leaf { place, drift: None });
    }
    // Digits that cannot be kept are no odd type: nothing of a number is dropped in silence.
    let too_long = error
        .to_string()
        .contains(&NumberError::TooLong.to_string());
    let strict = too_long || T::STRICT.covers(steps.iter().filter_map(Step::name));
    let drift = Some(kind);
    (!strict).then_some(Leaf { place, drift })
}

impl Step {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Place(_) => None,
        }
    }
}

/// `""` and `[]` where an object belongs are none, and no drift.
fn is_nothing(value: &str, error: &serde_json::Error) -> bool {
    let inside = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let empty = value == "\"\"" || inside.is_some_and(|inside| inside.trim().is_empty());
    // Behind the message stands the place in the text.
    empty && error.to_string().contains(object::EXPECTED)
}

/// The known name that comes twice, if that is the error.
fn twice(error: &serde_json::Error) -> Option<String> {
    let message = error.to_string();
    let (name, _) = message.strip_prefix(TWICE)?.split_once('`')?;
    Some(name.to_owned())
}

/// The way to a value; `None` where it leads through something that is neither object nor list.
fn steps(path: &serde_path_to_error::Path) -> Option<Vec<Step>> {
    let step = |segment: &Segment| match segment {
        Segment::Map { key } => Some(Step::Name(key.clone())),
        Segment::Seq { index } => Some(Step::Place(*index)),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().map(step).collect()
}

/// Where in a text the value at the end of a way stands.
fn locate(text: &str, steps: &[Step]) -> Option<Range<usize>> {
    let mut value = text;
    for step in steps {
        value = match step {
            Step::Name(name) => Members::of(value).ok()?.get(name)?.get(),
            Step::Place(place) => {
                let items: Vec<&RawValue> = serde_json::from_str(value).ok()?;
                items.get(*place)?.get()
            }
        };
    }
    // Both point into the same text.
    let start = (value.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Some(start..start + value.len())
}
