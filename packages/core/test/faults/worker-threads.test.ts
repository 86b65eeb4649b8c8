import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { coreSource, runNode } from "../support/run-node.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

/** A worker that answers each message with what it sees: with no tenant, and in the tenant that the message names. */
const workerSource = `
  import { parentPort } from "node:worker_threads";
  const { createTenancy, memoryStore } = await import("${coreSource}index.ts");
  const tenants = ${JSON.stringify([acme, globex])};
  const tenancy = createTenancy({ store: memoryStore(tenants) });
  await tenancy.start();
  parentPort.on("message", async ({ tenantId }) => {
    const implicit = tenancy.current()?.slug ?? null;
    try {
      const explicit = await tenancy.run(tenantId, () => tenancy.currentOrFail().slug);
      parentPort.postMessage({ implicit, explicit });
    } catch (error) {
      parentPort.postMessage({ implicit, code: error.code });
    }
  });
  parentPort.postMessage({ implicit: tenancy.current()?.slug ?? null });
`;

describe("a worker thread", { timeout: 30_000 }, () => {
  it("F018: started and asked inside acme has no tenant but the one that a message names", async () => {
    const tenancy = await startTenancy();

    const answers = await tenancy.run(acme, async () => {
      const url = new URL(`data:text/javascript,${encodeURIComponent(workerSource)}`);
      const worker = new Worker(url, { execArgv: ["--no-warnings"] });
      const [hello] = await once(worker, "message");
      const answers: unknown[] = [hello];
      for (const tenantId of [acme.id, globex.id, undefined, "nobody-id"]) {
        worker.postMessage({ tenantId });
        const [answer] = await once(worker, "message");
        answers.push(answer);
      }
      await worker.terminate();
      return answers;
    });

    expect(answers).toEqual([
      { implicit: null },
      { implicit: null, explicit: "acme" },
      { implicit: null, explicit: "globex" },
      { implicit: null, code: "INVALID_TENANT" },
      { implicit: null, code: "TENANT_NOT_FOUND" },
    ]);
  });

  it("F018: answers reach a listener tied by bind as the tenant that tied it", async () => {
    const tenancy = await startTenancy();
    const source = `
      import { parentPort } from "node:worker_threads";
      parentPort.on("message", (text) => parentPort.postMessage(text));
    `;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));

    const seen = await Promise.all(
      [acme, globex].map((tenant) =>
        tenancy.run(tenant, async () => {
          const seen = await new Promise<string>((resolve) => {
            const note = tenancy.bind((text: string) => {
              if (text !== tenant.slug) return;
              worker.off("message", note);
              resolve(`${text} ${tenancy.current()?.slug}`);
            });
            worker.on("message", note);
            worker.postMessage(tenant.slug);
          });
          return seen;
        }),
      ),
    );
    await worker.terminate();

    expect(seen).toEqual(["acme acme", "globex globex"]);
  });
});

describe("a child process", { timeout: 30_000 }, () => {
  it("F018: started inside acme has no tenant", async () => {
    const tenancy = await startTenancy();
    const source = `
      const { createTenancy, memoryStore } = await import("${coreSource}index.ts");
      const tenancy = createTenancy({ store: memoryStore([]) });
      console.log(tenancy.current());
    `;

    const { lines } = await tenancy.run(acme, () => runNode(source));

    expect(lines).toEqual(["null"]);
  });
});
