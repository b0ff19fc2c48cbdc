import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const duties = new Set<() => void>();
let isHooked = false;

/** Has `duty` done when this process ends, however it ends short of being killed, unless what it returns is called before. Must not wait. */
export function onExit(duty: () => void): () => void {
  if (!isHooked) {
    isHooked = true;
    process.on("exit", () => {
      for (const each of duties) each();
    });
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const)
      process.on(signal, () => process.exit(code));
  }
  duties.add(duty);
  return () => void duties.delete(duty);
}

/** A folder that is gone when it is disposed of, or with this process. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "hermes-bench-"));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  const forget = onExit(remove);
  return {
    path,
    [Symbol.dispose]() {
      forget();
      remove();
    },
  };
}
