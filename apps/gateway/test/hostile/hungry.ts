// Loaded into a gateway before anything else: at a SIGUSR2 it fills the heap nearly up to its limit, at the next it lets go.
import { getHeapSpaceStatistics } from "node:v8";

const limitBytes = Number(process.env["HUNGRY_UP_TO_BYTES"]);
let eaten: unknown[] = [];

function usedBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.includes("new_"))
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
}

process.on("SIGUSR2", () => {
  if (eaten.length > 0) eaten = [];
  else while (usedBytes() < limitBytes) eaten.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
});
