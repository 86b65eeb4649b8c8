import { type ImportOptions, InvalidRowError, type RowIssue } from "@af-tenancy/database";
import { beforeAll, expect, it } from "vitest";
import { startData } from "./start-data.ts";

const csv = { format: "csv", entity: "Folder" } as const;
const jsonl = { format: "jsonl" } as const;
const wide = { code: "DATA_FORMAT", message: expect.stringContaining("UTF-16") };

const refusals: readonly [string, Omit<ImportOptions, "from">, ImportOptions["from"], object][] = [
  ["UTF-16, little end first", csv, [utf16("id,name\n")], wide],
  ["UTF-16, big end first", csv, [utf16("id,name\n").swap16()], wide],
  ["UTF-16 without a mark", csv, [utf16("id,name\n").subarray(2)], { code: "DATA_FORMAT" }],
  ["bytes that are no UTF-8", csv, [Buffer.from([0x69, 0xff])], { code: "DATA_FORMAT" }],
  ["U+0000", csv, ["id,name\n1,a\0b\n"], { code: "DATA_FORMAT" }],
  ["a quote that is not closed", csv, ['id,name\n1,"a\n2,b\n'], { code: "DATA_FORMAT" }],
  ["text after a closing quote", csv, ['id,name\n1,"a"b\n'], { code: "DATA_FORMAT", line: 2 }],
  ["no first line", csv, [""], { code: "DATA_FORMAT", line: 1 }],
  ["a column that stands there twice", csv, ["id,id\n1,2\n"], { code: "DATA_FORMAT", line: 1 }],
  ["CSV of nobody", { format: "csv" }, ["id\n1\n"], { code: "INVALID_INPUT" }],
  ["an entity that there is not", { ...csv, entity: "Nobody" }, [""], { code: "INVALID_INPUT" }],
  ["a batch of no rows", { ...csv, batch: 0 }, [""], { code: "INVALID_INPUT" }],
  [
    "a line of more bytes than it may, though of fewer characters",
    { ...jsonl, entity: "Folder", maxLineBytes: 24 },
    ['{"id":1,"name":"éééé"}\n'],
    { code: "DATA_LIMIT", line: 1 },
  ],
  [
    "more rows than it may",
    { ...csv, maxRows: 1 },
    ["id,name\n1,a\n2,b\n"],
    { code: "DATA_LIMIT", line: 3 },
  ],
];

