import { expect, it } from "vitest";
import { sessionEffect } from "../src/session-effect.ts";

it.each([
  ["/* a */ set statement_timeout = 1", "SET"],
  ["-- a\nset timezone = 'Asia/Tokyo'", "SET"],
  ["set/**/default_transaction_read_only = on", "SET"],
  [`set "local".tenant = 'a'`, "SET"],
  [`set "transaction" . tenant to 'a'`, "SET"],
  ["set local client_encoding = 'SJIS'", "SET"],
  ["set local names 'SJIS'", "SET"],
  ["do $$ begin end $$; set work_mem = '1MB'", "SET"],
  ["/* a */ reset all", "RESET"],
  ["/* /* a */ */ discard temp", "DISCARD"],
  ["/* a */ listen somewhere", "LISTEN"],
  ["/**/prepare a as select 1", "PREPARE"],
  ["/**/ load 'auto_explain'", "LOAD"],
  ["create/**/temp table a (id int)", "a temporary table"],
  ["-- a\ncreate or replace local temporary view a as select 1", "a temporary table"],
  ["create table pg_temp.a (id int)", "a temporary table"],
  [`create table "pg_temp" . a as select 1`, "a temporary table"],
  ["create view pg_temp_3.a as select 1", "a temporary table"],
  ["select * into pg_temp.a from note", "a temporary table"],
  ["select 1 into/**/temp a", "a temporary table"],
  ["with a as (select 1) select * into local temp b from a", "a temporary table"],
  ["(select 1 into temp a)", "a temporary table"],
  ["explain analyze create temp table a as select 1", "a temporary table"],
  ["explain (analyze, costs off) select 1 into temp a", "a temporary table"],
  ["/* a */ declare c no scroll cursor with hold for select 1", "a cursor WITH HOLD"],
  [`select "set_config"('work_mem', '1MB', false)`, "set_config()"],
  ["select set_config('work_mem', '1MB', is_local => true)", "set_config()"],
  ["select set_config('a.b', (select max(a) from b), /* true) */ false)", "set_config()"],
  ["select set_config('a.b', 'c', true), set_config('a.b', 'c', false)", "set_config()"],
  [`select "pg_advisory_lock"(1)`, "a session-level advisory lock"],
  ["select pg_try_advisory_lock_shared(1)", "a session-level advisory lock"],
  ["update pg_settings set setting = '1'", "a change of pg_settings"],
  [
    `with a as (update "pg_settings" set setting = '1' returning 1) select * from a`,
    "a change of pg_settings",
  ],
])("knows what %j leaves", (sql, what) => {
  expect(sessionEffect(sql)).toEqual({ what, certain: true });
});

it.each([
  "do $$ begin end $$",
  "/* a */ call procedure()",
  "execute a",
  "explain analyze execute a",
  "explain verify",
  "create table temp (temp int)",
  "create function a() returns int language sql set search_path = b, pg_temp as 'select 1'",
  "select * into a from note",
  "set local search_path to pg_temp",
  "alter table note add x int",
  "refresh materialized view a",
  "select query_to_xml('select set_' || 'config(...)', true, false, '')",
  `select U&"set\\005fconfig"('work_mem', '1MB', false)`,
  "select 1; select 'open",
  "select 1; /* open",
  "whatever",
])("does not know that %j leaves nothing", (sql) => {
  expect(sessionEffect(sql)).toMatchObject({ certain: false });
});

it.each([
  "",
  "select 1",
  "select 1;",
  "-- a\nselect 1",
  "/* set x */ insert into note (text) values ('; set work_mem = 1')",
  "with a as (insert into note (id) values (1) returning id) select * from a",
  "merge into note using a on true when matched then delete",
  "update note set text = 'into temp a'",
  "select 'set_config', 'pg_advisory_lock(1)', 'update pg_settings'",
  "select setting from pg_settings",
  "select pg_advisory_xact_lock(1)",
  "select set_config('a.b', concat('c', (select 'd')), true)",
  "explain (analyze) select * from note",
  "declare c cursor without hold for select 1",
  "set local statement_timeout = 1",
  "set transaction read only",
  "set constraints all deferred",
  "savepoint a; release a",
  "drop table a",
])("knows that nothing is left of %j", (sql) => {
  expect(sessionEffect(sql)).toBeUndefined();
});
