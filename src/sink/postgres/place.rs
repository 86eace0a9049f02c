//! The schema and its tables: found, or made, or asked for.
//!
//! In: a connection. Out: a schema whose tables are those of this version, with the connection looking there. Where the role may not do
//! what has to be done, it says which SQL somebody else has to run; then the same command works.

use postgres::Client;
use postgres::error::SqlState;

use super::super::Cause;
use crate::wire::relations::{Dialect, TABLES, VERSION, script, upgrade, view_names};

/// Tables that every version has.
const CORE: [&str; 5] = ["schema_version", "loads", "reports", "cell_names", "cell_values"];

/// Sets the session up: nothing that a role or a server has by default may end a long run.
pub(super) fn settle(client: &mut Client) -> Result<(), Cause> {
    // Not every version has all of them.
    let settle = "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN \
                  ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')";
    Ok(client.batch_execute(settle)?)
}

/// The schema that is meant: the one that was named, or the role's own.
pub(super) fn schema(client: &mut Client, named: Option<&str>) -> Result<String, Cause> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let row = client.query_one("SELECT current_schema()::text, current_user::text", &[])?;
    let (schema, role): (Option<String>, String) = (row.try_get(0)?, row.try_get(1)?);
    let own = quoted(&role);
    schema.ok_or_else(|| Cause::MayNotCreate(role, format!("CREATE SCHEMA {own} AUTHORIZATION {own};")))
}

/// Makes what is missing. From then on names without a schema are of this one.
pub(super) fn prepare(client: &mut Client, schema: &str) -> Result<(), Cause> {
    let rights = Rights::of(client, schema)?;
    let role = || rights.role.clone();
    let (place, grantee) = (quoted(schema), quoted(&rights.role));
    if !rights.stage {
        let database = quoted(&rights.database);
        return Err(Cause::MayNotWrite(role(), format!("GRANT TEMPORARY ON DATABASE {database} TO {grantee};")));
    }
    if !rights.exists && !rights.create_schema {
        let sql = format!("CREATE SCHEMA {place} AUTHORIZATION {grantee};");
        return Err(Cause::MayNotCreate(role(), sql));
    }
    let look = format!("SET search_path TO {place}");
    let tables = tables(client, schema)?;
    let ours: Vec<&str> = TABLES.iter().map(|table| table.name).chain(view_names()).collect();
    if CORE.iter().all(|core| tables.iter().any(|(name, _)| name == core)) {
        let closed = tables.iter().filter(|(name, open)| !open && TABLES.iter().any(|table| table.name == name));
        let closed: Vec<String> = closed.map(|(name, _)| format!("{place}.{}", quoted(name))).collect();
        let mut sql = Vec::new();
        if !rights.usage {
            sql.push(format!("GRANT USAGE ON SCHEMA {place} TO {grantee};"));
        }
        if !closed.is_empty() {
            sql.push(format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {grantee};", closed.join(", ")));
        }
        if !sql.is_empty() {
            return Err(Cause::MayNotWrite(role(), sql.join("\n")));
        }
        client.batch_execute(&look)?;
        return match version(client)? {
            Some(VERSION) => Ok(()),
            Some(version) if version > VERSION => Err(Cause::Newer(version)),
            version => bring_up(client, version, &rights.role, &look),
        };
    }
    if tables.iter().any(|(name, _)| ours.contains(&name.as_str())) {
        return Err(Cause::Foreign);
    }
    if rights.exists && !(rights.usage && rights.create) {
        return Err(Cause::MayNotCreate(role(), format!("GRANT USAGE, CREATE ON SCHEMA {place} TO {grantee};")));
    }
    let mut transaction = client.transaction()?;
    if !rights.exists {
        transaction.batch_execute(&format!("CREATE SCHEMA {place}"))?;
    }
    transaction.batch_execute(&look)?;
    transaction.batch_execute(&script(Dialect::Postgres))?;
    Ok(transaction.commit()?)
}

/// What the role may do.
struct Rights {
    role: String,
    database: String,
    /// Make temporary tables.
    stage: bool,
    create_schema: bool,
    /// Whether the schema is there.
    exists: bool,
    usage: bool,
    create: bool,
}

impl Rights {
    fn of(client: &mut Client, schema: &str) -> Result<Rights, Cause> {
        let ask = "SELECT current_user::text, current_database()::text, has_database_privilege(current_database(), 'TEMPORARY'), \
                   has_database_privilege(current_database(), 'CREATE'), n.oid IS NOT NULL, \
                   coalesce(has_schema_privilege(n.oid, 'USAGE'), false), coalesce(has_schema_privilege(n.oid, 'CREATE'), false) \
                   FROM (SELECT 1) AS one LEFT JOIN pg_namespace n ON n.nspname = $1::text";
        let row = client.query_one(ask, &[&schema])?;
        Ok(Rights {
            role: row.try_get(0)?,
            database: row.try_get(1)?,
            stage: row.try_get(2)?,
            create_schema: row.try_get(3)?,
            exists: row.try_get(4)?,
            usage: row.try_get(5)?,
            create: row.try_get(6)?,
        })
    }
}

/// What stands in the schema under the names of tables and views, and whether the role may read and write it.
fn tables(client: &mut Client, schema: &str) -> Result<Vec<(String, bool)>, Cause> {
    let ask = "SELECT c.relname::text, has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') \
               AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') \
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = $1::text AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.relname";
    client.query(ask, &[&schema])?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

fn version(client: &mut Client) -> Result<Option<i32>, Cause> {
    Ok(client.query_one("SELECT max(version) FROM schema_version", &[])?.try_get(0)?)
}

/// Makes tables of an older version those of this one, in one transaction. That takes their owner.
fn bring_up(client: &mut Client, from: Option<i32>, role: &str, look: &str) -> Result<(), Cause> {
    let sql = from.and_then(|from| upgrade(Dialect::Postgres, from)).ok_or(Cause::Foreign)?;
    let mut transaction = client.transaction()?;
    match transaction.batch_execute(&sql) {
        Ok(()) => Ok(transaction.commit()?),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            Err(Cause::MayNotWrite(role.to_owned(), format!("BEGIN;\n{look};\n{sql}COMMIT;")))
        }
        Err(error) => Err(error.into()),
    }
}

/// A name as SQL takes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
