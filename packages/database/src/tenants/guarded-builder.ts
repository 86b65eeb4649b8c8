import { assertNothingForeign, assertRelationsOwn } from "./assert-nothing-foreign.ts";
import { replaceMethod } from "./replace-method.ts";
import type { ScopeBinding } from "./scope-binding.ts";

/** Has a query builder, and the copies made of it, refuse other tenants' entities in data and conditions. */
export function guardedBuilder<B extends object>(builder: B, binding: ScopeBinding): B {
  for (const method of takingValues) {
    replaceMethod(builder, method, (original) => {
      return function check(this: unknown, ...args) {
        for (const arg of args) assertNothingForeign(binding, arg);
        assertRelationsOwn(binding, args[0]);
        return original.apply(this, args);
      };
    });
  }
  replaceMethod(builder, "clone", (original) => {
    return function clone(this: unknown, ...args) {
      return guardedBuilder(original.apply(this, args) as B, binding);
    };
  });
  return builder;
}

/** The others call these, as `andWhere()` does `where()`. */
const takingValues = Object.freeze([
  ...["insert", "update", "delete", "merge", "where", "having"],
  ...["join", "joinAndSelect", "populate"],
] as const);
