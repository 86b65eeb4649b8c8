import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { channelFacts } from "./channel-facts.ts";

it("lists channels however they are opened, and those whose name it cannot read as they are", () => {
  const text = `
    const a = channel("x:a");
    const b = diagnostics.channel("x:b");
    const c = tracingChannel("x:c");
    const d = channel(name);
    other("x:e");`;

  const names = channelFacts([parseSource("a.ts", text)]).map(({ name }) => name);

  expect(names).toEqual(["x:a", "x:b", "x:c", "channel(name)"]);
});
