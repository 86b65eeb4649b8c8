import type { Clock } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { WithinTenant } from "../tenants/within-tenant.ts";
import { type CopyOptions, type CopyReport, checkCopy, copyData } from "./copy-data.ts";
import { type ExportOptions, type ExportReport, exportData } from "./export-data.ts";
import { type ImportOptions, type ImportReport, importData } from "./import-data.ts";

/** Takes the rows of tenants out of their databases and puts rows in, never many at once. */
export interface TenantData {
  /**
   * Writes the current tenant's rows to a stream as lines of JSON or as CSV, such that `import` reads them again. Throws
   * as `em()` does, `InvalidInputError`, `DataLimitError`, the signal's reason or the stream's error.
   */
  export(options: ExportOptions): Promise<ExportReport>;
  /**
   * Reads rows from a stream, looks at each, and writes them for the current tenant, whatever tenant the file names.
   * Throws as `em()` does, `InvalidInputError`, `DataFormatError`, `DataLimitError`, `InvalidRowError`,
   * `TenantReadOnlyError`, the signal's reason or the stream's error.
   */
  import(options: ImportOptions): Promise<ImportReport>;
  /**
   * Copies rows of one tenant to another with the keys that they have, wherever each of them is placed. A copy that was
   * cut short stays as far as it came, and is finished by another with `onConflict: "skip"`. Throws as `import()` does.
   */
  copy(options: CopyOptions): Promise<CopyReport>;
}

/** How data is got at. */
export interface DataAccess {
  /** The tenancy's, once there is one. */
  clock(): Clock;
  /** The current tenant's entity manager for background work. */
  current(): SqlEntityManager;
  readonly within: WithinTenant;
}

/** Makes the calls for data. */
export function tenantData(access: DataAccess): TenantData {
  return {
    export: async (options) => exportData(access.current(), access.clock(), options),
    import: async (options) => importData(access.current(), access.clock(), options),
    async copy(options) {
      checkCopy(options);
      const { from, to, signal } = options;
      return access.within(from, { readOnly: true, bulk: true, signal }, (source) =>
        access.within(to, { bulk: true, signal }, (target) =>
          copyData(source, target, access.clock(), options),
        ),
      );
    },
  };
}
