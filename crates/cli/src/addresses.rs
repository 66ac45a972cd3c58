//! Where the servers of an external stack are: read, and refused if they are no addresses, before anything is started.

use crate::exit::Failure;
use crate::servers;
use crate::stack::StackKind;
use cachemark_bench::definition::Definition;
use cachemark_core::LeftOut;
use cachemark_stack::Addresses;

/// The addresses that flags, environment and defaults come to for the servers that `definition` names. Those that flags
/// give are read whether they are needed or not.
///
/// # Errors
/// [`Failure::Usage`] for a flag beside a stack that is not external, for a variable that is empty or not UTF-8, and for
/// what is no address of its server.
pub(crate) fn resolve(kind: StackKind, definition: &Definition, given: Addresses) -> Result<Addresses, Failure> {
    if kind != StackKind::External {
        refuse(kind, &given)?;
        return Ok(given);
    }
    let parts = definition.caches.iter().chain(&definition.stores).map(|part| part.descriptor.name);
    of_servers(&parts.collect::<Vec<_>>(), given)
}

/// The same for the servers of these names.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn of_servers(names: &[&str], given: Addresses) -> Result<Addresses, Failure> {
    let addresses = given.completed(|name| names.contains(&name), |name| std::env::var_os(name));
    let addresses = addresses.map_err(|error| Failure::Usage(error.to_string()))?;
    for (kind, address) in addresses.iter() {
        servers::read_address(kind, &address.url)
            .map_err(|error| Failure::Usage(format!("{}: {error}", address.source)))?;
    }
    Ok(addresses)
}

/// A flag that names a server is no use to a stack that has its own, or none.
fn refuse(kind: StackKind, given: &Addresses) -> Result<(), Failure> {
    match given.iter().next() {
        None => Ok(()),
        Some((server, address)) if cfg!(not(feature = "servers")) => {
            let left_out = LeftOut { name: server.name, feature: "servers" };
            Err(Failure::Usage(format!("{}: {left_out}", address.source)))
        }
        Some((_, address)) => Err(Failure::Usage(format!(
            "{} names a server of an external stack, and --stack {} uses none: write --stack external {0} URL, or leave {0} \
             out",
            address.source,
            kind.name(),
        ))),
    }
}
