import type { JsonValue, TenantDomain } from "./tenant.ts";

/** What the registry keeps of the fleet beside its tenants, inside one transaction. */
export interface FleetRecords {
  readonly domains: DomainDirectory;
  readonly servers: ServerDirectory;
  readonly centralDomains: CentralDirectory;
  readonly audit: AuditTrail;
  readonly accesses: AccessRecord;
  readonly sequences: Sequences;
}

/** The domains of all tenants, and the proof that they belong to whom they lead to. */
export interface DomainDirectory {
  /** Gives domains in order of name. */
  list(filter?: DomainFilter): Promise<readonly RegisteredDomain[]>;
  /** Finds a domain, verified or not. */
  find(name: string): Promise<RegisteredDomain | undefined>;
  /**
   * Keeps the hash of a token that is to prove the domain, in place of the token before it, and leaves its verification
   * as it is; throws `InvalidInputError` when the tenant has no such domain.
   */
  challenge(tenantId: string, name: string, token: string): Promise<void>;
  /**
   * Verifies a domain by its token and forgets the token, so that of racing calls one wins; gives whether it was the
   * token. Then the outbox has a `domains.updated` of it in the same transaction.
   */
  prove(tenantId: string, name: string, token: string): Promise<boolean>;
}

/** Which domains `list` gives. */
export interface DomainFilter {
  readonly tenantId?: string;
  /** Of any of these. */
  readonly tenantIds?: readonly string[];
  /** Only verified ones, or only those that are not. */
  readonly verified?: boolean;
  /** Only names after this one: for the next page. */
  readonly after?: string;
  /** How many at most; 500 when absent. */
  readonly limit?: number;
}

/** A domain and whose it is. */
export interface RegisteredDomain extends TenantDomain {
  readonly tenantId: string;
  /** Whether a token waits to prove it. */
  readonly challenged: boolean;
}

/** The servers that tenants are placed on. */
export interface ServerDirectory {
  /** Writes or replaces a server; throws `InvalidInputError` for a secret that is not sealed. */
  record(server: ServerRecord): Promise<void>;
  /** Gives the servers, by driver and name, each with the number of tenants placed on it. */
  list(): Promise<readonly LoadedServer[]>;
  /** Forgets a server; throws `InvalidInputError` while tenants are placed on it. */
  forget(driver: string, name: string): Promise<void>;
}

/** A server as the registry keeps it. */
export interface ServerRecord {
  readonly driver: string;
  /** What placements call it, such as `eu-1`. */
  readonly name: string;
  /** Whether new tenants may be placed on it. */
  readonly state: "open" | "closed";
  /** How many tenants it may hold; `undefined` for any number. */
  readonly capacity: number | undefined;
  /** How it is reached, encrypted by the key ring; `undefined` where the configuration says it. */
  readonly secret: string | undefined;
}

/** A server and how many tenants are placed on it. */
export interface LoadedServer extends ServerRecord {
  readonly tenants: number;
}

/** The host names of the central application, beside those that the configuration says. */
export interface CentralDirectory {
  /** Gives the names in their order. */
  list(): Promise<readonly string[]>;
  /** Adds a canonical name or wildcard and gives whether it was not there. */
  add(name: string): Promise<boolean>;
  /** Forgets a name and gives whether it was there. */
  remove(name: string): Promise<boolean>;
}

/** Who did what to whom: entries are added and never changed. */
export interface AuditTrail {
  /** Writes an entry at the registry's own time. */
  append(entry: NewAuditEntry): Promise<void>;
  /** Gives entries, newest first. */
  list(filter?: AuditFilter): Promise<readonly AuditEntry[]>;
  /** Removes entries older than a time in milliseconds since 1970 and gives how many there were. */
  prune(before: number): Promise<number>;
}

/** What is known of an act when it is written down. */
export interface NewAuditEntry {
  /** Such as `tenant.suspended`. */
  readonly action: string;
  readonly tenantId: string | undefined;
  readonly actor: string | undefined;
  /** The request that caused it, and why it was made. */
  readonly cause: AuditCause;
  /** Free of secrets. */
  readonly details: JsonValue;
}

/** Which request caused an act, and why. */
export interface AuditCause {
  readonly requestId?: string;
  readonly reason?: string;
}

/** An act as the registry keeps it. */
export interface AuditEntry extends NewAuditEntry {
  readonly sequence: number;
  /** Milliseconds since 1970, in the registry's time. */
  readonly at: number;
}

/** Which entries of the audit trail `list` gives. */
export interface AuditFilter {
  readonly tenantId?: string;
  readonly actor?: string;
  readonly action?: string;
  /** Only entries before this sequence number: for the next page. */
  readonly before?: number;
  /** How many at most; 100 when absent. */
  readonly limit?: number;
}

/** Remembers when tenants were last entered. */
export interface AccessRecord {
  /** Moves the times of tenants forward, never back; those that are not there are passed over. */
  record(times: ReadonlyMap<string, number>): Promise<void>;
}

/** Numbers that are given once each. */
export interface Sequences {
  /** Gives the next number of a sequence, 1 at first; one that a failed transaction took may be given again. */
  next(name: string): Promise<number>;
}
