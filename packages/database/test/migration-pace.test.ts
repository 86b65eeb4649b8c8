import { describe, expect, it } from "vitest";
import { MigrationPace } from "../src/migrations/migration-pace.ts";

describe("the pace of migrations", () => {
  it("has one go by itself that nobody has seen, and what comes before it", () => {
    const pace = new MigrationPace();
    pace.learn(["a"], 5);
    pace.learn(["b"], 5);

    expect(pace.together(["new", "a", "b"])).toEqual(["new"]);
    expect(pace.together(["a", "b", "new"])).toEqual(["a", "b"]);
  });

  it("puts together what takes a second at most, as it was last", () => {
    const pace = new MigrationPace();
    pace.learn(["a", "b", "c"], 2_400);
    expect(pace.together(["a", "b", "c"])).toEqual(["a"]);

    pace.learn(["a"], 200);

    expect(pace.together(["a", "b", "c"])).toEqual(["a", "b"]);
  });

  it("has one that takes longer go by itself", () => {
    const pace = new MigrationPace();
    pace.learn(["long"], 60_000);
    pace.learn(["a"], 1);

    expect(pace.together(["long", "a"])).toEqual(["long"]);
    expect(pace.together(["a", "long"])).toEqual(["a"]);
  });
});
