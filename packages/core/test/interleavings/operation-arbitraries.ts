import fc, { type Arbitrary } from "fast-check";
import { keys, names } from "./core.ts";
import type { Body, By, Operation, Step } from "./operations.ts";

type Trees = {
  readonly body: Body;
  readonly openBody: Body;
  readonly operation: Operation;
  readonly openOperation: Operation;
};

const name = fc.constantFrom(...names);
const by: Arbitrary<By> = fc.constantFrom("itself", "itself", "id", "slug");
const often = fc.nat(3).map((n) => n > 0);
const seldom = fc.nat(3).map((n) => n === 3);

const step: Arbitrary<Step> = fc.record({
  at: fc.oneof(
    { weight: 3, arbitrary: fc.constant("here" as const) },
    { weight: 3, arbitrary: name },
    { weight: 1, arbitrary: fc.constant("central" as const) },
  ),
  take: fc.constantFrom("next", "next", "next", "return", "throw"),
});

const pause = operation("pause", { ticks: fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 6, 8) });
const read = operation("read", {
  key: fc.constantFrom(...keys),
  hold: fc.boolean(),
  times: fc.integer({ min: 1, max: 3 }),
});
const initialize = operation("initialize", { name, by, reads: fc.nat(2) });

const leaf: Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: read },
  { weight: 4, arbitrary: pause },
  { weight: 2, arbitrary: operation("write", { key: fc.constantFrom(...keys) }) },
  { weight: 1, arbitrary: operation("throw", {}) },
  { weight: 1, arbitrary: operation("hang", {}) },
  { weight: 1, arbitrary: operation("glance", { name, fails: seldom }) },
  { weight: 2, arbitrary: operation("callBound", { which: fc.nat(4) }) },
  { weight: 2, arbitrary: operation("consume", { which: fc.nat(4), step }) },
  { weight: 1, arbitrary: initialize },
);

const openLeaf: Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: initialize },
  { weight: 2, arbitrary: operation("end", {}) },
  { weight: 2, arbitrary: operation("reinitialize", {}) },
);

/** Trees of operations, at most six deep. */
export const trees: Arbitrary<readonly Body[]> = makeTrees();

function makeTrees(): Arbitrary<readonly Body[]> {
  const depthIdentifier = fc.createDepthIdentifier();
  const { body, openBody } = fc.letrec<Trees>((tie) => {
    const body = tie("body");
    const openBody = tie("openBody");
    const branches = (of: Arbitrary<Body>) => fc.array(of, { minLength: 2, maxLength: 3 });
    const parallel = (of: Arbitrary<Body>) =>
      operation("all", { settled: fc.boolean(), branches: branches(of) });
    const limits = {
      depthIdentifier,
      maxDepth: 6,
      depthSize: "small",
      withCrossShrink: true,
    } as const;

    return {
      body: fc.array(tie("operation"), { minLength: 1, maxLength: 3 }),
      openBody: fc.array(tie("openOperation"), { minLength: 1, maxLength: 5 }),
      openOperation: fc.oneof(
        limits,
        { weight: 8, arbitrary: openLeaf },
        { weight: 6, arbitrary: tie("operation") },
        { weight: 2, arbitrary: parallel(openBody) },
        { weight: 2, arbitrary: operation("detach", { body: openBody }) },
      ),
      operation: fc.oneof(
        limits,
        { weight: 12, arbitrary: leaf },
        {
          weight: 8,
          arbitrary: operation("run", {
            name,
            by,
            reason: fc.option(fc.constant("because"), { nil: undefined, freq: 3 }),
            caught: often,
            body,
          }),
        },
        { weight: 2, arbitrary: operation("central", { caught: often, body }) },
        { weight: 1, arbitrary: operation("stranger", { name, body }) },
        {
          weight: 1,
          arbitrary: operation("forEach", {
            names: fc.option(fc.array(name, { maxLength: 3 }), { freq: 3 }),
            concurrency: fc.integer({ min: 1, max: 3 }),
            goesOn: fc.boolean(),
            body,
          }),
        },
        { weight: 2, arbitrary: parallel(body) },
        { weight: 3, arbitrary: operation("detach", { body }) },
        { weight: 2, arbitrary: operation("waitUntil", { body }) },
        { weight: 2, arbitrary: operation("bind", { body }) },
        {
          weight: 3,
          arbitrary: operation("generator", {
            where: fc.oneof(
              { weight: 3, arbitrary: name },
              { weight: 1, arbitrary: fc.constantFrom("central" as const, "here" as const) },
            ),
            sync: seldom,
            wrapped: fc.boolean(),
            steps: fc.array(step, { maxLength: 3 }),
            shelved: fc.boolean(),
            body,
          }),
        },
        { weight: 4, arbitrary: operation("scope", { caught: often, body: openBody }) },
        {
          weight: 1,
          arbitrary: operation("request", {
            name: fc.oneof(
              { weight: 4, arbitrary: name },
              { weight: 1, arbitrary: fc.constant("central" as const) },
            ),
            closing: fc.constantFrom("first", "later", "aborted"),
            body,
          }),
        },
      ),
    };
  });
  return fc.array(fc.oneof(body, body, scoped(openBody)), { minLength: 2, maxLength: 4 });
}

function scoped(body: Arbitrary<Body>): Arbitrary<Body> {
  return body.map((operations) => [{ op: "scope", caught: true, body: operations }]);
}

function operation<K extends Operation["op"]>(
  op: K,
  parts: {
    [P in keyof Omit<Extract<Operation, { op: K }>, "op">]: Arbitrary<
      Extract<Operation, { op: K }>[P]
    >;
  },
): Arbitrary<Operation> {
  return fc.record({ op: fc.constant(op), ...parts }) as unknown as Arbitrary<Operation>;
}
