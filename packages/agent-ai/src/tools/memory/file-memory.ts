import { join } from "node:path";
import { cleanText } from "../clean-text.ts";
import { readPrivateFile, writePrivateFile } from "../private-file.ts";
import { applyChange } from "./apply-change.ts";
import type { MemoryOwner } from "./owner.ts";
import { entrySeparator, memoryLimits, type MemoryNotes, type MemoryProvider, type MemoryTarget } from "./provider.ts";

const fileNames: Readonly<Record<MemoryTarget, string>> = { memory: "MEMORY.md", user: "USER.md" };
/** People may write into the files as well; no more than this is read of one. */
const maxFileBytes = 64 * 1024;

/**
 * Notes in files that people can read: `MEMORY.md` and `USER.md`, for each person and each shared place in a folder of its own, named
 * by a hash. With `sharedMemory` there is one `MEMORY.md` for everybody. Every change is durable when it is answered.
 */
export function fileMemory(
  folder: string,
  { sharedMemory = false }: { readonly sharedMemory?: boolean | undefined } = {},
): MemoryProvider {
  const underWay = new Map<string, Promise<unknown>>();
  const pathOf = (who: MemoryOwner, target: MemoryTarget): string =>
    join(folder, sharedMemory && target === "memory" ? "shared" : `${who.kind}-${who.id}`, fileNames[target]);
  const read = async (who: MemoryOwner): Promise<MemoryNotes> => ({
    memory: await entriesIn(pathOf(who, "memory"), "memory"),
    user: who.kind === "place" ? [] : await entriesIn(pathOf(who, "user"), "user"),
  });
  return {
    read,
    async change(who, change) {
      if (who.kind === "place" && change.target === "user") {
        return { refusal: "Several people share this conversation, so that nothing is noted about one of them. Use `memory`." };
      }
      const path = pathOf(who, change.target);
      return await inTurn(underWay, path, async () => {
        const changed = applyChange(await entriesIn(path, change.target), change);
        if (typeof changed === "string") return { refusal: changed };
        await writePrivateFile(path, changed.length === 0 ? "" : `${changed.join(entrySeparator)}\n`);
        return { notes: await read(who) };
      });
    },
    flush: async () => void (await Promise.allSettled(underWay.values())),
  };
}

async function entriesIn(path: string, target: MemoryTarget): Promise<readonly string[]> {
  const text = cleanText((await readPrivateFile(path, maxFileBytes)) ?? "");
  const entries: string[] = [];
  let length = 0;
  for (const entry of text.split("§").map((one) => one.trim())) {
    length += entry.length + entrySeparator.length;
    if (length - entrySeparator.length > memoryLimits[target]) break;
    if (entry !== "") entries.push(entry);
  }
  return entries;
}

/** Runs what belongs to one file one after the other. */
async function inTurn<T>(underWay: Map<string, Promise<unknown>>, path: string, work: () => Promise<T>): Promise<T> {
  const before = underWay.get(path) ?? Promise.resolve();
  const now = before.then(work, work);
  underWay.set(path, now);
  try {
    return await now;
  } finally {
    if (underWay.get(path) === now) underWay.delete(path);
  }
}
