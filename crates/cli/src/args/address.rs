//! Addresses to listen on, as flags take them.

use std::net::SocketAddr;

/// An IP address and a port. A name is not looked up: it may have several addresses, and one listens on one.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        let port = text.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok()).unwrap_or("8080");
        let host = text.rsplit_once(':').map_or("", |(host, _)| host);
        let ip = if matches!(host, "" | "localhost") { "127.0.0.1" } else { "0.0.0.0" };
        let is = if host.is_empty() { "" } else { " is a name, or" };
        format!(
            "`{text}`{is} lacks an IP address; write one and a port, as in {ip}:{port} (all addresses: 0.0.0.0:{port})"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::listen_address;

    #[test]
    fn what_lacks_an_address_is_answered_with_one() {
        assert!(listen_address("127.0.0.1:0").is_ok() && listen_address("[::1]:80").is_ok());
        for (text, right) in
            [("localhost:8080", "127.0.0.1:8080"), (":9000", "127.0.0.1:9000"), ("8081", "127.0.0.1:8081")]
        {
            assert!(listen_address(text).unwrap_err().contains(right), "{text}");
        }
    }
}
