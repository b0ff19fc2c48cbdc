import type { Logger } from "@hermes/core";
import { doorId } from "../doors.ts";
import type { LoadedPlatform } from "../load-platforms.ts";

/** Where the gateway itself answers: no platform's door may lie there, above or below. */
const ownPaths = [
  "/healthz",
  "/readyz",
  "/metrics",
  "/rpc",
  "/ws",
  "/console/",
  "/webhooks/",
  "/assets/",
  "/v1/messages",
  "/v1/files",
  "/v1/files/",
];

/** The doors of platforms, by the paths that lead to them. A path that is taken already stays with who has it, and that is logged. */
export function doorPaths(
  platforms: readonly Pick<LoadedPlatform, "platform" | "manifest">[],
  logger: Logger,
): ReadonlyMap<string, string> {
  const doors = new Map([["/ws", doorId]]);
  for (const { platform, manifest } of platforms) {
    for (const path of manifest.paths ?? []) {
      const holder = doors.get(path) ?? (isOwn(path) ? "the gateway itself" : undefined);
      if (holder === undefined) doors.set(path, platform.id);
      else logger.error(`[${platform.id}] Is not reached at ${path}: that is ${holder}. Remove one of the two.`);
    }
  }
  return doors;
}

function isOwn(path: string): boolean {
  if (!/^\/(?:[\w-][\w.-]*\/?)+$/u.test(path)) return true;
  return ownPaths.some(
    (own) => path === own || (own.endsWith("/") && path.startsWith(own)) || (path.endsWith("/") && own.startsWith(path)),
  );
}
