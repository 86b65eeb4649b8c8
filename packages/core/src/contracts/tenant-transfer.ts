import type { Writable } from "node:stream";
import type { MaybePromise } from "../maybe-promise.ts";

/** Puts tenants' rows into files and reads them from files. */
export interface TransferringDatabases {
  /** What does so; absent where the databases cannot. */
  readonly data?: TenantTransfer;
}

/** Writes the rows of the tenant in whose scope it is called to streams, and reads rows for it, never many at once. */
export interface TenantTransfer {
  /** Ends the streams when everything is in them, and destroys them when it fails. */
  export(rows: RowsOut): Promise<RowsWritten>;
  /** Looks at each row, and throws at the first one that cannot be unless such rows are to be skipped. */
  import(rows: RowsIn): Promise<RowsRead>;
}

/** What is exported, and where to. */
export interface RowsOut extends RowTransfer {
  /** A stream, or what makes one for each entity. */
  readonly to: Writable | ((entity: string) => MaybePromise<Writable>);
  /** Names of entities; all when absent. */
  readonly entities?: readonly string[];
  /** Whether everything is of one moment, as it is when absent. */
  readonly snapshot?: boolean;
}

/** What is imported, and how. */
export interface RowsIn extends RowTransfer {
  readonly from: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
  /** Whose rows they are, by name, which CSV needs. */
  readonly entity?: string;
  /** Names of the entities that may stand in it; all when absent. */
  readonly entities?: readonly string[];
  /** What happens to a row whose key is there already; `fail` when absent. */
  readonly onConflict?: "fail" | "skip" | "update";
  /** What happens to a row that cannot be; `stop` when absent. */
  readonly onInvalid?: "stop" | "skip";
  /** Everything or nothing, as when absent; with `false` each batch stays. */
  readonly atomic?: boolean;
  /** Does everything, and takes it back. */
  readonly dryRun?: boolean;
  /** Told of each row that cannot be. */
  readonly onIssue?: (issue: RowProblem) => void | Promise<void>;
}

/** What both ways have. */
export interface RowTransfer {
  readonly format: "jsonl" | "csv";
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly rows: number;
    readonly bytes: number;
  }) => void | Promise<void>;
}

/** What was exported: rows by the names of their entities. */
export interface RowsWritten {
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
}

/** What was imported: rows by the names of their entities, and the first of those that could not be. */
export interface RowsRead {
  readonly rows: Readonly<
    Record<string, Readonly<Record<"inserted" | "updated" | "skipped" | "invalid", number>>>
  >;
  readonly issues: readonly RowProblem[];
  readonly bytes: number;
}

/** Why a row was not imported; no value of it stands in it. */
export interface RowProblem {
  readonly line: number;
  readonly entity?: string | undefined;
  readonly column?: string | undefined;
  readonly code: string;
  readonly message: string;
}
