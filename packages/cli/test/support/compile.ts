import { join } from "node:path";
import { build } from "tsup";

const root = join(import.meta.dirname, "../../..");

/** Builds a package of this workspace from its sources as they are, without types. */
export async function compile(name: string, outDir: string): Promise<void> {
  await build({
    entry: [...(name === "cli" ? ["bin"] : []), "index"].map((entry) =>
      join(root, name, `src/${entry}.ts`),
    ),
    ...{ outDir, tsconfig: join(root, "../tsconfig.json"), config: false },
    ...{ format: "esm", target: "node22", skipNodeModulesBundle: true, removeNodeProtocol: false },
    ...{ dts: false, silent: true, clean: false },
  });
}
