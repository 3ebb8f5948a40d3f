//! The README of the workspace: its examples are compiled as tests of this crate.
#![doc = include_str!("../../README.md")]
