import type { Scope, TenancyHooks, Tenant } from "../../src/index.ts";
import type { Name } from "./core.ts";
import type { Oracles } from "./oracles.ts";
import type { Plan } from "./plan.ts";
import type { World } from "./world.ts";

const order = [
  "initializing",
  "bootstrapping",
  "bootstrapped",
  "initialized",
  "ending",
  "reverting",
  "reverted",
  "ended",
] as const;

/** Listeners of every step in a scope's life, which check its order and may refuse it. */
export function listeners(
  { listeners, veto }: Plan,
  world: World,
  oracles: () => Oracles,
  told: unknown[],
): TenancyHooks<Tenant> {
  const failure: TenancyHooks<Tenant> = { failure: ({ error }) => void told.push(error) };
  if (listeners === "none") return failure;
  const last = new WeakMap<Scope<Tenant>, number>();
  let calls = 0;

  const listen = (event: (typeof order)[number]) => {
    const check = (scope: Scope<Tenant>): void => {
      const name = scope.tenant.slug as Name;
      oracles().within({ name }, event);
      const position = order.indexOf(event);
      const before = last.get(scope) ?? -1;
      // A veto of `ending` may have kept an open scope's tenant.
      if (position <= before && event !== "ending") {
        world.violate(`${event} of ${name} came after ${order[before]}`);
      }
      last.set(scope, position);
    };
    const answer = () => (veto?.event === event && calls++ === veto.at ? false : undefined);
    if (listeners === "sync") {
      return ({ scope }: { scope: Scope<Tenant> }) => {
        check(scope);
        return answer();
      };
    }
    return async ({ scope }: { scope: Scope<Tenant> }) => {
      check(scope);
      await world.pause(event);
      oracles().within({ name: scope.tenant.slug as Name }, event);
      return answer();
    };
  };
  const hooks = Object.fromEntries(order.map((event) => [event, listen(event)]));
  return { ...failure, ...hooks } as TenancyHooks<Tenant>;
}
