import { describe, expect, it } from "vitest";
import { coreSource, runNode } from "../support/run-node.ts";

// Node calls these handlers in the async context of the code that failed, on Node 22 as on Node 24. What core offers is
// that a handler tied outside every tenant, by tenancy.bind or outsideTenancy, never runs as one.
const prelude = `
  const { createTenancy, memoryStore, outsideTenancy } = await import("${coreSource}index.ts");
  const acme = { id: "acme-id", slug: "acme", status: "active", version: 1, placement: undefined };
  const tenancy = createTenancy({ store: memoryStore([acme]) });
  await tenancy.start();
  const look = () => {
    try { return tenancy.current()?.slug ?? "nobody"; } catch (error) { return error.code; }
  };
  const say = (who) => console.log(who, look());
  const later = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));
`;

/** An event of the process, and how code of acme causes it. */
const causes = [
  { event: "uncaughtException", cause: `setImmediate(() => { throw new RangeError("thrown"); });` },
  { event: "unhandledRejection", cause: `void Promise.reject(new RangeError("rejected"));` },
  { event: "warning", cause: `process.emitWarning("careful");` },
  { event: "something", cause: `process.emit("something");` },
];

describe("a handler of the process", { timeout: 30_000 }, () => {
  it.each(causes)(
    "F017: of $event sees no tenant when it is tied outside",
    async ({ event, cause }) => {
      const { code, lines } = await runNode(`${prelude}
      process.on("${event}", tenancy.bind(() => say("bound")));
      process.on("${event}", () => outsideTenancy(() => say("outside")));
      await tenancy.run(acme, async () => { ${cause} await later(); });
    `);

      expect(lines).toEqual(["bound nobody", "outside nobody"]);
      expect(code).toBe(0);
    },
  );

  it.each(causes)(
    "F017: of $event runs in acme's context when it is not tied, and not elsewhere",
    async ({ event, cause }) => {
      const { lines } = await runNode(`${prelude}
      process.on("${event}", () => say("plain"));
      await tenancy.run(acme, async () => { ${cause} await later(); });
    `);

      expect(lines).toEqual(["plain acme"]);
    },
  );

  it("F017: of an error after acme's scope has ended cannot act as acme, tied or not", async () => {
    const { lines } = await runNode(`${prelude}
      process.on("uncaughtException", () => say("plain"));
      process.on("uncaughtException", tenancy.bind(() => say("bound")));
      await tenancy.run(acme, () => void setTimeout(() => { throw new RangeError("late"); }, 5));
      await later();
    `);

    expect(lines).toEqual(["plain CONTEXT_ENDED", "bound nobody"]);
  });

  it("F017: of a signal sees no tenant", async () => {
    const { lines } = await runNode(`${prelude}
      const signalled = new Promise((resolve) => {
        process.on("SIGUSR2", () => { say("signal"); resolve(); });
      });
      const alive = setInterval(() => {}, 1_000);
      await tenancy.run(acme, async () => {
        process.kill(process.pid, "SIGUSR2");
        await signalled;
      });
      clearInterval(alive);
    `);

    expect(lines).toEqual(["signal nobody"]);
  });

  it("F017: learns the tenant from the error's message, which every core error carries", async () => {
    const { lines } = await runNode(`${prelude}
      process.on("unhandledRejection", tenancy.bind((error) => {
        console.log(look(), error.code, error.message.includes('"acme-id"'));
      }));
      await tenancy.run(acme, () => void later(5).then(() => tenancy.current()));
      await later();
    `);

    expect(lines).toEqual(["nobody CONTEXT_ENDED true"]);
  });
});
