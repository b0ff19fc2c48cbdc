import { badRequest } from "../api-error.ts";
import type { ImagePart } from "./request.ts";

/** Larger than what the clouds take. */
export const maxImageBytes = 20_000_000;
const maxAddressLength = 8192;

/** A picture by its address: on the web, or the picture itself as `data:image/…;base64`. Its size is known before it is decoded. */
export function imageOf(address: unknown, param: string): ImagePart {
  if (typeof address !== "string" || address === "")
    throw badRequest("invalid_image_url", `Expected \`${param}\` to be the address of an image`, param);
  if (/^data:/iu.test(address.slice(0, 5))) return dataOf(address, param);
  const url = address.length > maxAddressLength ? null : URL.parse(address);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw badRequest("invalid_image_url", `Expected \`${param}\` to be an http, https or data:image address`, param);
  }
  return { kind: "url", url: url.href };
}

function dataOf(address: string, param: string): ImagePart {
  const comma = address.indexOf(",");
  const head = /^data:([a-z]+\/[a-z0-9.+-]{1,64});base64$/iu.exec(comma > 200 ? "" : address.slice(0, Math.max(comma, 0)));
  const mimeType = head?.[1]?.toLowerCase();
  if (mimeType === undefined)
    throw badRequest("invalid_image_url", `Expected \`${param}\` to begin with \`data:image/…;base64,\``, param);
  if (!mimeType.startsWith("image/"))
    throw badRequest("unsupported_content_type", `Only images can be sent, not ${mimeType}`, param);
  const base64 = address.slice(comma + 1);
  const sizeBytes = Math.floor((base64.replace(/=+$/u, "").length * 3) / 4);
  if (sizeBytes > maxImageBytes)
    throw badRequest("image_too_large", `Expected \`${param}\` to hold at most ${maxImageBytes} bytes, got ${sizeBytes}`, param);
  if (sizeBytes === 0 || !isBase64(base64))
    throw badRequest("invalid_image_url", `Expected \`${param}\` to hold an image in base64`, param);
  return { kind: "data", mimeType, base64, sizeBytes };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/u.test(text);
}
