//! A proxy at work: connections taken, counted, and closed where the way says so.

use super::Place;
use super::bucket::Bucket;
use super::connection::{reset, serve};
use super::shared::Shared;
use super::way::Way;
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc as answers;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, Id, JoinSet};

/// Without a descriptor for another connection, the next one is waited for so long.
const PAUSE: Duration = Duration::from_millis(10);

/// A change of what is wrong with the way.
pub(super) struct Command {
    pub(super) way: Way,
    /// Is told once it is in place.
    pub(super) done: answers::Sender<()>,
}

/// A connection, from outside.
struct Connection {
    task: AbortHandle,
    shared: Arc<Shared>,
}

/// What a proxy is while it runs.
pub(super) struct Proxying {
    listener: TcpListener,
    place: Arc<Place>,
    commands: mpsc::UnboundedReceiver<Command>,
    way: watch::Sender<Way>,
    /// From the oldest to the newest.
    connections: Vec<Connection>,
    tasks: JoinSet<()>,
    waiting: Arc<AtomicUsize>,
    buckets: Arc<[Bucket; 2]>,
    accepted: u64,
}

impl Proxying {
    pub(super) fn new(listener: TcpListener, place: Place, commands: mpsc::UnboundedReceiver<Command>) -> Self {
        Self {
            listener,
            place: Arc::new(place),
            commands,
            way: watch::Sender::default(),
            connections: Vec::new(),
            tasks: JoinSet::new(),
            waiting: Arc::default(),
            buckets: Arc::default(),
            accepted: 0,
        }
    }

    /// Runs until nobody can tell it anything any more. All its connections are reset then.
    pub(super) async fn run(mut self) {
        loop {
            tokio::select! {
                biased;
                command = self.commands.recv() => match command {
                    Some(command) => self.change(command).await,
                    None => break,
                },
                Some(ended) = self.tasks.join_next_with_id() => {
                    let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                    self.connections.retain(|connection| connection.task.id() != id);
                }
                accepted = self.listener.accept() => self.take(accepted.map(|(client, _)| client)).await,
            }
        }
        self.tasks.shutdown().await;
    }

    async fn take(&mut self, accepted: io::Result<TcpStream>) {
        let client = match accepted {
            Ok(client) => client,
            // The client has gone meanwhile, or there is no descriptor for it.
            Err(_) => return tokio::time::sleep(PAUSE).await,
        };
        let way = *self.way.borrow();
        if self.connections.len() >= way.room() {
            return reset(&client);
        }
        self.accepted += 1;
        let (waiting, buckets) = (Arc::clone(&self.waiting), Arc::clone(&self.buckets));
        let shared = Arc::new(Shared { lost: AtomicBool::new(false), waiting, buckets });
        let serving = serve(client, Arc::clone(&self.place), Arc::clone(&shared), self.way.subscribe(), self.accepted);
        let task = self.tasks.spawn(serving);
        self.connections.push(Connection { task, shared });
    }

    /// Puts a way in place of the one before. What is taken from now on goes by it.
    async fn change(&mut self, Command { way, done }: Command) {
        let before = self.way.send_replace(way);
        if before.rate != way.rate {
            self.buckets.iter().for_each(Bucket::clear);
        }
        let healed = before.black_hole && !way.black_hole;
        let lost = |connection: &Connection| healed && connection.shared.lost.load(Ordering::Relaxed);
        let kept = self.connections.iter().filter(|connection| !lost(connection)).take(way.room());
        let kept: BTreeSet<Id> = kept.map(|connection| connection.task.id()).collect();
        self.close_all_but(&kept).await;
        // Nobody waits for it any more, if it is not taken.
        let _ = done.send(());
    }

    /// Resets connections, and waits until they are closed.
    async fn close_all_but(&mut self, kept: &BTreeSet<Id>) {
        self.connections.iter().filter(|one| !kept.contains(&one.task.id())).for_each(|one| one.task.abort());
        self.connections.retain(|one| kept.contains(&one.task.id()));
        while self.tasks.len() > self.connections.len() {
            let Some(ended) = self.tasks.join_next_with_id().await else { return };
            let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
            self.connections.retain(|connection| connection.task.id() != id);
        }
    }
}
