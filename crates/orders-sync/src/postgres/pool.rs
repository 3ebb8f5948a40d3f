//! Connections to a database for others, who bring statements of their own.

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::NoTls;

use super::address::{Address, Tls};
use super::tls;
use crate::error::{StoreFault, StorePlace, SyncError};

/// How long a connection may take.
const CONNECT: std::time::Duration = std::time::Duration::from_secs(60);

/// At most so many connections to the database of [`Store::connect`](crate::Store::connect), with the same address, TLS and
/// rules. The first is made when it is needed.
///
/// # Errors
/// `Options` for an address that cannot be read, `Io` for a root certificate that cannot.
pub fn pool(address: &str, connections: usize) -> Result<Pool, SyncError> {
    let Address { config, tls, shown } = Address::parse(address)?;
    let failed = |message: String| {
        SyncError::store(StoreFault::Io, StorePlace::Address(shown.clone()), message)
    };
    let fast = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = match &tls {
        Tls::Off => Manager::from_config(config, NoTls, fast),
        Tls::System => Manager::from_config(config, tls::connector(None).map_err(failed)?, fast),
        Tls::Roots(file) => {
            Manager::from_config(config, tls::connector(Some(file)).map_err(failed)?, fast)
        }
    };
    Pool::builder(manager)
        .max_size(connections)
        .runtime(Runtime::Tokio1)
        .create_timeout(Some(CONNECT))
        .build()
        .map_err(|error| failed(error.to_string()))
}
