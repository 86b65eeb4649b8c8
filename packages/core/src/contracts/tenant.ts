/** Where a tenant stands in its life; `active` tenants are served, and suspended ones until their grace is over. */
export type TenantStatus =
  | "provisioning"
  | "pending"
  | "active"
  | "inactive"
  | "suspended"
  | "blocked"
  | "archived"
  | "deleting"
  | "deleted"
  | "failed";

/** What a tenant's database may be used for; operations set it, entity managers obey it. */
export type TenantAccess = "read-write" | "read-only" | "closed";

/** How a tenant's rows are kept apart: own database or file, own schema, or rows in shared tables. */
export type PlacementStrategy = "database" | "schema" | "row";

/** A value that survives JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The least that the framework needs to know of a tenant; an application's own class may implement it. */
export interface Tenant {
  /** Never changes and is never used again; at most 64 of `[A-Za-z0-9_-]`. */
  readonly id: string;
  /** The readable name in addresses and commands: unique, lower case, may change. */
  readonly slug: string;
  readonly status: TenantStatus;
  /** Grows with every change, so that an older copy is recognised. */
  readonly version: number;
  /** Where its data lives; `undefined` for applications that give tenants no database. */
  readonly placement: Placement | undefined;
}

/** Where a tenant's data lives: written once by provisioning, read everywhere. */
export interface Placement {
  /** Name of the driver package, such as `sqlite`. */
  readonly driver: string;
  readonly strategy: PlacementStrategy;
  /** Which of the configured servers; `default` where there is one. */
  readonly server: string;
  /** Physical name of the database, file or schema, such as `t_<id>_g1`. */
  readonly name: string;
  /** Raised by each take-over, so that a zombie can only touch an older database. */
  readonly generation: number;
  /** The tenant's own credentials, encrypted by the key ring; `undefined` where the server's are used. */
  readonly secret: string | undefined;
}

/** Facts about a tenant that an application keeps beside the framework's own; extend it by declaration merging. */
export interface TenantMetadata {
  readonly [key: string]: JsonValue | undefined;
}

/** Conditions that stand beside the status and are checked after it. */
export interface TenantConditions {
  /** Set while the tenant is down for maintenance. */
  readonly maintenance: Maintenance | undefined;
  /** Milliseconds since 1970 after which the tenant is no longer served. */
  readonly expiresAt: number | undefined;
  readonly access: TenantAccess;
}

/** Why and until when a tenant is down for maintenance. */
export interface Maintenance {
  readonly message: string;
  /** Seconds after which a client may ask again; less where the maintenance is over before. */
  readonly retryAfter: number;
  /** When it begins, in milliseconds since 1970; at once when absent. */
  readonly from?: number;
  /** When it is over by itself, in milliseconds since 1970; when it is ended when absent. */
  readonly until?: number;
  /** Addresses of clients that are served all the same: `192.0.2.7`, or blocks such as `2001:db8::/32`. */
  readonly allowed?: readonly string[];
  /** What tells the secret that lets past it, which it does not contain. */
  readonly bypass?: string;
}

/** A maintenance as it is ordered. */
export interface NewMaintenance extends Omit<Maintenance, "bypass"> {
  /**
   * A secret of 20 to 200 characters: whoever sends it is served. In the header `X-Maintenance-Bypass`, or once in a link
   * with `?maintenance_bypass=`, which gives a browser a cookie. Needs `keys`.
   */
  readonly secret?: string;
}

/** A tenant as the registry keeps it. */
export interface TenantRecord extends Tenant, TenantConditions, TenantLifeDates, TenantHistory {
  readonly name: string;
  readonly plan: string | undefined;
  readonly metadata: TenantMetadata;
  /** Whether its root address shows a home page of its own. */
  readonly homepage: boolean;
  /** Which migrations its database has, as its driver names them; `undefined` before the first one. */
  readonly schemaVersion: string | undefined;
}

/** Since when and until when a status holds; operations set these, times are milliseconds since 1970. */
export interface TenantLifeDates {
  readonly suspendedAt: number | undefined;
  /** Set while a deleted tenant waits to be purged and may still be restored. */
  readonly deletedAt: number | undefined;
  /** When the status begins to bite: a suspended tenant is served and a deleted one can be restored until then. */
  readonly graceUntil: number | undefined;
  /**
   * What a blocked, archived or deleted tenant was before, so that bringing it back does not free one that was
   * suspended or blocked. Of a suspended tenant it is set where only its expiry brought that about, which renewal ends.
   */
  readonly formerStatus: TenantStatus | undefined;
}

/** Who made and changed a tenant, and when; the registry writes these, times are milliseconds since 1970. */
export interface TenantHistory {
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The actor of the scope in which it was made; `undefined` where nobody was named. */
  readonly createdBy: string | undefined;
  /** The actor of the latest change; `undefined` where nobody was named. */
  readonly updatedBy: string | undefined;
  /** When it was last entered, late by up to the period in which this is written; it raises no version. */
  readonly lastAccessedAt: number | undefined;
}

/** A way to name a tenant: `by` is `id`, `slug`, `domain` or an attribute that the store declares unique. */
export interface TenantReference {
  readonly by: string;
  readonly value: string;
}

/** A tenant, its id, or a reference to it by another name. */
export type TenantLike<T extends Tenant = Tenant> = T | string | TenantReference;

/** A host name that leads to a tenant. */
export interface TenantDomain {
  /** Canonical: ASCII, lower case, no port, no trailing dot. */
  readonly name: string;
  readonly primary: boolean;
  /** Milliseconds since 1970; an unverified domain (`undefined`) never leads anywhere. */
  readonly verifiedAt: number | undefined;
}
