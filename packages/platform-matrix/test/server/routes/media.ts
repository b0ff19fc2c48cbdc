import type { Reply, Route, ServerCall } from "@hermes/testkit/server";
import type { Homeserver } from "../homeserver.ts";
import { matrixError } from "../matrix-error.ts";

/** Files: stored as they come, given to those who are logged in. */
export function mediaRoutes(server: Homeserver): readonly Route[] {
  const { sessions, world } = server;
  const find = (call: ServerCall): Reply => {
    const { server: name, media = "" } = call.parameters;
    const file = name === world.serverName ? server.files.get(media) : undefined;
    if (file === undefined) throw matrixError(404, "M_NOT_FOUND", "Not found");
    if (server.mediaRedirect !== undefined) return { status: 307, headers: { location: `${server.mediaRedirect}/${media}` } };
    return { headers: { "content-type": file.mimeType }, body: file.bytes };
  };
  const newer = (call: ServerCall): void => {
    sessions.deviceOf(call);
    if (!server.hasAuthenticatedMedia) throw matrixError(404, "M_UNRECOGNIZED", "Unrecognized request");
  };
  const config = (): Reply => ({ body: { "m.upload.size": server.maxUploadBytes } });
  return [
    {
      method: "POST",
      path: "/_matrix/media/v3/upload",
      operation: "upload",
      maxBodyBytes: 100_000_000,
      handle(call) {
        sessions.deviceOf(call);
        if (!call.headers.has("content-length")) throw matrixError(400, "M_UNKNOWN", "Request must specify a Content-Length");
        if (call.bytes.byteLength > server.maxUploadBytes)
          throw matrixError(413, "M_TOO_LARGE", "Upload request body is too large");
        const mediaId = `Media${server.files.size + 1}`;
        const name = call.url.searchParams.get("filename") ?? "";
        server.files.set(mediaId, {
          bytes: call.bytes,
          mimeType: call.headers.get("content-type") ?? "application/octet-stream",
          name,
        });
        return { body: { content_uri: `mxc://${world.serverName}/${mediaId}` } };
      },
    },
    {
      method: "GET",
      path: "/_matrix/client/v1/media/config",
      operation: "media-config",
      handle(call) {
        newer(call);
        return config();
      },
    },
    {
      method: "GET",
      path: "/_matrix/media/v3/config",
      operation: "old-media-config",
      handle(call) {
        sessions.deviceOf(call);
        return config();
      },
    },
    {
      method: "GET",
      path: "/_matrix/client/v1/media/download/:server/:media",
      operation: "download",
      handle(call) {
        newer(call);
        return find(call);
      },
    },
    {
      method: "GET",
      path: "/_matrix/media/v3/download/:server/:media",
      operation: "old-download",
      handle(call) {
        // "Homeservers … freeze" what is uploaded since authenticated media: it is not given out without.
        if (server.hasAuthenticatedMedia) throw matrixError(404, "M_NOT_FOUND", "Not found");
        return find(call);
      },
    },
  ];
}
