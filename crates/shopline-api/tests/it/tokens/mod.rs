//! Access tokens: created, refreshed, refused, shared; and the signed queries of the authorisation.

#[cfg(feature = "client")]
mod answers;
#[cfg(feature = "client")]
mod play;
mod queries;
#[cfg(feature = "client")]
mod refresh;
#[cfg(feature = "client")]
mod refused;
#[cfg(feature = "client")]
mod requests;
#[cfg(feature = "client")]
mod saved;
#[cfg(feature = "client")]
mod sockets;
