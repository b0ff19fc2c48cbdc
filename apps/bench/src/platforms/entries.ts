import type { Kind } from "../../loopback/platforms.ts";

/**
 * What a gateway imports to be connected: a platform's package, and the part of its library that it uses. Resolved here, without the
 * condition that leads to sources: what is measured is what others install.
 */
export function entriesOf(kind: Kind): readonly [own: string, library: string] {
  switch (kind) {
    case "discord":
      return [import.meta.resolve("@hermes/platform-discord"), import.meta.resolve("discord.js")];
    case "matrix":
      return [import.meta.resolve("@hermes/platform-matrix"), import.meta.resolve("matrix-js-sdk/lib/http-api/index.js")];
    case "slack":
      return [import.meta.resolve("@hermes/platform-slack"), import.meta.resolve("@slack/bolt")];
    case "telegram":
      return [import.meta.resolve("@hermes/platform-telegram"), import.meta.resolve("grammy")];
  }
}
