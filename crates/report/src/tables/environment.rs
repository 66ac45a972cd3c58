//! What the run was made on and with.

use crate::table::{Emphasis, Table};
use crate::units::{self, value_text};
use cachemark_results::{Environment, Host, Run, Server};

/// Machine, tool, servers with their settings, placement.
pub(crate) fn environment(environment: &Environment) -> Table {
    let mut table = Table::new("Environment", &["of", "what", "value"]);
    let mut add = |of: &str, what: &str, value: String| {
        let begins = table.rows.last().is_none_or(|row| row.cells[0] != of);
        table.push(vec![of.into(), what.into(), value], Emphasis::Plain, begins);
    };
    for (what, value) in host(&environment.host) {
        add("machine", what, value);
    }
    let tool = &environment.tool;
    add("cachemark", "version", tool.version.clone());
    add("cachemark", "revision", known(tool.revision.clone()));
    add("cachemark", "compiler", known(tool.rustc.clone()));
    add("cachemark", "profile", tool.profile.clone());
    for (place, server) in environment.servers.iter().enumerate() {
        let of = numbered(&environment.servers, place);
        add(&of, "version", server.version.clone());
        server.settings.iter().for_each(|(name, value)| add(&of, name, value_text(value)));
    }
    for disk in &environment.data_disks {
        let of = format!("store {}", disk.store);
        add(&of, "file system of its data", known(disk.file_system.clone()));
        add(&of, "until a write of 4 KiB was safe there", known(disk.sync_ns.map(|ns| units::time(ns as f64))));
    }
    add("placement", "where client and servers ran", environment.placement.clone());
    table
}

/// The environment in a line.
pub(crate) fn environment_line(run: &Run) -> String {
    let started = &run.manifest.started_utc;
    let Some(environment) = &run.environment else {
        return format!("Begun {started}; the environment was not recorded.");
    };
    let (host, tool) = (&environment.host, &environment.tool);
    let mut parts = vec![format!("Begun {started}"), host.system.clone()];
    parts.extend(host.cpu_model.clone());
    parts.extend(host.cpus.map(|cpus| super::counted(cpus, "processor")));
    parts.extend(host.virtual_machine.filter(|is| *is).map(|_| "virtual machine".to_owned()));
    let revision = tool.revision.as_deref().map(|revision| format!(" {revision}")).unwrap_or_default();
    parts.push(format!("cachemark {}{revision} ({})", tool.version, tool.profile));
    let mut servers: Vec<(String, usize)> = Vec::new();
    for name in environment.servers.iter().map(|server| format!("{} {}", server.name, server.version)) {
        match servers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => servers.push((name, 1)),
        }
    }
    let counted = |(name, count)| if count == 1 { name } else { format!("{name} ({count} servers)") };
    parts.extend(servers.into_iter().map(counted));
    parts.push(environment.placement.clone());
    parts.join(" · ")
}

/// What a server is called: those of one name, which arms have of their own, by their number too.
fn numbered(servers: &[Server], place: usize) -> String {
    let server = &servers[place];
    let alike = |other: &&Server| (&other.kind, &other.name) == (&server.kind, &server.name);
    let (all, before) = (servers.iter().filter(alike).count(), servers[..place].iter().filter(alike).count());
    let number = if all > 1 { format!(", {} of {all}", before + 1) } else { String::new() };
    format!("{} {}{number}", server.kind, server.name)
}

fn host(host: &Host) -> Vec<(&'static str, String)> {
    let load = |load: [f64; 3]| load.map(|average| format!("{average:.2}")).join(", ");
    let virtual_machine = |is: bool| if is { "yes" } else { "no" }.to_owned();
    vec![
        ("system", host.system.clone()),
        ("kernel", known(host.kernel.clone())),
        ("processor", known(host.cpu_model.clone())),
        ("processors usable", known(host.cpus.map(|cpus| cpus.to_string()))),
        ("memory", known(host.memory_bytes.map(units::bytes))),
        ("frequency governor", known(host.governor.clone())),
        ("virtual machine", known(host.virtual_machine.map(virtual_machine))),
        ("load average at the start (1, 5, 15 min)", known(host.load_average.map(load))),
    ]
}

/// What cannot be known is said to be unknown, and not guessed.
fn known(value: Option<String>) -> String {
    value.unwrap_or_else(|| "not known".to_owned())
}
