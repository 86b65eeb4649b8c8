/** Every check of `doctor`, with the broken set-up that it finds. */
export const englishChecks = Object.freeze({
  "fleet/not-started": "the registry cannot be reached, or tenants' rows would be exposed",
  "fleet/unexamined": "a doctor or a comparison failed while it looked",
  "fleet/unrecorded-database": "a tenant is placed in a database that the registry's list lacks",
  "fleet/tenantless-database": "a database is there whose tenant the registry has lost",
  "fleet/garbage-database": "a database is there that was to be dropped",
  "fleet/unfinished-operation":
    "a creation, a change or a purge failed or was cut off: `repair`, or `tenant purge --skip-grace`",
  "fleet/dirty-schema": "a tenant's migration was cut off half-way",
  "fleet/unfinished-plan": "a migration failed at some tenants, and they are still behind",
  "doctor/unreachable": "a server is down, or its address is wrong",
  "doctor/unexamined": "a check failed while it looked",
  "doctor/missing-database": "a tenant's database, schema or file was dropped or moved away",
  "doctor/foreign-database": "another tenant's database or an older copy was put in its place",
  "doctor/missing-table": "a table of a tenant's cache or sessions was dropped or never made",
  "sqlite/folder-not-writable": "the folder of tenants' files belongs to another user",
  "sqlite/open-to-others": "every user of the machine may write in the folder or in a file",
  "sqlite/orphaned-journal": "a file was taken away and its journal left",
  "sqlite/abandoned-draft": "a process was killed while it made a file",
  "sqlite/open-files-limit": "maxOpen is more than the process may have open",
  "postgresql/unsafe-pooler": "a pooler stands before the server, and the options do not say so",
  "postgresql/login-search-path": "the user's sessions begin with a search_path",
  "postgresql/missing-rights": "the user may not make databases, schemas or users",
  "postgresql/connection-limit": "pools of all processes are more than the server lets in",
  "postgresql/public-connect": "everybody may connect to a tenant's database",
  "postgresql/reaches-other-tenant": "a tenant's user was granted another one's database",
  "postgresql/backend-memory": "too many schemas for a server process to remember",
  "postgresql/orphaned-files": "the server crashed while it made a database",
  "postgresql/replica-of-another": "a replica follows another server",
  "postgresql/replica-writable": "a replica is no standby",
  "postgresql/privileged-role": "sharedRole is a superuser or passes policies by",
  "postgresql/owned-table": "sharedRole owns a shared table",
  "postgresql/missing-policy": "a shared table has no policy",
  "postgresql/unforced-policy": "a policy does not hold for the table's owner",
  "postgresql/altered-policy": "a policy was changed by hand",
  "postgresql/permissive-policy": "a second policy lets more rows through",
  "postgresql/view-of-owner": "a view reads shared tables as its owner",
  "postgresql/login-tenant-variable": "the user's sessions begin in a tenant",
  "postgresql/privileged-login": "the application connects as a superuser",
  "mysql/missing-rights": "the user lacks rights on tenants' databases",
  "mysql/connection-limit": "pools of all processes are more than the server lets in",
  "mysql/reaches-other-tenant": "a tenant's user was granted another one's database",
  "mysql/table-cache": "tenants have more tables than the server keeps open",
  "mysql/open-files-limit": "the server may open fewer files than its limits need",
  "mysql/replica-writable": "a replica takes writes",
  "mysql/lower-case-names": "the server folds names of tables",
  "mysql/old-collation": "a tenant's database is not utf8mb4",
});

/** The id of a check. */
export type CheckId = keyof typeof englishChecks;

/** Makes the list of checks that help has. */
export function listOfChecks(checks: Readonly<Record<string, string>>): string {
  return Object.entries(checks)
    .map(([id, broken]) => `- ${id}: ${broken}`)
    .join("\n");
}
