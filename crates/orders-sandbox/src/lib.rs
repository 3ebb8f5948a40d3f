//! Clink, Linkbest and SHOPLINE played over HTTP on loopback, seeded and strict, for tests and demos.
