import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryHome } from "../temporary-home.ts";

const run = promisify(execFile);

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** The certificate of whoever signed it. */
  readonly authority: string;
}

/** A certificate for `localhost` and another one that signed it, as an authority's would be. */
export async function makeCertificate(): Promise<Certificate> {
  const home = await temporaryHome();
  const path = (name: string): string => join(home, name);
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const authority = [
    "req",
    "-x509",
    ...curve,
    "-keyout",
    path("ca.key"),
    "-out",
    path("ca.pem"),
    "-days",
    "2",
    "-subj",
    "/CN=Fake CA",
  ];
  await run("openssl", authority);
  await run("openssl", ["req", ...curve, "-keyout", path("own.key"), "-out", path("own.csr"), "-subj", "/CN=hermes.example.org"]);
  const signer = ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial"];
  await run("openssl", ["x509", "-req", "-in", path("own.csr"), ...signer, "-out", path("own.pem"), "-days", "2"]);
  const read = (name: string): Promise<string> => readFile(path(name), "utf8");
  return { certificate: await read("own.pem"), key: await read("own.key"), authority: await read("ca.pem") };
}
