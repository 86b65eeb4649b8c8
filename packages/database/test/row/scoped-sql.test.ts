import { UnscopedSqlError } from "@af-tenancy/database";
import { describe, expect, it } from "vitest";
import { ScopedSql } from "../../src/row/scoped-sql.ts";

const sqlite = new ScopedSql({ backslashEscapes: false });
const mysql = new ScopedSql({ backslashEscapes: true });
const s = sqlite.signature;

describe("SQL of shared tables", () => {
  it.each([
    `select ${s} * from note`,
    `select ${s} * from note where text = 'select * from note'`,
    `select ${s} * from note where text = 'it''s -- no comment'`,
    `select ${s} count(*) from note where id in (select ${s} id from note)`,
    `select ${s} * from note where exists (select 1 from json_each(note.tags) where value = 1)`,
    `select id from (select ${s} id from note) as n`,
    `insert ${s} into note (id) values ((select ${s} max(id) from note))`,
    `with n as (select ${s} * from note) select ${s} * from n`,
    `(select ${s} 1 from note) union (select ${s} 2 from note)`,
  ])("lets through what is signed: %s", (sql) => {
    expect(sqlite.unsign(sql)).not.toContain(s);
  });

  it.each([
    "select * from note",
    "select 1",
    "delete from note",
    `delete from note where id in (select ${s} id from note)`,
    `select ${s} * from note where exists (select 1 from note)`,
    `select ${s} * from note union select * from note`,
    `select ${s} * from note union table note`,
    `select id from (select ${s} id from note) as n, note`,
    `select id from (select ${s} id from note) as n join note on 1 = 1`,
    `with n as (select * from note) select ${s} * from n`,
    `with n as (select ${s} * from note) delete from note`,
    `select ${s} * from note; delete from note`,
    `select ${s} * from note where 1 = 1 -- and tenant`,
    `select ${s} * from note where text = 'open`,
    `select ${s} * from note where (1 = 1`,
    "pragma table_info(note)",
    "attach 'file' as other",
    "",
  ])("refuses what is not: %s", (sql) => {
    expect(() => sqlite.unsign(sql)).toThrow(UnscopedSqlError);
  });

  it("reads texts as the dialect does", () => {
    const sql = (mark: string) => `select ${mark} * from note where text = 'a\\' or 1 = 1 -- '`;

    expect(() => mysql.unsign(sql(mysql.signature))).not.toThrow();
    expect(() => sqlite.unsign(sql(s))).toThrow(UnscopedSqlError);
  });

  it.each<["condition" | "join" | "value", string, boolean]>([
    ["condition", "a = 1 or b = 2", true],
    ["condition", "a = 1) or (b = 2", false],
    ["condition", "a = 'x", false],
    ["join", "left join a on a.id = b.id and (c or d)", true],
    ["join", "left join a on a.id = b.id and c or d", false],
    ["value", "coalesce(a, b)", true],
    ["value", "1, tenant_id = 'other'", false],
  ])("keeps a fragment in its place: %s %s", (place, sql, stays) => {
    const check = () => sqlite.checkPiece(sql, place);

    if (stays) expect(check).not.toThrow();
    else expect(check).toThrow(UnscopedSqlError);
  });
});
