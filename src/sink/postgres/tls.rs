//! Who may answer as the server.
//!
//! In: how far a certificate is trusted. Out: what the driver makes TLS with. As everywhere with PostgreSQL, `sslmode=prefer` keeps out those
//! who only listen and trusts anyone; from `require` on the certificate must be signed by a root of this system, or
//! by one of a file. A certificate that stands itself in that file is trusted as it is: so are those that servers make for themselves.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::Cause;

/// How far a server's certificate is trusted.
#[derive(Debug)]
pub(super) enum Trust {
    /// Whatever it is.
    Anyone,
    /// Where a root signed it: one of this file, or else of the system.
    Signed {
        roots: Option<PathBuf>,
        /// Whether the name of the host must be that of the certificate.
        by_name: bool,
    },
}

#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// None where anyone is trusted.
    roots: Option<Arc<WebPkiServerVerifier>>,
    known: Vec<CertificateDer<'static>>,
    by_name: bool,
}

impl Trust {
    /// What the driver makes TLS with.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, Cause> {
        let provider = Arc::new(ring::default_provider());
        let mut verifier = Verifier { provider: provider.clone(), roots: None, known: Vec::new(), by_name: false };
        if let Trust::Signed { roots, by_name } = self {
            let mut store = RootCertStore::empty();
            verifier.by_name = *by_name;
            if let Some(file) = roots {
                let unusable = |why: String| Cause::Unreachable(format!("sslrootcert={}: {why}", file.display()));
                let read = CertificateDer::pem_file_iter(file).and_then(|found| found.collect::<Result<Vec<_>, _>>());
                verifier.known = read.map_err(|error| unusable(error.to_string()))?;
                if verifier.known.is_empty() {
                    return Err(unusable("no certificate stands in it".to_owned()));
                }
                store.add_parsable_certificates(verifier.known.iter().cloned());
            } else {
                store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
            let made = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
            verifier.roots = Some(made.map_err(|error| Cause::Untrusted(error.to_string()))?);
        }
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| Cause::Unreachable(error.to_string()))?;
        let config = config.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
    }
}

/// Why the certificate was not trusted, where that is what an error says.
pub(super) fn distrust(error: &postgres::Error) -> Option<String> {
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
        let found = inner.and_then(|inner| inner.downcast_ref()).or_else(|| error.downcast_ref());
        if let Some(rustls::Error::InvalidCertificate(why)) = found {
            return Some(why.to_string());
        }
        next = error.source();
    }
    None
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(roots) = &self.roots else { return Ok(ServerCertVerified::assertion()) };
        if self.known.contains(own) {
            return Ok(ServerCertVerified::assertion());
        }
        match roots.verify_server_cert(own, between, name, stapled, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.by_name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
