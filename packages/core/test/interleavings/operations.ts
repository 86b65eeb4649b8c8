import type { Name } from "./core.ts";

/** How a tenant is named to the tenancy: by itself, or by a reference that the store has to look up. */
export type By = "itself" | "id" | "slug";

/** What a tree of work is made of; the place where an operation stands decides what has to come of it. */
export type Operation =
  /** Waits for the scheduler, or for some microtasks only. */
  | { readonly op: "pause"; readonly ticks: number }
  /** Reads a row through the current tenant's connection, which it may have got some time before. */
  | { readonly op: "read"; readonly key: number; readonly hold: boolean; readonly times: number }
  | { readonly op: "write"; readonly key: number }
  /** A query that never comes to an end by itself; only where the client is going to leave. */
  | { readonly op: "hang" }
  | { readonly op: "throw" }
  | {
      readonly op: "run";
      readonly name: Name;
      readonly by: By;
      readonly reason: string | undefined;
      readonly caught: boolean;
      readonly body: Body;
    }
  /** A run whose callback is synchronous. */
  | { readonly op: "glance"; readonly name: Name; readonly fails: boolean }
  | { readonly op: "central"; readonly caught: boolean; readonly body: Body }
  | {
      readonly op: "forEach";
      readonly names: readonly Name[] | null;
      readonly concurrency: number;
      readonly goesOn: boolean;
      readonly body: Body;
    }
  /** Parallel branches; with `settled` all of them are awaited, else the first failure leaves the others behind. */
  | { readonly op: "all"; readonly settled: boolean; readonly branches: readonly Body[] }
  /** Fire and forget. */
  | { readonly op: "detach"; readonly body: Body }
  | { readonly op: "waitUntil"; readonly body: Body }
  /** Puts a bound callback on the shelf, for `callBound` somewhere else. */
  | { readonly op: "bind"; readonly body: Body }
  | { readonly op: "callBound"; readonly which: number }
  /** Makes a generator in a tenant, in central, or here, takes some steps of it, and may leave it on the shelf. */
  | {
      readonly op: "generator";
      readonly where: Name | "central" | "here";
      readonly sync: boolean;
      readonly wrapped: boolean;
      readonly steps: readonly Step[];
      readonly shelved: boolean;
      readonly body: Body;
    }
  | { readonly op: "consume"; readonly which: number; readonly step: Step }
  /** An open scope; the next three work in it and are refused everywhere else. */
  | { readonly op: "scope"; readonly caught: boolean; readonly body: Body }
  | { readonly op: "initialize"; readonly name: Name; readonly by: By; readonly reads: number }
  | { readonly op: "end" }
  | { readonly op: "reinitialize" }
  /** The scopes of another tenancy in the same process, which change nothing here. */
  | { readonly op: "stranger"; readonly name: Name; readonly body: Body }
  /** A request whose client may leave early. */
  | {
      readonly op: "request";
      readonly name: Name | "central";
      readonly closing: "first" | "later" | "aborted";
      readonly body: Body;
    };

/** Operations, one after the other. */
export type Body = readonly Operation[];

/** One step of an iterator, taken here or inside another scope. */
export interface Step {
  readonly at: Name | "central" | "here";
  readonly take: "next" | "return" | "throw";
}
