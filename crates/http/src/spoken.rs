//! A definition whose arms are services.

use crate::assembler::STORE;
use crate::audit::AUDIT_URL;
use crate::section::Section;
use crate::{BaseUrl, DESCRIPTOR, DRIVER, HttpTemplates, Service, URL};
use cachemark_bench::definition::{Arm, Catalogue, Definition, Draft, Mistake, Mistakes, Origin, Overrides};

/// A definition, and how its services are spoken to.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// The definition: each service is an arm of the strategy `http`.
    pub definition: Definition,
    /// What its table `[http]` says.
    pub templates: HttpTemplates,
}

/// Reads a definition as a load takes it: its arms are the services that are given or, without any, those that it names.
/// `drivers` are the names of those that may drive it, the first by default.
///
/// # Errors
/// Every mistake at once; of a text that is no TOML, the first.
pub fn spoken(
    name: &str,
    bytes: &[u8],
    given: &[Service],
    overrides: Overrides,
    drivers: &[&str],
) -> Result<Spoken, Mistakes> {
    let Section { table, templates, mistakes, .. } = Section::of(&String::from_utf8_lossy(bytes));
    let services = given.iter().map(|service| (service.name.clone(), service.base_url.to_string())).collect();
    let draft = Draft::read(name, bytes)?.also(mistakes).of_services(&DESCRIPTOR, &URL, services, table);
    let catalogue = Catalogue {
        strategies: &[DESCRIPTOR],
        stores: &[STORE],
        drivers,
        default_stores: &[STORE.name],
        ..Catalogue::NONE
    };
    let definition = Definition::resolve(draft.with(overrides), &catalogue)?;
    let list: Vec<Mistake> = definition.arms.iter().flat_map(|arm| mistakes_of(arm, drivers)).collect();
    match templates.filter(|_| list.is_empty()) {
        Some(templates) => Ok(Spoken { definition, templates }),
        None => Err(Mistakes { name: name.to_owned(), text: String::from_utf8_lossy(bytes).into_owned(), list }),
    }
}

/// What is wrong with a service: an address is no URL, or its login would be in every record that is made of the definition; or what
/// is to ask it is no driver.
fn mistakes_of(arm: &Arm, drivers: &[&str]) -> Vec<Mistake> {
    let (name, settings) = (&arm.name, &arm.strategy.settings);
    let mut mistakes = Vec::new();
    let mut check = |setting: &str, help: String| match BaseUrl::parse(settings.text(setting)) {
        Ok(url) if !url.has_login() => {}
        Ok(_) => {
            let message = format!(
                "the {setting} of `{name}` holds a user or a password, and a definition is kept in every record"
            );
            mistakes.push(Mistake::new(Origin::Default, message).advise(help));
        }
        Err(error) => mistakes.push(Mistake::new(Origin::Default, format!("the {setting} of `{name}`: {error}"))),
    };
    check(URL.name, format!("leave them out, and give them on the command line: --target {name}=URL"));
    if !settings.text(AUDIT_URL.name).is_empty() {
        check(AUDIT_URL.name, "leave them out, and let it be a service that asks for none".to_owned());
    }
    let driver = settings.text(DRIVER.name);
    if !driver.is_empty() && !drivers.contains(&driver) {
        mistakes.push(Mistake::unknown(Origin::Default, "driver", driver, drivers));
    }
    mistakes
}
