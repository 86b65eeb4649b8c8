import { expect, it } from "vitest";
import { mergeDdl } from "../src/merge-ddl.ts";

it("folds indexes, constraints and foreign keys into the table that has them", () => {
  const { tables, others } = mergeDdl([
    "create table `author` (`id` int primary key, `kind` enum('a)','b''') not null) engine = InnoDB",
    "create table `note` (`id` int primary key, `author_id` int not null) engine = InnoDB",
    "alter table `author` add unique `author_kind_unique` (`kind`)",
    "create unique index `note_lower` on `note` ((lower(`id`)))",
    "alter table `note` add constraint `note_check` check (id > 0)",
    "alter table `note` add constraint `note_author` foreign key (`author_id`) references `author` (`id`)",
  ]);

  expect(Object.fromEntries(tables)).toEqual({
    author:
      "create table `author` (`id` int primary key, `kind` enum('a)','b''') not null, " +
      "unique `author_kind_unique` (`kind`)) engine = InnoDB",
    note:
      "create table `note` (`id` int primary key, `author_id` int not null, " +
      "unique index `note_lower` ((lower(`id`))), constraint `note_check` check (id > 0), " +
      "constraint `note_author` foreign key (`author_id`) references `author` (`id`)) engine = InnoDB",
  });
  expect(others).toEqual([]);
});

it("keeps names with backticks, and what belongs to no table for later", () => {
  const { tables, others } = mergeDdl([
    "create table `a``b` (`id` int)",
    "alter table `a``b` add index `c` (`id`)",
    "create view `v` as select 1",
    "alter table `elsewhere` add index `c` (`id`)",
  ]);

  expect([...tables]).toEqual([["a`b", "create table `a``b` (`id` int, index `c` (`id`))"]]);
  expect(others).toEqual([
    { name: "v", sql: "create or replace view `v` as select 1" },
    { name: undefined, sql: "alter table `elsewhere` add index `c` (`id`)" },
  ]);
});
