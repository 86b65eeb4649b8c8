import type { HealthOutput } from "../outputs/health-output.ts";

/** How one thing is. */
export type HealthCheck = HealthOutput["checks"][number];

export type HealthStatus = HealthOutput["status"];

/** What a look at one thing gives; its time is taken by whoever looks. */
export type Seen = Omit<HealthCheck, "milliseconds">;

/** Gives the worst of several. */
export function worstOf(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes("unhealthy")) return "unhealthy";
  return statuses.includes("warning") ? "warning" : "healthy";
}

/** What is said of each thing. */
export interface HealthTexts {
  readonly starts: string;
  readonly answers: string;
  readonly silent: (seconds: number) => string;
  readonly servers: string;
  readonly findings: (errors: number, warnings: number, first: string) => string;
  readonly databases: (count: number) => string;
  readonly absent: (slug: string) => string;
  readonly failing: (count: number, all: number, first: string) => string;
  readonly migrated: string;
  readonly redis: (state: string) => string;
  readonly free: (percent: number, gigabytes: string) => string;
}
