import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { entriesOf } from "../support/manifest.ts";
import { readManifests } from "../support/read-manifests.ts";
import { readSources } from "../support/read-sources.ts";
import { repository } from "../support/repository.ts";
import { benchmarkFacts } from "./rules/benchmark-facts.ts";
import { channelFacts } from "./rules/channel-facts.ts";
import { checkFacts } from "./rules/check-facts.ts";
import { differences } from "./rules/differences.ts";
import { errorFacts } from "./rules/error-facts.ts";
import { eventFacts } from "./rules/event-facts.ts";
import { brokenLinks } from "./rules/links.ts";
import { memberFacts } from "./rules/member-facts.ts";
import { moveFacts } from "./rules/move-facts.ts";
import { optionViolations } from "./rules/option-violations.ts";
import { sampleViolations } from "./rules/samples.ts";
import { namedScripts, scriptFacts } from "./rules/script-facts.ts";
import { tableFacts } from "./rules/table-facts.ts";
import { codeBlocks } from "./support/code-blocks.ts";
import type { Page } from "./support/page.ts";
import { readPages } from "./support/read-pages.ts";

// Each rule is proven able to fail by the test beside it in rules/.
const pages = readPages("**/*.md", ".*/**/*.md");
const sources = readSources("packages/*/src");

describe("samples", () => {
  it("every TypeScript block is the text of a file that runs", () => {
    expect(sampleViolations(pages, read)).toEqual([]);
  });

  it("the first application of the README is whole and has at most 30 lines", () => {
    const [first] = codeBlocks(page("README.md")).filter(({ language }) => language === "ts");

    expect(first?.sample).toBe("examples/first-app/src/app.ts");
    expect(first?.text.split("\n").length).toBeLessThanOrEqual(30);
  });
});

describe("both ways", () => {
  it("errors: codes, classes and statuses", () => {
    const documented = tableFacts(page("docs/errors.md"), "Code", ["Class", "Status"]);
    const real = errorFacts(sources);

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, { page: "docs/errors.md", what: "code" })).toEqual([]);
  });

  it("options of createTenancy, with their types", () => {
    const documented = tableFacts(page("docs/configuration.md"), "Key", ["Type"]);
    const real = memberFacts(sources, "TenancyOptions").map((fact) => ({
      ...fact,
      says: withoutArguments(fact.says),
    }));

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, { page: "docs/configuration.md", what: "key" })).toEqual(
      [],
    );
  });

  it.each(readManifests())("options that $folder exports", (manifest) => {
    const keysOfConfiguration = ["TenancyOptions"];
    const readme = page(`${manifest.folder}/README.md`);

    const found = optionViolations(readme, sources, entriesOf(manifest), keysOfConfiguration);

    expect(found).toEqual([]);
  });

  it("events, and which of them may be refused", () => {
    const documented = tableFacts(page("docs/events.md"), "Event", ["May be refused"]);
    const real = eventFacts(sources);

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, { page: "docs/events.md", what: "event" })).toEqual([]);
  });

  it("statuses of a tenant, and what each can become", () => {
    const documented = tableFacts(page("docs/life-of-a-tenant.md"), "Status", ["Can become"]);
    const real = moveFacts(sources);
    const where = { page: "docs/life-of-a-tenant.md", what: "status" };

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, where)).toEqual([]);
  });

  it("calls of a tenant's life", () => {
    const documented = tableFacts(page("docs/life-of-a-tenant.md"), "Call");
    const real = memberFacts(sources, "TenantLife").map((fact) => ({ ...fact, says: "" }));
    const where = { page: "docs/life-of-a-tenant.md", what: "call" };

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, where)).toEqual([]);
  });

  it("diagnostics channels", () => {
    const documented = tableFacts(page("docs/diagnostics.md"), "Channel");
    const real = channelFacts(sources);

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, { page: "docs/diagnostics.md", what: "channel" })).toEqual(
      [],
    );
  });

  it("checks of the doctor, with their severities and remedies", () => {
    const documented = tableFacts(page("docs/doctor.md"), "Check", ["Severity", "Remedy"]);
    const real = checkFacts(sources);

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, { page: "docs/doctor.md", what: "check" })).toEqual([]);
  });

  it("scripts of the workspace", () => {
    const documented = namedScripts(page("CONTRIBUTING.md"), ["changeset"]);
    const real = scriptFacts("package.json", read("package.json") ?? "");

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, { page: "CONTRIBUTING.md", what: "script" })).toEqual([]);
  });

  it("benchmarks and what they promise", () => {
    const documented = tableFacts(page("docs/benchmarks.md"), "Benchmark", ["Promise"]);
    const real = benchmarkFacts(readSources("benchmarks"));

    expect(real.length).toBeGreaterThan(0);
    expect(differences(documented, real, { page: "docs/benchmarks.md", what: "name" })).toEqual([]);
  });
});

it("every page of the guide is in its index", () => {
  const index = page("docs/README.md").text;
  const names = pages.flatMap(({ path }) => /^docs\/(?!README)(.+)$/.exec(path)?.[1] ?? []);

  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});

it("every relative link leads to a file and a heading that are there", () => {
  expect(pages.length).toBeGreaterThan(0);
  expect(brokenLinks(pages, (path) => existsSync(join(repository, path)))).toEqual([]);
});

function page(path: string): Page {
  return pages.find((one) => one.path === path) ?? { path, text: "" };
}

/** Tells `TenantStore<T>` as `TenantStore`: what the application's tenants are is the same in all of them. */
function withoutArguments(type: string): string {
  const shorter = type.replace(/<[^<>]*>/g, "");
  return shorter === type ? type : withoutArguments(shorter);
}

function read(path: string): string | undefined {
  const file = join(repository, path);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8") : undefined;
}
