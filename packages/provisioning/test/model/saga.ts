import type { Model } from "./explore.ts";

/** Which of the design's safeguards a variant has. */
export interface Safeguards {
  /** A take-over begins again under a new generation, and so under a new name. */
  readonly newNames: boolean;
  /** The name of a database that was begun stays in the ledger although nothing is found under it. */
  readonly remembers: boolean;
  /** Only who still has the operation may write the journal. */
  readonly comparesOwner: boolean;
  /** What failed is left to whoever takes the operation up, and not taken back on the spot. */
  readonly leavesFailures: boolean;
}

/** What may go wrong at most, and how often somebody takes over from a process that still lives. */
export interface Bounds {
  readonly crashes: number;
  readonly failures: number;
  readonly replacements: number;
}

/** One tenant's row, its operation, its databases by generation, and the processes that work on it. */
export interface Saga {
  readonly status: "none" | "provisioning" | "failed" | "active" | "deleting" | "gone";
  readonly generation: number;
  readonly kind: "none" | "create" | "purge";
  /** 0: nothing there, 1: made, 2: with its tables. */
  readonly databases: readonly number[];
  readonly ledger: readonly (Entry | undefined)[];
  readonly processes: readonly Process[];
  readonly sweeper: Sweeper;
  readonly left: Bounds;
  readonly purges: number;
}

type Entry = "creating" | "ready" | "garbage";

/** A process at one of its steps, with what it knew when it began it; idle when it has no step. */
interface Process {
  readonly at: string;
  /** Nobody has claimed the operation after it. */
  readonly owns: boolean;
  readonly generation: number;
}

interface Sweeper {
  readonly at: "idle" | "check" | "drop" | "forget";
  /** The generation that it is about. */
  readonly generation: number;
}

const idle: Process = { at: "idle", owns: false, generation: 0 };
const resting: Sweeper = { at: "idle", generation: 0 };

/** Makes the model: two provisioners that finish whatever they find, a deleter, and a sweeper. */
export function saga(safeguards: Safeguards, bounds: Bounds): Model<Saga> {
  return {
    initial: {
      ...{ status: "none", generation: 0, kind: "none", purges: 1 },
      ...{ databases: [], ledger: [], processes: [idle, idle, idle], sweeper: resting },
      left: bounds,
    },
    *next(state) {
      for (const [index, process] of state.processes.entries()) {
        if (process.at === "idle") yield* begin(state, index, safeguards);
        else yield* work(state, index, process, safeguards);
      }
      yield* sweep(state, safeguards);
    },
    violation({ status, generation, databases, kind }) {
      if (kind === "purge" && status !== "deleting") return "a purged tenant that comes back";
      if (kind === "none" && status === "failed") return "failed with nothing to continue";
      if (status === "active" && databases[generation] !== 2) return "active without its database";
      return undefined;
    },
    unfinished({ status, generation, databases, kind }) {
      if (kind !== "none") return "an operation that nobody finishes";
      const others = databases.some(
        (one, index) => one && (status !== "active" || index !== generation),
      );
      return others ? "a database that nobody drops" : undefined;
    },
  };
}

const deleter = 2;

/** A tenant is made once, purged once, and whatever is unfinished may be taken over by a provisioner at any time. */
function* begin(state: Saga, index: number, safeguards: Safeguards): Generator<Saga> {
  const { status, kind, purges } = state;
  if (index === deleter) {
    if (purges === 0 || status === "none" || status === "gone" || status === "deleting") return;
    if (kind !== "none" && !mayReplace(state)) return;
    const claimed = claim(replaced(state), index, "drop");
    yield {
      ...claimed,
      ...{ status: "deleting", kind: "purge", purges: purges - 1, ledger: givenUp(state.ledger) },
    };
    return;
  }
  if (status === "none") {
    const written: Saga = {
      ...{ ...state, status: "provisioning", kind: "create", generation: 1 },
      ledger: put(state.ledger, 1, "creating"),
    };
    yield claim(written, index, "look");
    return;
  }
  if (kind === "none" || !mayReplace(state)) return;
  const taken = replaced(state);
  if (kind === "purge") yield claim(taken, index, "drop");
  else yield claim(fenced(taken, safeguards), index, "look");
}

/** Whoever had the operation is dead or has failed, or others only think so. */
function mayReplace({ processes, left }: Saga): boolean {
  return left.replacements > 0 || !processes.some(({ owns }) => owns);
}

function replaced(state: Saga): Saga {
  if (!state.processes.some(({ owns }) => owns)) return state;
  return { ...state, left: { ...state.left, replacements: state.left.replacements - 1 } };
}

