import type { Capabilities, PlatformManifest } from "@hermes/core";

const begin = "<!-- platforms: written by the manifests -->";
const end = "<!-- /platforms -->";

/** `page` with its table of platforms as the manifests have it. */
export function withPlatformTable(page: string, manifests: readonly PlatformManifest[]): string {
  const [before, rest] = splitAt(page, begin);
  const [, after] = splitAt(rest, end);
  return `${before}${begin}\n${platformTable(manifests)}\n${end}${after}`;
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`The page has no mark ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function platformTable(manifests: readonly PlatformManifest[]): string {
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
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
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
export function spanOf(durationMs: number): string {
  const hours = durationMs / 3_600_000;
  if (hours > 48) return `${Math.round(hours / 24)} days`;
  return hours >= 2 ? `${Math.round(hours)} hours` : `${Math.round(hours * 60)} minutes`;
}
