//! The user that servers run as. Postgres refuses to run as root, and no server needs to.

use std::fs;

/// A user by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) user: u32,
    pub(crate) group: u32,
}

impl Account {
    /// Whom servers are to run as: nobody else than we are, unless we are root.
    pub(crate) fn for_servers() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            return None;
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"].iter().find_map(|name| Self::named(&users, name))
    }

    /// The user that servers run as.
    pub(crate) fn user_of(account: Option<Self>) -> u32 {
        account.map_or_else(|| rustix::process::geteuid().as_raw(), |account| account.user)
    }

    fn named(users: &str, name: &str) -> Option<Self> {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next() != Some(name) {
                return None;
            }
            let mut numbers = fields.skip(1).map_while(|field| field.parse().ok());
            Some(Self { user: numbers.next()?, group: numbers.next()? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_name_alone() {
        let users = "root:x:0:0::/:/bin/sh\npostgres2:x:7:8::/:/bin/sh\npostgres:x:107:115:,,,:/:/bin/sh\nbroken:x:\n";
        assert_eq!(Account::named(users, "postgres"), Some(Account { user: 107, group: 115 }));
        assert_eq!(Account::named(users, "broken"), None);
        assert_eq!(Account::named(users, "nobody"), None);
    }
}
