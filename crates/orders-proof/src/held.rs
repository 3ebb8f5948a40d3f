//! What a process holds, so that hours of work are seen to leave it as it was.

use std::fs;

use crate::Result;

/// Memory and open files of this process.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// In KiB.
    memory: u64,
    handles: u64,
}

/// What may come beside half as much again: a first large page, a pool that is not full yet.
const SLACK: Held = Held {
    memory: 32 * 1024,
    handles: 16,
};

impl Held {
    /// What this process holds now; `None` where the system does not say.
    #[must_use]
    pub fn now() -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        Some(Self {
            memory: line.split_whitespace().nth(1)?.parse().ok()?,
            handles: fs::read_dir("/proc/self/fd").ok()?.count() as u64,
        })
    }

    /// Compares with what was held once the work was under way.
    ///
    /// # Errors
    /// Where memory or open files grow.
    pub fn is_as(self, earlier: Self) -> Result<()> {
        let most = |was: u64, slack: u64| was + was / 2 + slack;
        if self.memory > most(earlier.memory, SLACK.memory)
            || self.handles > most(earlier.handles, SLACK.handles)
        {
            return Err(format!("it grows: {earlier:?} became {self:?}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_is_noticed() {
        let held = |memory, handles| Held { memory, handles };
        let earlier = held(40_000, 20);
        assert!(held(60_000, 30).is_as(earlier).is_ok());
        assert!(held(100_000, 20).is_as(earlier).is_err());
        assert!(held(40_000, 60).is_as(earlier).is_err());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_holds_something() {
        let Held { memory, handles } = Held::now().unwrap();
        assert!(memory > 1000 && handles > 2);
    }
}
