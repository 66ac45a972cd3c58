//! A definition whose arms are services.

use crate::section::Section;
use crate::{AUDIT_URL, BaseUrl, DESCRIPTOR, DRIVER, HttpTemplates, STORE, Service, URL};
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
    let Section { templates, mistakes, .. } = Section::of(&String::from_utf8_lossy(bytes));
    let services = given.iter().map(|service| (service.name.clone(), service.base_url.to_string())).collect();
    let draft = Draft::read(name, bytes)?.also(mistakes).of_services(&DESCRIPTOR, &URL, services, templates.to_table());
    let definition = resolve(draft.with(overrides), drivers)?;
    let undriven = definition.arms.iter().filter_map(|arm| undriven(arm, drivers));
    let list: Vec<Mistake> = definition.arms.iter().flat_map(misplaced).chain(undriven).collect();
    if list.is_empty() {
        return Ok(Spoken { definition, templates });
    }
    Err(Mistakes { name: name.to_owned(), text: String::from_utf8_lossy(bytes).into_owned(), list })
}

/// What is wrong with the addresses of a service: one is no URL, or its login would be in every record that is made of the definition.
fn misplaced(arm: &Arm) -> Vec<Mistake> {
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
    mistakes
}

/// A service that is to be asked by what is no driver.
fn undriven(arm: &Arm, drivers: &[&str]) -> Option<Mistake> {
    let driver = arm.strategy.settings.text(DRIVER.name);
    let known = driver.is_empty() || drivers.contains(&driver);
    (!known).then(|| Mistake::unknown(Origin::Default, "driver", driver, drivers))
}

fn resolve(draft: Draft, drivers: &[&str]) -> Result<Definition, Mistakes> {
    let catalogue = Catalogue {
        strategies: &[DESCRIPTOR],
        stores: &[STORE],
        drivers,
        default_stores: &[STORE.name],
        ..Catalogue::NONE
    };
    Definition::resolve(draft, &catalogue)
}
