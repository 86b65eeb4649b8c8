import {
  type AdmissionOptions,
  type FailureEvent,
  refusalPage,
  type Tenant,
} from "@af-tenancy/core";
import { expect, it } from "vitest";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { refusedTenants, startTenancy } from "./start-tenancy.ts";

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** Checks that refusals are answered in the application's words and with its pages. */
export function refusalAnswerTests(harness: AdapterHarness): void {
  async function start(admission: AdmissionOptions<Tenant>) {
    const hooli = tenantRecord({ slug: "hooli", status: "suspended", name: "Hooli <b>" });
    const tenancy = await startTenancy(harness, { more: [...refusedTenants(), hooli], admission });
    const failures: FailureEvent[] = [];
    tenancy.events.on("failure", (event) => void failures.push(event));
    const app = await runApplication(harness, { tenancy, routes: [] });
    const get = (slug: string, accept?: string) =>
      app.ask(`${slug}.localhost`, "/", accept === undefined ? {} : { headers: { accept } });
    return { get, failures };
  }

  it("S009: answers with the status, code and message that it was told, and the rest as ever", async () => {
    const { get } = await start({
      answers: {
        TENANT_SUSPENDED: { status: 402, code: "PAYMENT_DUE", message: "Please pay." },
        TENANT_EXPIRED: { message: "It is over." },
      },
    });

    const answers = await Promise.all(["suspended", "expired", "blocked"].map((one) => get(one)));

    expect(answers).toMatchObject([
      { status: 402, json: { error: { code: "PAYMENT_DUE", message: "Please pay." } } },
      { status: 403, json: { error: { code: "TENANT_EXPIRED", message: "It is over." } } },
      { status: 403, json: { error: { code: "TENANT_BLOCKED" } } },
    ]);
  });

  it("S010: gives each status its page, each tenant its own, and JSON to whoever asks for that", async () => {
    const { get } = await start({
      answers: {
        TENANT_SUSPENDED: ({ tenant }) =>
          tenant?.slug === "hooli" ? { page: "<h1>Hooli</h1>" } : { page: "<h1>Suspended</h1>" },
        TENANT_MAINTENANCE: { page: "<h1>Maintenance</h1>" },
      },
    });

    const pages = ["hooli", "suspended", "maintained"].map((one) => get(one, browser));
    const answers = await Promise.all(pages);
    const json = await get("hooli", "application/json");

    expect(answers.map(({ text }) => text)).toEqual([
      ...["<h1>Hooli</h1>", "<h1>Suspended</h1>", "<h1>Maintenance</h1>"],
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 503]);
    expect(answers[2]?.headers["retry-after"]).toBe("60");
    expect(answers[0]?.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(json.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(json.json).toMatchObject({ error: { code: "TENANT_SUSPENDED" } });
    for (const { headers } of [...answers, json]) {
      expect(headers).toMatchObject({ vary: "Accept", "cache-control": "no-store" });
    }
  });

  it.each([
    [browser, true],
    ["text/html", true],
    ["text/*;q=0.5", true],
    ["application/json, text/html", true],
    ["application/json;q=0.9, text/html;q=0.5", false],
    ["text/html;q=0", false],
    ["text/html;q=2", false],
    ["application/json", false],
    ["*/*", false],
    [undefined, false],
  ])("S010: to a client that accepts %j it gives a page: %s", async (accept, isPage) => {
    const { get } = await start({ page: refusalPage });

    const { headers } = await get("blocked", accept);

    expect(String(headers["content-type"]).startsWith("text/html")).toBe(isPage);
  });

  it("S010: escapes what stands on the plain page, and tells the words that it was told", async () => {
    const message = `<script>alert("it's")</script> & more`;
    const { get } = await start({ page: refusalPage, answers: { TENANT_BLOCKED: { message } } });

    const { text } = await get("blocked", browser);

    expect(text).toContain("&#60;script&#62;alert(&#34;it&#39;s&#34;)&#60;/script&#62; &#38; more");
    expect(text).not.toContain("<script");
  });

  it("S006: unknown and deleted tenants have the same page, made without any tenant", async () => {
    const seen: unknown[] = [];
    const { get } = await start({
      answers: {
        TENANT_NOT_FOUND: ({ tenant, status }) => {
          seen.push(tenant);
          return { status: 410, page: `Nobody here ${status}` };
        },
      },
    });

    const slugs = ["nobody", "deleted", "pending", "deleting"];
    const answers = await Promise.all(slugs.map((one) => get(one, browser)));

    const told = answers.map(({ status, text }) => `${status} ${text}`);
    expect(new Set(told)).toEqual(new Set(["410 Nobody here 404"]));
    expect(seen).toEqual([undefined, undefined, undefined, undefined]);
  });

  const own = (answer: () => unknown) => ({ answers: { TENANT_BLOCKED: answer } });
  it.each([
    ["function throws", own(() => JSON.parse("{"))],
    ["function answers what cannot be", own(() => ({ status: 200 }))],
    ["function answers later", own(async () => ({ status: 402 }))],
    ["function fails later", own(async () => JSON.parse("{"))],
    ["page is no text", { page: () => ({}) }],
    ["page comes later", { page: async () => "<p>" }],
    ["page fails later", { page: async () => JSON.parse("{") }],
  ])(
    "S010: gives the framework's own answer where the application's %s, and tells of it",
    async (_what, admission) => {
      const { get, failures } = await start(admission as AdmissionOptions<Tenant>);

      const answer = await get("blocked", browser);

      expect(answer).toMatchObject({ status: 403, json: { error: { code: "TENANT_BLOCKED" } } });
      expect(failures).toHaveLength(1);
    },
  );
}
