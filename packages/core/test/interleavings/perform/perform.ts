import type { Machine } from "../machine.ts";
import type { Place } from "../model.ts";
import type { Body, Operation } from "../operations.ts";
import { bind, callBound } from "./bound.ts";
import { all, detach, pause, throwPlanned, waitUntil } from "./branches.ts";
import { consume } from "./consume.ts";
import { forEach } from "./for-each.ts";
import { generator } from "./generators.ts";
import { end, initialize, reinitialize, scope } from "./open-scope.ts";
import { request } from "./requests.ts";
import { hang, read, write } from "./rows.ts";
import { central, glance, run } from "./scoped.ts";
import { stranger } from "./stranger.ts";

type Performers = {
  readonly [K in Operation["op"]]: (
    machine: Machine,
    operation: Extract<Operation, { op: K }>,
    place: Place,
  ) => Promise<void>;
};

const performers: Performers = {
  pause,
  read,
  write,
  hang,
  throw: throwPlanned,
  run,
  glance,
  central,
  forEach,
  all,
  detach,
  waitUntil,
  bind,
  callBound,
  generator,
  consume,
  scope,
  initialize,
  end,
  reinitialize,
  request,
  stranger,
};

/** Performs operations in order; around each of them the current tenant has to be the model's. */
export async function perform(machine: Machine, body: Body, place: Place): Promise<void> {
  for (const operation of body) {
    const { op } = operation;
    machine.oracles.here(place, `before ${op}`);
    try {
      await performers[op](machine, operation as never, place);
    } finally {
      machine.oracles.here(place, `after ${op}`);
    }
  }
}
