import { readFile, readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/** Nothing inline, nothing from elsewhere, no frames: what a message says can never run. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const pageHeaders = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

type Encoding = "br" | "gzip" | "identity";

/** The files of the web page. */
export interface ConsoleFiles {
  /** The file at a path, or the page itself for every path that is one of its own; undefined: there is nothing. */
  find(path: string, acceptEncoding: string | undefined): Promise<Response | undefined>;
}

/** The files below a directory, each read and compressed when it is first asked for. Only what is there at the first request is served. */
export function createConsoleFiles(directory: string | undefined): ConsoleFiles {
  let names: Promise<ReadonlySet<string>> | undefined;
  const bodies = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const bodyOf = (name: string, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> => {
    const key = `${encoding} ${name}`;
    const body = bodies.get(key) ?? readCompressed(join(directory ?? "", name), encoding);
    bodies.set(key, body);
    // What could not be read may be readable the next time.
    body.catch(() => bodies.delete(key));
    return body;
  };
  return {
    async find(path, acceptEncoding) {
      if (directory === undefined) return undefined;
      names ??= listFiles(directory);
      const known = await names;
      const name = known.has(path.slice(1)) ? path.slice(1) : isPage(path) && known.has("index.html") ? "index.html" : undefined;
      if (name === undefined) return undefined;
      const encoding = encodingFor(acceptEncoding ?? "");
      const isHashed = name.startsWith("assets/");
      return new Response(await bodyOf(name, encoding), {
        headers: {
          ...pageHeaders,
          "content-type": contentTypes[extname(name)] ?? "application/octet-stream",
          "cache-control": isHashed ? "public, max-age=31536000, immutable" : "no-cache",
          vary: "accept-encoding",
          ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
        },
      });
    },
  };
}

/** A path of the page's own has no file's name at its end. */
function isPage(path: string): boolean {
  return extname(path) === "" && !path.startsWith("/assets/");
}

async function listFiles(directory: string): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return new Set(files.map(({ parentPath, name }) => relative(directory, join(parentPath, name)).split(sep).join("/")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Set();
    throw error;
  }
}

function encodingFor(accept: string): Encoding {
  if (/(?:^|,)\s*br\s*(?:;q=(?:1|0\.\d*[1-9]\d*))?\s*(?:,|$)/iu.test(accept)) return "br";
  return /(?:^|,)\s*gzip\s*(?:;q=(?:1|0\.\d*[1-9]\d*))?\s*(?:,|$)/iu.test(accept) ? "gzip" : "identity";
}

async function readCompressed(path: string, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  const content = await readFile(path);
  switch (encoding) {
    case "identity":
      return new Uint8Array(content);
    case "gzip":
      return new Uint8Array(await promisify(gzip)(content));
    case "br": {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      return new Uint8Array(await promisify(brotliCompress)(content, { params }));
    }
  }
}
