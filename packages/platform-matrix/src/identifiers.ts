/** "The total size … MUST NOT exceed 255 bytes" (Matrix specification, appendices, Identifier Grammar). */
const maxIdentifierBytes = 255;

/** Host, IPv4 or bracketed IPv6, with or without a port (appendices, Server Name). */
const serverName = String.raw`(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,230})(?::\d{1,5})?`;
/** Historical ids hold any printable character besides the colon (appendices, Historical User IDs). */
const localPart = String.raw`[!-9;-~]{1,250}`;

const userPattern = new RegExp(String.raw`^@[!-9;-~]{0,250}:${serverName}$`, "u");
/** Rooms of version 12 are named by a hash alone (room version 12, Room IDs as hashes). */
const roomPattern = new RegExp(`^!(?:${localPart}:${serverName}|[\\w-]{10,100})$`, "u");
const aliasPattern = new RegExp(String.raw`^#[^\s:\u0000]{1,250}:${serverName}$`, "u");
/** A hash, or in rooms of the first two versions a name with the server behind it. */
const eventPattern = new RegExp(String.raw`^\$[!-9;-~]{1,250}(?::${serverName})?$`, "u");
const serverPattern = new RegExp(`^${serverName}$`, "u");
/** "mxc://<server-name>/<media-id>", the id of unreserved characters (Content repository). */
const contentPattern = new RegExp(String.raw`^mxc:\/\/(${serverName})\/([\w-]{1,255})$`, "u");

export function isUserId(text: string): boolean {
  return userPattern.test(text) && fits(text);
}

export function isRoomId(text: string): boolean {
  return roomPattern.test(text) && fits(text);
}

export function isRoomAlias(text: string): boolean {
  return aliasPattern.test(text) && fits(text);
}

export function isEventId(text: string): boolean {
  return eventPattern.test(text) && fits(text);
}

export function isServerName(text: string): boolean {
  return serverPattern.test(text) && fits(text);
}

/** Where a file lies, by its `mxc:` address; undefined for what is none. */
export function contentAddress(text: string): { readonly server: string; readonly mediaId: string } | undefined {
  const [, server, mediaId] = contentPattern.exec(text) ?? [];
  return server === undefined || mediaId === undefined ? undefined : { server, mediaId };
}

/** The server behind the first colon of a user id. */
export function serverOf(userId: string): string {
  return userId.slice(userId.indexOf(":") + 1);
}

/** What stands between the sign and the server of a user id. */
export function localPartOf(userId: string): string {
  return userId.slice(1, userId.indexOf(":"));
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= maxIdentifierBytes;
}
