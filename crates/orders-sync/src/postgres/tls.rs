//! TLS to a server, with the provider that the clients of this workspace use.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Verifies by the certificates in a file, or by those that the system trusts. The failure is for an operator.
pub(super) fn connector(roots: Option<&Path>) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let config = match roots {
        None => config
            .with_platform_verifier()
            .map_err(|error| error.to_string())?,
        Some(file) => config.with_root_certificates(read(file)?),
    };
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

fn read(file: &Path) -> Result<RootCertStore, String> {
    let failed = |why: String| format!("sslrootcert {}: {why}", file.display());
    let mut roots = RootCertStore::empty();
    let found = CertificateDer::pem_file_iter(file).map_err(|error| failed(error.to_string()))?;
    for certificate in found {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| failed(error.to_string()))?;
    }
    match roots.is_empty() {
        true => Err(failed("it holds no certificate".to_owned())),
        false => Ok(roots),
    }
}