function fenced(state: Saga, { newNames }: Safeguards): Saga {
  if (!newNames) return { ...state, status: "provisioning" };
  const generation = state.generation + 1;
  const ledger = put(givenUp(state.ledger), generation, "creating");
  return { ...state, status: "provisioning", generation, ledger };
}

function givenUp(ledger: Saga["ledger"]): Saga["ledger"] {
  return ledger.map((entry) => (entry === "creating" ? "garbage" : entry));
}

function claim(state: Saga, index: number, at: string): Saga {
  const others = state.processes.map((one) => ({ ...one, owns: false }));
  const process = { at, owns: true, generation: state.generation };
  return { ...state, processes: put(others, index, process) };
}

/** One step of a process, or its death, or the step's failure. */
function* work(
  state: Saga,
  index: number,
  process: Process,
  safeguards: Safeguards,
): Generator<Saga> {
  const { left, databases, ledger } = state;
  const { at, generation } = process;
  const to = (next: string, changes: Partial<Saga> = {}): Saga => ({
    ...state,
    ...changes,
    processes: put(state.processes, index, next === "idle" ? idle : { ...process, at: next }),
  });
  const owns = process.owns || !safeguards.comparesOwner;
  const own = state.status === "provisioning" && state.generation === generation;

  if (left.crashes > 0) yield to("idle", { left: { ...left, crashes: left.crashes - 1 } });
  if (left.failures > 0 && ["create", "migrate", "drop"].includes(at)) {
    const failed = { left: { ...left, failures: left.failures - 1 } };
    if (safeguards.leavesFailures) {
      const status = at === "drop" ? state.status : "failed";
      yield to("idle", owns ? { ...failed, status } : failed);
    } else yield to("compensate", failed);
  }
  if (at === "compensate") {
    yield to("idle", { databases: put(databases, generation, 0), kind: "none", status: "gone" });
  } else if (at === "look") yield to(own ? "create" : "idle");
  else if (at === "create") {
    yield to("created", { databases: put(databases, generation, databases[generation] || 1) });
  } else if (at === "created") yield to(owns ? "look again" : "idle");
  else if (at === "look again") yield to(own ? "migrate" : "idle");
  else if (at === "migrate") {
    const isThere = databases[generation] !== undefined && databases[generation] > 0;
    if (isThere) yield to("migrated", { databases: put(databases, generation, 2) });
    else yield to("idle", owns ? { status: "failed" } : {});
  } else if (at === "migrated") yield to(owns ? "activate" : "idle");
  else if (at === "activate") {
    if (!owns || !own) yield to("idle");
    else if (databases[generation] !== 2) yield to("idle", { status: "failed" });
    else
      yield to("idle", {
        status: "active",
        kind: "none",
        ledger: put(ledger, generation, "ready"),
      });
  } else yield* purge(state, process, owns, to);
}

/** Drops what the ledger has, in any order and one after the other, and forgets the tenant. */
function* purge(
  state: Saga,
  { at }: Process,
  owns: boolean,
  to: (next: string, changes?: Partial<Saga>) => Saga,
): Generator<Saga> {
  const { status, databases, ledger } = state;
  if (at !== "drop" && at !== "forget") return;
  if (at === "drop" && status !== "deleting") return yield to("idle");
  if (at === "forget") {
    const kept = ledger.map((entry) => (entry === "garbage" ? entry : undefined));
    return yield owns ? to("idle", { status: "gone", kind: "none", ledger: kept }) : to("idle");
  }
  const there = ledger.flatMap((entry, one) => (entry && databases[one] ? [one] : []));
  for (const one of there) yield to("drop", { databases: put(databases, one, 0) });
  if (there.length === 0) yield to("forget");
}

/** Reads the ledger, then the row, then drops and forgets, each by itself. */
function* sweep(state: Saga, { remembers }: Safeguards): Generator<Saga> {
  const { sweeper, ledger, databases, status } = state;
  const { at, generation } = sweeper;
  if (at === "idle") {
    for (const [one, entry] of ledger.entries()) {
      if (entry !== "garbage" || (remembers && !databases[one])) continue;
      yield { ...state, sweeper: { at: "check", generation: one } };
    }
  } else if (at === "check") {
    const isOver = status === "gone" || generation < state.generation;
    if (isOver) yield { ...state, sweeper: { at: "drop", generation } };
    else yield { ...state, sweeper: resting };
  } else if (at === "drop") {
    const next = databases[generation] || !remembers ? "forget" : "idle";
    yield { ...state, databases: put(databases, generation, 0), sweeper: { at: next, generation } };
  } else yield { ...state, ledger: put(ledger, generation, undefined), sweeper: resting };
}

function put<V>(list: readonly V[], index: number, value: V): V[] {
  return Array.from({ length: Math.max(list.length, index + 1) }, (_, one) =>
    one === index ? value : (list[one] as V),
  );
}
