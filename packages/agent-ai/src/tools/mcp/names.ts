import { createHash } from "node:crypto";

const longestName = 64;

/**
 * What a server's tool is called here: `mcp_<server>_<tool>` in letters, digits and `_`. A name that had to be changed so that another
 * could come to the same, or that is too long, ends in a few characters of its hash: so it is the same each time, whatever other
 * tools there are.
 */
export function toolName(server: string, tool: string): string {
  const plain = `mcp_${server}_${tool}`;
  const clean = plain.toLowerCase().replace(/[^a-z0-9_]/gu, "_");
  // A `_` in the server's name could as well be the one before the tool's, and the tool's could look like it had a hash.
  const isPlain = clean === plain && !server.includes("_") && !/_[0-9a-f]{8}$/u.test(clean) && clean.length <= longestName;
  if (isPlain) return clean;
  const hash = createHash("sha256")
    .update(JSON.stringify([server, tool]))
    .digest("hex")
    .slice(0, 8);
  return `${clean.slice(0, longestName - hash.length - 1)}_${hash}`;
}
