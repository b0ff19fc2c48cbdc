import { afterEach } from "vitest";

/** What a test opened, closed after it, the last first. */
export const closing: (() => Promise<unknown>)[] = [];

/** To be called by each test file: a hook of a shared module would hold for the first file alone that imports it. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });
}
