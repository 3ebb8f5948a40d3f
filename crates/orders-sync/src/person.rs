//! A person whose data are erased: by an id, or by an e-mail address.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::diff::Change;

/// A person, and where they are named.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The vendor's id; `None` where the person is known by an address.
    id: Option<String>,
    /// The addresses, in lower case: the one that was given, and those of the orders that have the id.
    emails: Vec<String>,
}

impl Person {
    /// By an e-mail address, which has an `@`, or by an id.
    pub(crate) fn of(who: &str) -> Self {
        match who.contains('@') {
            true => Self {
                id: None,
                emails: vec![who.to_lowercase()],
            },
            false => Self {
                id: Some(who.to_owned()),
                emails: Vec::new(),
            },
        }
    }

    /// Whether an order is theirs.
    pub(crate) fn is(&self, id: Option<&str>, email: Option<&str>) -> bool {
        match &self.id {
            Some(own) => id == Some(own),
            None => email.is_some_and(|email| self.emails.contains(&email.to_lowercase())),
        }
    }

    /// Whether the text of an order has the address that was given.
    pub(crate) fn has_email_in(&self, text: &[u8]) -> bool {
        self.id.is_none() && self.is_in("", text)
    }

    /// An order of theirs has an address: it is looked for in what is no order.
    pub(crate) fn has_email(&mut self, email: Option<String>) {
        let email = email.filter(|email| self.id.is_some() && email.contains('@'));
        self.emails.extend(email.map(|email| email.to_lowercase()));
    }

    /// Whether a change of an order names them.
    pub(crate) fn is_in_change(&self, change: &Change) -> bool {
        let texts = [&change.from, &change.to];
        texts.into_iter().flatten().any(|text| {
            let value: Value = serde_json::from_str(text).unwrap_or_default();
            let under = is_of_people(&change.path);
            self.is_under(under, &value) || self.emails.iter().any(|email| has(text, email))
        })
    }

    /// Whether a text names them: an address anywhere, or the id where a person stands. `event` is the vendor's word for
    /// what the text is about.
    pub(crate) fn is_in(&self, event: &str, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        if self.emails.iter().any(|email| has(&text, email)) {
            return true;
        }
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => self.is_under(is_of_people(event), &value),
            // A query or a form.
            Err(_) => {
                let spaced = text.replace('+', " ");
                let plain = percent_decode_str(&spaced).decode_utf8_lossy();
                self.emails.iter().any(|email| has(&plain, email))
            }
        }
    }

    /// Whether a value names them; `person`: it stands where a person does.
    fn is_under(&self, person: bool, value: &Value) -> bool {
        match value {
            Value::Object(members) => members
                .iter()
                .any(|(name, value)| self.is_under(person || is_of_people(name), value)),
            Value::Array(items) => items.iter().any(|item| self.is_under(person, item)),
            Value::String(text) => {
                (person && self.id.as_ref() == Some(text))
                    || self.emails.iter().any(|email| has(text, email))
            }
            Value::Number(number) => person && self.id.as_ref() == Some(&number.to_string()),
            Value::Null | Value::Bool(_) => false,
        }
    }
}

/// Whether a name of a member, a path or an event is about people.
fn is_of_people(name: &str) -> bool {
    let name = name.to_lowercase();
    ["customer", "user", "buyer"]
        .iter()
        .any(|word| name.contains(word))
}

/// Whether a text has an address, and not only the end of a longer one or the beginning of a longer domain.
fn has(text: &str, email: &str) -> bool {
    let text = text.to_lowercase();
    let of_address = |c: char| c.is_alphanumeric() || "._+-".contains(c);
    text.match_indices(email).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + email.len()..].chars();
        let ends = match after.next() {
            Some('.' | '-') => !after.next().is_some_and(char::is_alphanumeric),
            Some(c) => !c.is_alphanumeric(),
            None => true,
        };
        ends && !before.is_some_and(of_address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_any_writing() {
        let ann = Person::of("Ann@Example.com");
        for text in [
            r#"{"email":"ann@example.com"}"#,
            r#"{"note":"write to ANN@EXAMPLE.COM."}"#,
            r#"{"email":"ann\u0040example.com"}"#,
            "a=1&mail=ann%40example.com",
            "a=%20ann%40example.com+b",
            "ann@example.com",
        ] {
            assert!(ann.is_in("", text.as_bytes()), "{text}");
        }
        for text in [
            r#"{"email":"joann@example.com"}"#,
            r#"{"email":"ann@example.com.au"}"#,
            r#"{"email":"j.ann@example.com"}"#,
            "",
        ] {
            assert!(!ann.is_in("", text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn an_id_is_found_where_a_person_stands() {
        let mut person = Person::of("777");
        for (event, text) in [
            ("", r#"{"customer":{"id":"777"}}"#),
            ("", r#"{"customerId":777}"#),
            ("customers/update", r#"{"id":"777"}"#),
            ("", r#"[{"user_id":"777"}]"#),
        ] {
            assert!(person.is_in(event, text.as_bytes()), "{text}");
        }
        let other = r#"{"id":"777","amount":777,"email":"ann@example.com"}"#;
        assert!(!person.is_in("", other.as_bytes()));
        assert!(!person.has_email_in(other.as_bytes()));
        person.has_email(Some("Ann@example.com".to_owned()));
        assert!(person.is_in("", other.as_bytes()));
        assert!(!person.has_email_in(other.as_bytes()), "another's order");
        assert!(person.is(Some("777"), None) && !person.is(None, Some("ann@example.com")));
    }

    #[test]
    fn a_change_tells_who_it_was() {
        let change = |path: &str, from: &str| Change {
            path: path.to_owned(),
            from: Some(from.to_owned()),
            to: None,
        };
        assert!(Person::of("777").is_in_change(&change("customer.id", "\"777\"")));
        assert!(!Person::of("777").is_in_change(&change("price", "777")));
        let ann = Person::of("ann@example.com");
        assert!(ann.is_in_change(&change("contact", "\"ann@example.com\"")));
    }
}
