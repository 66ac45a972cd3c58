//! Serves the quotes: `LISTEN` says where (127.0.0.1:8091 if not given), `QUOTES_DIR` where the database is (quotes-data).

use std::error::Error;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let (listen, folder) = (variable("LISTEN", "127.0.0.1:8091"), variable("QUOTES_DIR", "quotes-data"));
    let app = cachemark_example_library::quotes::app(folder.as_ref()).await?;
    let listener = TcpListener::bind(&listen).await;
    let listener = listener.map_err(|error| format!("cannot listen on {listen} (LISTEN): {error}"))?;
    say(&format!("listening on http://{}", listener.local_addr()?));
    Ok(axum::serve(listener, app).await?)
}

#[expect(clippy::print_stdout, reason = "the address is what one asks next")]
fn say(line: &str) {
    println!("{line}");
}
