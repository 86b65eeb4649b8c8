import type { SeederDone } from "../contracts/tenant-seeding.ts";
import { TenancyError } from "./tenancy-error.ts";

/** Thrown when a seeder is asked for that there is not; nothing was changed. */
export class UnknownSeederError extends TenancyError {
  readonly code = "UNKNOWN_SEEDER";
  override readonly status = 400;
  override readonly publicMessage = "There is no such seeder.";

  constructor(name: string, known: readonly string[]) {
    const all = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
    super(`There is no seeder "${name}": ${all}.`);
  }
}

/** Thrown while another process seeds the same tenant; nothing was changed. */
export class SeedingLockedError extends TenancyError {
  readonly code = "SEEDING_LOCKED";
  override readonly status = 409;
  override readonly publicMessage = "The account is being prepared; try again soon.";
  override readonly transient = true;
  readonly seeder: string;

  constructor(tenantId: string, seeder: string, options?: ErrorOptions) {
    super(
      `The seeder "${seeder}" of tenant "${tenantId}" is run by another process: wait until it has finished.`,
      options,
    );
    this.seeder = seeder;
  }
}

/** Thrown when a seeder of a tenant fails; what it has not committed was taken back. */
export class SeederFailedError extends TenancyError {
  readonly code = "SEEDER_FAILED";
  readonly seeder: string;
  /** Those that ran before it, in the same call. */
  readonly done: readonly SeederDone[];

  constructor(
    tenantId: string,
    seeder: string,
    done: readonly SeederDone[],
    options: ErrorOptions,
  ) {
    super(
      `The seeder "${seeder}" of tenant "${tenantId}" failed: see the cause, mend it, then seed this tenant again.`,
      options,
    );
    this.seeder = seeder;
    this.done = done;
  }
}
