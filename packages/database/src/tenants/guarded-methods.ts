import { assertNothingForeign, assertRelationsOwn } from "./assert-nothing-foreign.ts";
import { assertOwn, bindingOfManager } from "./assert-own.ts";
import { guardedBuilder } from "./guarded-builder.ts";
import { type Method, replaceMethod } from "./replace-method.ts";

/** Has the methods of a class of entity managers refuse other tenants' entities, and writes where it may only read. */
export function guardMethods(prototype: object): void {
  const { now, later, keyed, rows, streamed, writing } = methods();
  for (const method of keyed) replaceMethod(prototype, method, refusingForeign);
  for (const method of rows) replaceMethod(prototype, method, refusingForeignRelations);
  for (const method of streamed) replaceMethod(prototype, method, refusingForeignNow);
  for (const method of now) replaceMethod(prototype, method, checking);
  for (const method of later) replaceMethod(prototype, method, checkingLater);
  for (const method of writing) replaceMethod(prototype, method, mayWrite);
  replaceMethod(prototype, "createQueryBuilder", guardingBuilder);
}

/** Throws where the manager can only read. */
export function assertMayWrite(em: unknown): void {
  const refuseWrite = bindingOfManager(em)?.refuseWrite;
  if (refuseWrite !== undefined) throw refuseWrite();
}

function methods() {
  const rows = ["insert", "insertMany", "upsert", "upsertMany"];
  return {
    /** To which an application may hand an entity that another tenant's manager has loaded. */
    now: ["assign", "merge", "persist", "remove"],
    later: ["clone", ...rows, "lock", "populate", "refresh"],
    /** Which take an entity in data or a condition for its key; `findOneOrFail()` and others call these first. */
    keyed: [
      ...["find", "findOne", "findAndCount", "count", "countBy"],
      ...["nativeUpdate", "nativeDelete", "clone", ...rows],
    ],
    /** The same, which answer no promise. */
    streamed: ["stream", "getReference"],
    /** Which write an entity without a flush. */
    rows,
    /** Which write without a flush. */
    writing: [...rows, "nativeDelete", "nativeUpdate"],
  } as const;
}

/** The first argument is the entity's class, or an entity. */
function refusingForeignNow(original: Method): Method {
  return function refuseForeign(this: unknown, ...args) {
    const binding = bindingOfManager(this);
    if (binding === undefined) return original.apply(this, args);
    for (let index = 1; index < args.length; index += 1) {
      assertNothingForeign(binding, args[index]);
    }
    return original.apply(this, args);
  };
}

function refusingForeign(original: Method): Method {
  return rejecting(refusingForeignNow(original));
}

function refusingForeignRelations(original: Method): Method {
  return rejecting(function refuseForeign(this: unknown, ...args) {
    const binding = bindingOfManager(this);
    if (binding !== undefined) assertRelationsOwn(binding, args[1] ?? args[0]);
    return original.apply(this, args);
  });
}

/** Has the caller's promise fail, and adds none: reading one row by its key goes through it. */
function rejecting(check: Method): Method {
  return function refuseForeign(this: unknown, ...args) {
    try {
      return check.apply(this, args);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

function checking(original: Method): Method {
  return function check(this: unknown, ...args) {
    for (const arg of args) assertOwn(this, arg);
    return original.apply(this, args);
  };
}

function checkingLater(original: Method): Method {
  const checked = checking(original);
  return async function check(this: unknown, ...args) {
    return checked.apply(this, args);
  };
}

function mayWrite(original: Method): Method {
  return async function write(this: unknown, ...args) {
    assertMayWrite(this);
    return original.apply(this, args);
  };
}

function guardingBuilder(original: Method): Method {
  return function createQueryBuilder(this: unknown, ...args) {
    const builder = original.apply(this, args) as object;
    const binding = bindingOfManager(this);
    return binding === undefined ? builder : guardedBuilder(builder, binding);
  };
}
