import { createKeyRing, defineTenancy, type TenantRecord } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver, firstOf, subdomainResolver } from "@af-tenancy/resolvers";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { type Mailer, mailerBootstrapper } from "./mailer-bootstrapper.ts";
import { Note } from "./note.ts";

/** What the application brings from outside: its folder, its secret, its mail server and its log. */
export interface Surroundings {
  readonly folder: string;
  readonly key: string;
  readonly connectMail: (from: string) => Mailer;
  readonly updateMailList: (change: string, tenantId: string) => Promise<void>;
  readonly log: { error(message: string, error: unknown): void };
}

/** Every option of a tenancy, in one place. */
export function configure({ folder, key, connectMail, updateMailList, log }: Surroundings) {
  const db = sqlite({ folder: `${folder}/tenants`, entities: [Note] });
  const options = defineTenancy<TenantRecord>({
    registry: sqliteRegistry({ file: `${folder}/registry.sqlite` }),
    databases: db,
    provisioning: provisioning({ leaseMs: 30_000 }),
    resolve: firstOf(subdomainResolver({ domain: "example.com" }), domainResolver()),
    central: ["example.com", "www.example.com"],
    bootstrappers: [mailerBootstrapper(connectMail)],
    keys: createKeyRing({ current: key }),
    hooks: { failure: ({ error, tenantId }) => log.error(`tenant ${tenantId}`, error) },
    consumers: { "mail-list": ({ type, tenantId }) => updateMailList(type, tenantId) },
    graceMs: 10_000,
  });
  return { db, options };
}
