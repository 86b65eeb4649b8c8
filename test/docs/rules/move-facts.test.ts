import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { moveFacts } from "./move-facts.ts";

it("says what each status can become, and of one that ends that it does", () => {
  const text = `
    export const statusMoves: Moves = Object.freeze({
      active: { inactive: "deactivate", deleted: "delete" },
      deleting: {},
    } as const satisfies Record<string, object>);
    const other = { active: { deleted: "purge" } };`;

  expect(moveFacts([parseSource("a.ts", text)])).toEqual([
    { name: "active", says: "`inactive` (`deactivate`), `deleted` (`delete`)", at: "a.ts:3" },
    { name: "deleting", says: "nothing: it is being removed", at: "a.ts:4" },
  ]);
});
