import { hash } from "node:crypto";
import { refuse, type Reply, type Route } from "@hermes/testkit/server";
import type { DiscordServer } from "./discord-server.ts";

/** How long the address of a file is good. */
const addressMs = 24 * 60 * 60_000;

/** An address that is good for a day. */
export function signedAddress({ nowMs, http }: Pick<DiscordServer, "nowMs" | "http">, path: string): string {
  const expires = Math.floor((nowMs() + addressMs) / 1000).toString(16);
  return `${http.url}${path}?ex=${expires}&is=0&hm=${signature(path, expires)}`;
}

/** Where files lie. */
export function fileRoutes({ nowMs, world }: Pick<DiscordServer, "nowMs" | "world">): readonly Route[] {
  const gone = (): Error => refuse(404, "This content is no longer available.");
  const fileOf = (id = ""): Reply => {
    const file = world.files.get(id);
    if (file === undefined) throw gone();
    return { headers: { "content-type": file.mimeType }, body: file.bytes };
  };
  return [
    {
      method: "GET",
      path: "/attachments/:channel/:file/:name",
      operation: "file",
      handle({ url, parameters }) {
        const expires = url.searchParams.get("ex") ?? "";
        const isSigned = url.searchParams.get("hm") === signature(url.pathname, expires);
        if (!isSigned || Number.parseInt(expires, 16) * 1000 <= nowMs()) throw gone();
        return fileOf(parameters["file"]);
      },
    },
    {
      method: "GET",
      path: "/stickers/:file",
      operation: "file",
      handle: ({ parameters }) => fileOf((parameters["file"] ?? "").split(".")[0]),
    },
  ];
}

function signature(path: string, expires: string): string {
  return hash("sha256", `${decodeURIComponent(path)}?${expires}`);
}
