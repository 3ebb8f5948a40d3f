//! The HTTP engine under the order clients: retries, deadlines, rate limits, size caps and redaction over a replaceable transport.
