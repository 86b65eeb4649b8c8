import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, it, onTestFinished } from "vitest";
import { makeSqlite } from "./support/registry-sites.ts";
import { codeOf, startProcess } from "./support/start-process.ts";
import { registryAt } from "./workers/registry-at.ts";

const hosts = 5_000 * Number(process.env.AF_TEST_SCALE ?? 0.1);
const channels = ["lifecycle", "resolution", "denial", "cache", "lease", "failure"];
/** What a metric counts or measures; everything else of a message may become its label. */
const amounts: readonly string[] = ["milliseconds", "sequence"];

it("F150: however many hosts are asked for, what metrics are labelled by stays as it is", async () => {
  const process = await startProcess(registryAt(await makeSqlite(onTestFinished)), {
    cache: { maxUnknown: 100 },
  });
  const acme = await process.tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  const labels = new Set<string>();
  for (const name of channels) {
    const note = (message: unknown) => void labels.add(`${name} ${labelsOf(message as object)}`);
    subscribe(`af-tenancy:${name}`, note);
    onTestFinished(() => void unsubscribe(`af-tenancy:${name}`, note));
  }
  const ask = async (host: string) => codeOf(process.request(host));

  await ask("acme.test");
  for (let n = 0; n < 100; n += 1) await ask(`first-${n}.test`);
  const few = [...labels].sort();
  for (let n = 0; n < hosts; n += 1) {
    await ask(n % 100 === 0 ? "acme.test" : `host-${n}.test`);
    // Timers run in between, as they do where requests come from a network.
    if (n % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve));
  }

  expect(few.length).toBeLessThan(20);
  expect([...labels].filter((label) => label.includes("host-"))).toEqual([]);
  expect(labels.size).toBeLessThanOrEqual(few.length + 2);
  expect([...labels].some((label) => label.includes(acme.id))).toBe(true);
  const { unknown } = process.store.stats().memory;
  expect(unknown).toBeLessThanOrEqual(100);
});

/** Every text and number of a message, of its error only the code; a request is what was sent, and no label. */
function labelsOf(message: object): string {
  const kept = Object.entries(message).flatMap(([key, value]) => {
    if (key === "request" || amounts.includes(key)) return [];
    return [[key, key === "error" ? (value as { readonly code?: unknown }).code : value]];
  });
  return JSON.stringify(Object.fromEntries(kept));
}
