/** Where a tenant stands in its life; only `active` tenants are served. */
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
  /** Seconds after which a client may ask again. */
  readonly retryAfter: number;
}

/** A tenant as the registry keeps it. */
export interface TenantRecord extends Tenant, TenantConditions {
  readonly name: string;
  readonly plan: string | undefined;
  readonly metadata: TenantMetadata;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** A way to name a tenant: `by` is `id`, `slug`, `domain` or an attribute that the store declares unique. */
export interface TenantReference {
  readonly by: string;
  readonly value: string;
}

/** A tenant, its id, or a reference to it by another name. */
export type TenantLike<T extends Tenant> = T | string | TenantReference;

/** A host name that leads to a tenant. */
export interface TenantDomain {
  /** Canonical: ASCII, lower case, no port, no trailing dot. */
  readonly name: string;
  readonly primary: boolean;
  /** Milliseconds since 1970; an unverified domain (`undefined`) never leads anywhere. */
  readonly verifiedAt: number | undefined;
}
