import { expect, it } from "vitest";
import { coversDatabase, readGrants } from "../src/doctor/grants.ts";

const grantIn = async (line: string) =>
  (await readGrants(async () => [{ grant: line }] as never))[0];

it.each([
  ["GRANT SELECT ON *.* TO `u`@`%`", "t_a_g1", true],
  ["GRANT SELECT ON `t\\_a\\_g1`.* TO `u`@`%`", "t_a_g1", true],
  ["GRANT SELECT ON `t\\_a\\_g1`.* TO `u`@`%`", "t_axg1", false],
  ["GRANT SELECT ON `t_a_g1`.* TO `u`@`%`", "txaxg1", true],
  ["GRANT SELECT ON `t\\_%`.* TO `u`@`%`", "t_a_g1", true],
  ["GRANT SELECT ON `t\\_%`.* TO `u`@`%`", "s_a_g1", false],
  ["GRANT SELECT ON `t\\_a`.* TO `u`@`%`", "t_a_g1", false],
  ["GRANT SELECT ON `t_a_g1`.`note` TO `u`@`%`", "t_a_g1", true],
  ["GRANT SELECT ON `t_a_g1`.`note` TO `u`@`%`", "txaxg1", false],
  ["GRANT SELECT (`id`), UPDATE (`id`, `text`) ON `t+`.`note` TO `u`@`%`", "t+", true],
  ["GRANT SELECT ON `t+`.* TO `u`@`%`", "tt", false],
])("reads %s for %s as the server does", async (line, name, covers) => {
  const grant = await grantIn(line);

  expect(grant && coversDatabase(grant, name)).toBe(covers);
});

it("reads rights with and without columns, and whether they may be passed on", async () => {
  const line = "GRANT SELECT (`id`, `text`), UPDATE, DROP ON `a`.`b` TO `u`@`%` WITH GRANT OPTION";

  expect(await grantIn(line)).toMatchObject({ rights: ["SELECT", "UPDATE", "DROP"], passes: true });
  expect(await grantIn("GRANT USAGE ON *.* TO `u`@`%`")).toMatchObject({
    rights: [],
    passes: false,
  });
});

it("passes over roles, which have to be taken up to count", async () => {
  expect(await grantIn("GRANT `admin` TO `u`@`%`")).toBeUndefined();
});
