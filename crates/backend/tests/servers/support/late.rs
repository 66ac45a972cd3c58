//! A proxy whose answers come late.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Passes bytes on to a port of the loopback; what comes back from it can be held for a while.
pub(crate) struct LateProxy {
    port: u16,
    delay_ms: Arc<AtomicU64>,
}

impl LateProxy {
    pub(crate) async fn before(target: u16) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), target).await.unwrap()
    }

    /// The same at another address of the loopback, if this machine has it.
    pub(crate) async fn at(address: IpAddr, target: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind((address, 0)).await?;
        let (port, delay_ms) = (listener.local_addr().unwrap().port(), Arc::new(AtomicU64::new(0)));
        let delay = Arc::clone(&delay_ms);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await.unwrap();
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(pass(from_client, to_server, Arc::default()));
                tokio::spawn(pass(from_server, to_client, Arc::clone(&delay)));
            }
        });
        Ok(Self { port, delay_ms })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// From now on, answers are held for `delay`.
    pub(crate) fn delay(&self, delay: Duration) {
        self.delay_ms.store(delay.as_millis() as u64, Ordering::SeqCst);
    }
}

async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay_ms: Arc<AtomicU64>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(len @ 1..) = from.read(&mut buffer).await {
        tokio::time::sleep(Duration::from_millis(delay_ms.load(Ordering::SeqCst))).await;
        if to.write_all(&buffer[..len]).await.is_err() {
            return;
        }
    }
    drop(to.shutdown().await);
}
