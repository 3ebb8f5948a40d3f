//! The chores of this workspace, as code.

fn main() {}
