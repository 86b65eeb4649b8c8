import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TenancyBootstrapper, TenantRecord } from "../../src/index.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

describe("process-wide state", () => {
  it("F001: entering and leaving tenants changes nothing process-wide", async () => {
    const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });
    const before = processState();

    const changes = await tenancy.run(acme, async () => {
      tenancy.get(OWNER);
      await tenancy.run(globex, () => tenancy.get(OWNER));
      return changesSince(before);
    });

    expect(changes).toEqual([]);
    expect(changesSince(before)).toEqual([]);
  });

  it.each<{ what: string; seen: string; touch: () => () => void }>([
    { what: "the environment", seen: "env.TENANT", touch: touchEnvironment },
    { what: "a global", seen: "global.currentTenant", touch: touchGlobal },
    { what: "the directory", seen: "cwd", touch: touchDirectory },
    { what: "the process's listeners", seen: "on.SIGUSR2", touch: touchListeners },
  ])(
    "F001: a bootstrapper that touches $what is seen, and its undo too",
    async ({ seen, touch }) => {
      const culprit: TenancyBootstrapper<TenantRecord> = { name: "culprit", bootstrap: touch };
      const tenancy = await startTenancy({ bootstrappers: [culprit] });
      const before = processState();

      const changes = await tenancy.run(acme, () => changesSince(before));

      expect(changes).toEqual([seen]);
      expect(changesSince(before)).toEqual([]);
    },
  );

  it("F001: overlapping tenants each see their own value, whoever goes on first", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const turn = () => scheduler.schedule(Promise.resolve());
        const tenancy = await startTenancy({ bootstrappers: [slowOwner(turn)] });
        const visit = async (tenant: TenantRecord) =>
          tenancy.run(tenant, async () => {
            await turn();
            const first = tenancy.get(OWNER);
            await turn();
            return [first.slug, tenancy.get(OWNER) === first];
          });

        const seen = await scheduler.waitFor(Promise.all([acme, globex, acme].map(visit)));

        expect(seen).toEqual([
          ["acme", true],
          ["globex", true],
          ["acme", true],
        ]);
      }),
    );
  });
});

type ProcessState = ReadonlyMap<string, unknown>;

const accessor = Symbol("accessor");

function processState(): ProcessState {
  const globals = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
  return new Map<string, unknown>([
    ["cwd", process.cwd()],
    ...Object.entries(process.env).map(([name, value]) => [`env.${name}`, value] as const),
    ...process.eventNames().map((name) => {
      return [`on.${String(name)}`, process.listenerCount(name)] as const;
    }),
    ...globals.map(([name, { value, get }]) => {
      return [`global.${name}`, get === undefined ? value : accessor] as const;
    }),
  ]);
}

function changesSince(before: ProcessState): readonly string[] {
  const after = processState();
  const names = [...new Set([...before.keys(), ...after.keys()])];
  // Node turns a lazy global into a plain one when it is first read.
  return names.filter(
    (name) => before.get(name) !== accessor && !Object.is(before.get(name), after.get(name)),
  );
}

function slowOwner(turn: () => Promise<unknown>): TenancyBootstrapper<TenantRecord> {
  return {
    name: "slow-owner",
    async bootstrap(scope) {
      await turn();
      scope.provide(OWNER, () => ({ slug: scope.tenant.slug }));
      return async () => {
        await turn();
      };
    },
  };
}

function touchEnvironment(): () => void {
  process.env.TENANT = "acme";
  return () => {
    delete process.env.TENANT;
  };
}

function touchGlobal(): () => void {
  Object.assign(globalThis, { currentTenant: "acme" });
  return () => {
    Reflect.deleteProperty(globalThis, "currentTenant");
  };
}

function touchDirectory(): () => void {
  const before = process.cwd();
  process.chdir("/");
  return () => process.chdir(before);
}

function touchListeners(): () => void {
  const listener = () => {};
  process.on("SIGUSR2", listener);
  return () => {
    process.off("SIGUSR2", listener);
  };
}
