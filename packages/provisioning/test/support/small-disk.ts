import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own that has little space. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all of the space that is left. */
  fill(): void;
  /** Has no place for another file but for so many, while there is space. */
  fillNames(left: number): void;
  /** Gives it back. */
  free(): void;
  remove(): void;
}

/** Mounts a disk in memory, with room for so many files; throws where that is not allowed. */
export function smallDisk(bytes: number, files = 1_000): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "af-disk-"));
  try {
    const options = ["-t", "tmpfs", "-o", `size=${bytes},nr_inodes=${files},mode=1777`];
    execFileSync("mount", [...options, "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  const filler = join(folder, "filler");
  return {
    folder,
    fill() {
      mkdirSync(filler);
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(join(filler, "all"), Buffer.alloc(bavail * bsize));
    },
    fillNames(left) {
      mkdirSync(filler);
      const { ffree } = statfsSync(folder);
      for (let one = left; one < ffree; one += 1) writeFileSync(join(filler, `${one}`), "");
    },
    free: () => rmSync(filler, { recursive: true, force: true }),
    remove() {
      execFileSync("umount", ["-l", folder], { stdio: "pipe" });
      rmdirSync(folder);
    },
  };
}

/** Why no disk can be mounted here; `undefined` where one can. */
export function noSmallDisk(): string | undefined {
  try {
    smallDisk(1 << 20).remove();
    return undefined;
  } catch (error) {
    return `no disk can be mounted: ${String(error)}`;
  }
}
