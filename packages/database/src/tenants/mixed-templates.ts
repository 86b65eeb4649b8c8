import type { DatabaseTemplates, TemplatedDatabases } from "@af-tenancy/core";

/** Looks after the finished databases of all drivers that keep some; `undefined` where none does. */
export function mixedTemplates(
  drivers: readonly TemplatedDatabases[],
): DatabaseTemplates | undefined {
  const found = drivers.flatMap(({ templates }) => (templates === undefined ? [] : [templates]));
  if (found.length === 0) return undefined;
  return {
    async build() {
      const made: string[] = [];
      for (const templates of found) made.push(...(await templates.build()));
      return made;
    },
    async list() {
      return (await Promise.all(found.map((templates) => templates.list()))).flat();
    },
  };
}