const issues: readonly [
  string,
  string,
  Pick<RowIssue, "line" | "code">,
  Omit<ImportOptions, "from">,
][] = [
  ["an unknown column", "id,name,more\n1,a,b\n", { line: 1, code: "UNKNOWN_COLUMN" }, csv],
  ["cells that lack", "id,name\n1\n", { line: 2, code: "MALFORMED" }, csv],
  ["cells too many", "id,name\n1,a,b\n", { line: 2, code: "MALFORMED" }, csv],
  ["no number", 'id,name\n1,"a\nb"\nx,b\n', { line: 4, code: "INVALID_VALUE" }, csv],
  ["a number with a formula", "id,name\n=1+1,a\n", { line: 2, code: "INVALID_VALUE" }, csv],
  ["no JSON", "{\n", { line: 1, code: "MALFORMED" }, jsonl],
  ["no object", "[1]\n", { line: 1, code: "MALFORMED" }, jsonl],
  ["an unknown entity", '{"entity":"Nobody","row":{}}', { line: 1, code: "UNKNOWN_ENTITY" }, jsonl],
  ["neither row nor link", '{"entity":"Folder"}', { line: 1, code: "MALFORMED" }, jsonl],
  [
    "an unknown property",
    '\n{"entity":"Folder","row":{"id":1,"name":"a","__proto__":1}}',
    { line: 2, code: "UNKNOWN_COLUMN" },
    jsonl,
  ],
  [
    "a missing value",
    '{"id":1}',
    { line: 1, code: "MISSING_VALUE" },
    { ...jsonl, entity: "Folder" },
  ],
  [
    "U+0000 in a text",
    '{"id":1,"name":"a\\u0000"}',
    { line: 1, code: "INVALID_VALUE" },
    { ...jsonl, entity: "Folder" },
  ],
  [
    "half a surrogate pair",
    '{"id":1,"name":"\\ud83d"}',
    { line: 1, code: "INVALID_VALUE" },
    { ...jsonl, entity: "Folder" },
  ],
  [
    "a day that there is not",
    '{"id":1,"title":"t","at":"2026-02-30T00:00:00Z"}',
    { line: 1, code: "INVALID_VALUE" },
    { ...jsonl, entity: "Paper" },
  ],
  [
    "a word that is none of an enum",
    '{"id":1,"title":"t","kind":"odd"}',
    { line: 1, code: "INVALID_VALUE" },
    { ...jsonl, entity: "Paper" },
  ],
  ...(
    [
      ["U+0000 in a list", '"words":["a\\u0000"]'],
      ["half a surrogate pair in a list", '"words":["\\ud800"]'],
      ["a list too deep", `"words":${"[".repeat(20_000)}${"]".repeat(20_000)}`],
      ["JSON too deep", `"more":${"[".repeat(20_000)}${"]".repeat(20_000)}`],
      ["objects too deep", `"more":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
      ["a number in JSON that is too large", '"more":{"a":1e999}'],
      ["a whole number of more than 64 bits", '"views":"9223372036854775808"'],
      ["a negative whole number of more than 64 bits", '"views":"-9223372036854775809"'],
      ["a whole number without end", `"views":"${"9".repeat(100_000)}"`],
      ["a decimal number that is too large", '"price":1e999'],
    ] as const
  ).map(([what, value]): (typeof issues)[number] => [
    what,
    `{"id":1,"title":"t",${value}}`,
    { line: 1, code: "INVALID_VALUE" },
    { ...jsonl, entity: "Paper" },
  ]),
  [
    "a link of a row that is not there",
    '{"entity":"Folder","link":{"id":99,"parent":98}}',
    { line: 1, code: "MISSING_REFERENCE" },
    jsonl,
  ],
  [
    "a link of nobody",
    '{"entity":"Folder","link":{"parent":1}}',
    { line: 1, code: "MISSING_VALUE" },
    jsonl,
  ],
];

const started: Awaited<ReturnType<typeof startData>>[] = [];
beforeAll(async () => {
  const site = await startData("row");
  started.push(site);
  return () => site.close();
});

it.each(refusals)(
  "F128: refuses %s by a typed error, and imports nothing",
  async (_, how, from, error) => {
    const { db, tenancy, acme, count } = await subject();

    const imported = tenancy.run(acme, () => db.data.import({ ...how, from, onInvalid: "skip" }));

    await expect(imported).rejects.toMatchObject(error);
    expect(await count()).toBe(0);
  },
);

it.each(issues)("F128, S040: tells of %s, in which line", async (_, text, issue, how) => {
  const { db, tenancy, acme } = await subject();
  const told: RowIssue[] = [];

  const report = await tenancy.run(acme, () =>
    db.data.import({
      ...how,
      from: [text],
      onInvalid: "skip",
      onIssue: (one) => void told.push(one),
    }),
  );

  expect(report.issues).toMatchObject([issue]);
  expect(told).toEqual(report.issues);
  const stopped = tenancy.run(acme, () => db.data.import({ ...how, from: [text] }));
  await expect(stopped).rejects.toThrow(InvalidRowError);
});

it.each([csv, jsonl])(
  "F128: refuses a line without end in $format as soon as it is too long",
  async (how) => {
    const { db, tenancy, acme } = await subject();
    let given = 0;
    async function* endless() {
      yield how === csv ? 'id,name\n1,"' : '{"entity":"';
      for (; given < 10_000; given++) yield "a".repeat(1_000_000);
    }

    const imported = tenancy.run(acme, () => db.data.import({ ...how, from: endless() }));

    await expect(imported).rejects.toMatchObject({ code: "DATA_LIMIT", status: 413 });
    expect(given).toBeLessThan(100);
  },
);

it("F128: reads a byte order mark, lines that end either way, and cells that spreadsheets write", async () => {
  const { db, tenancy, acme, entities } = await subject();
  const text = `\ufeffid,name,parent\r\n1,"a ""b"", c",\r\n\r\n2,,1\n3,'=1+1,\r\n`;

  const { rows } = await tenancy.run(acme, () => db.data.import({ ...csv, from: [text] }));

  expect(rows.Folder).toMatchObject({ inserted: 3 });
  const found = await tenancy.run(acme, () =>
    db.em().find(entities.Folder, {}, { orderBy: { id: 1 } as never }),
  );
  expect(found).toMatchObject([
    { name: 'a "b", c' },
    { name: "", parent: { id: 1 } },
    { name: "=1+1" },
  ]);
});

it("F128: tells of all rows that are none, and keeps the first hundred", async () => {
  const { db, tenancy, acme } = await subject();
  let told = 0;

  const { issues: kept, rows } = await tenancy.run(acme, () =>
    db.data.import({
      ...{ ...csv, from: ["id,name\n", ..."x,a\n".repeat(101)], onInvalid: "skip" },
      onIssue: () => void told++,
    }),
  );

  expect([told, kept.length, rows.Folder?.invalid]).toEqual([101, 100, 101]);
});

it("S040: takes the second row with a key for an update of the first", async () => {
  const { db, tenancy, acme, entities } = await subject();
  const from = ["id,name\n1,a\n1,b\n"];

  const { rows } = await tenancy.run(acme, () =>
    db.data.import({ ...csv, from, onConflict: "update" }),
  );

  expect(rows.Folder).toMatchObject({ inserted: 1, updated: 1 });
  const found = await tenancy.run(acme, () => db.em().findAll(entities.Folder));
  expect(found).toMatchObject([{ name: "b" }]);
});

it("F128: says which words and how long a text may be", async () => {
  const { db, tenancy, acme } = await subject();
  const from = [
    '{"id":1,"title":"t","kind":"odd"}\n',
    `{"id":2,"title":"t","secret":"${"t".repeat(61)}"}\n`,
  ];

  const { issues: told } = await tenancy.run(acme, () =>
    db.data.import({ format: "jsonl", entity: "Paper", from, onInvalid: "skip" }),
  );

  expect(told.map(({ column, message }) => [column, message])).toEqual([
    ["kind", "it has to be one of draft, final"],
    ["secret", expect.stringContaining("no more than 60 characters")],
  ]);
});

it("S040: keeps the largest whole numbers and JSON of a thousand levels", async () => {
  const { db, tenancy, acme, entities } = await subject();
  const deep = "[".repeat(1000) + "]".repeat(1000);
  const views = ["9223372036854775807", "-9223372036854775808"];
  const from = views.map((one, id) => `{"id":${id},"title":"t","views":"${one}","more":${deep}}\n`);

  await tenancy.run(acme, () => db.data.import({ format: "jsonl", entity: "Paper", from }));

  const found = await tenancy.run(acme, () => db.em().findAll(entities.Paper));
  expect(found.map((one) => JSON.parse(JSON.stringify((one as { more: unknown }).more)))).toEqual([
    JSON.parse(deep),
    JSON.parse(deep),
  ]);
});

it("S040: asks the application of each row, and tells its refusal", async () => {
  const { db, tenancy, acme, count } = await subject();
  const validate = (_: string, { name }: Readonly<Record<string, unknown>>) =>
    name === "bad" ? "it may not be called so" : undefined;

  const { issues } = await tenancy.run(acme, () =>
    db.data.import({ ...csv, from: ["id,name\n1,bad\n2,good\n"], validate, onInvalid: "skip" }),
  );

  expect(issues).toMatchObject([{ line: 2, code: "REFUSED", message: "it may not be called so" }]);
  expect(await count()).toBe(1);
});

async function subject() {
  const { db, tenancy, add, entities } = started[0] as Awaited<ReturnType<typeof startData>>;
  const acme = (await add()) as never;
  const count = () => tenancy.run(acme, () => db.em().count(entities.Folder));
  return { db, tenancy, acme, count, entities };
}

function utf16(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`, "utf16le");
}
