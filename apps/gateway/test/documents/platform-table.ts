import type { Capabilities, PlatformManifest } from "@hermes/core";

const begin = "<!-- platforms: written by the manifests -->";
const end = "<!-- /platforms -->";

/** `page` with the table between its marks written anew. */
export function withTable(page: string, table: string): string {
  const [before, rest] = splitAt(page, begin);
  const [, after] = splitAt(rest, end);
  return `${before}${begin}\n${table}\n${end}${after}`;
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`The page has no mark ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** What each platform can do, for the README. */
export function platformTable(manifests: readonly PlatformManifest[]): string {
  const rows = manifests.map(({ kind, name, capabilities, environment, secrets }) => {
    const set = environment.filter(({ key }) => secrets.includes(key)).map(({ name: variable }) => `\`${variable}\``);
    return [
      `[${name}](packages/platform-${kind}/README.md)`,
      set[0] ?? "",
      textOf(capabilities),
      streamingOf(capabilities),
      filesOf(capabilities),
      buttonsOf(capabilities),
      downtimeOf(capabilities),
    ];
  });
  const header = [
    "platform",
    "switched on by",
    "one message holds",
    "while it is written",
    "files",
    "buttons",
    "while the gateway is down",
  ];
  return tableOf(header, rows);
}

/** What each platform promises, for docs/reliability.md. */
export function promiseTable(manifests: readonly PlatformManifest[]): string {
  const header = ["platform", "messages sent while the gateway is down", "a send whose outcome nobody heard"];
  const rows = manifests.map(({ kind, name, capabilities }) => [
    `${name} (\`${kind}\`)`,
    whileDown(capabilities),
    whenInDoubt(capabilities),
  ]);
  return tableOf(header, rows);
}

function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function whileDown({ inbound: { replay, windowMs } }: Capabilities): string {
  return replay === "none" ? "are lost" : `come afterwards, for ${spanOf(windowMs)}`;
}

function whenInDoubt({ idempotentSend, lookup }: Capabilities): string {
  const drops = "is repeated, and the platform drops the repetition";
  if (idempotentSend === true) return drops;
  if (lookup) return "is asked for, and repeated only if it did not happen";
  const marked = "is sent once more, with the mark";
  return idempotentSend === false ? marked : `${drops}, for ${spanOf(idempotentSend.withinMs)}; later it ${marked}`;
}

function textOf({ text: { maxLength } }: Capabilities): string {
  return maxLength === null ? "any length" : maxLength.toLocaleString("en-US");
}

function streamingOf({ live, edit }: Capabilities): string {
  if (live !== false) return "shown live";
  return edit === false ? "shown at its end" : `edited every ${edit.minIntervalMs / 1000} s`;
}

function filesOf({ media }: Capabilities): string {
  const ways = [...(media.receive.length > 0 ? ["in"] : []), ...(Object.keys(media.send).length > 0 ? ["out"] : [])];
  return ways.length === 0 ? "no" : ways.join(" and ");
}

function buttonsOf({ actions }: Capabilities): string {
  return actions === false ? "no" : "yes";
}

function downtimeOf({ inbound }: Capabilities): string {
  switch (inbound.replay) {
    case "cursor":
    case "resume":
      return `nothing is lost for ${spanOf(inbound.windowMs)}`;
    case "retries":
      return `the platform tries again for ${spanOf(inbound.windowMs)}`;
    case "none":
      return "whoever asks is told so at once";
  }
}

/** In the largest unit that leaves a number worth reading. */
function spanOf(durationMs: number): string {
  const hours = durationMs / 3_600_000;
  if (hours > 48) return `${Math.round(hours / 24)} days`;
  return hours >= 2 ? `${Math.round(hours)} hours` : `${Math.round(hours * 60)} minutes`;
}
