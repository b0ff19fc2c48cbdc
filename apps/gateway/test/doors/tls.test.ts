import { execFileSync } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createRpcConnection } from "../../src/home-client/rpc-connection.ts";
import { openSocketWire } from "../../src/home-client/socket-wire.ts";
import { writeHomeFile } from "../temporary-home.ts";
import { makeCertificate, type Certificate } from "./certificate.ts";
import { adminToken, bearer, configure, connect, openHouse, threeTokens, type House } from "./house.ts";

const hasOpenssl = isThere("openssl");

function isThere(program: string): boolean {
  try {
    execFileSync(program, ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const server = `${threeTokens}, tls: { certificate: own.pem, key: own.key }`;

/** A house whose configuration names these files. */
async function openSafely({ certificate, key }: Pick<Certificate, "certificate" | "key">): Promise<House> {
  const configuration = await configure({ "config.yaml": `server: { port: 0, ${server} }\n` });
  await writeHomeFile(configuration.home, "own.pem", certificate);
  await writeHomeFile(configuration.home, "own.key", key);
  return await openHouse({ configuration });
}

async function post(url: string, ca: string, body: string): Promise<{ status: number; cookies: readonly string[] }> {
  const sent = request(url, {
    method: "POST",
    ca,
    servername: "hermes.example.org",
    headers: { "content-type": "application/json" },
  });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  await text(response);
  return { status: response.statusCode ?? 0, cookies: response.headers["set-cookie"] ?? [] };
}

describe.skipIf(!hasOpenssl)("A gateway that encrypts by itself", () => {
  it("serves the page, the API and sockets, and its cookie goes nowhere else", async () => {
    const made = await makeCertificate();
    const house = await openSafely(made);
    expect(house.url).toMatch(/^https:/u);
    const { code } = house.doors.codes.make();
    const { status, cookies } = await post(`${house.url}/console/sign-in`, made.authority, JSON.stringify({ code }));
    expect([status, cookies]).toEqual([204, [expect.stringMatching(/; Secure$/u)]]);
    const options = { ca: made.authority, servername: "hermes.example.org" };
    const talk = await connect(house.url, { ...bearer(adminToken), origin: house.url }, options);
    expect(await talk.ask("health")).toHaveProperty("result");
    const plain = { ...bearer(adminToken), origin: house.url.replace("https", "http") };
    await expect(connect(house.url, plain, options)).rejects.toThrow("403");
  });

  it("is asked by the programs of its home, whoever signed its certificate and whatever name stands in it", async () => {
    const made = await makeCertificate();
    const { url, configuration } = await openSafely(made);
    const connection = createRpcConnection(
      await openSocketWire({ url, token: adminToken, tls: configuration.settings.server.tls }),
    );
    expect(await connection.client.call("health")).toMatchObject({ status: "ok" });
    connection.close();
    await writeHomeFile(configuration.home, "own.pem", (await makeCertificate()).certificate);
    await expect(openSocketWire({ url, token: adminToken, tls: configuration.settings.server.tls })).rejects.toMatchObject({
      exitCode: 75,
    });
  });

  it("lets nobody in who does not encrypt, and everybody else goes on", async () => {
    const made = await makeCertificate();
    const { url, port } = await openSafely(made);
    const socket = connectTcp(port, "127.0.0.1");
    await once(socket, "connect");
    socket.on("error", () => undefined);
    socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "close");
    const options = { ca: made.authority, servername: "hermes.example.org" };
    await connect(url, bearer(adminToken), options);
  });

  it("does not start with files that are no certificate, or do not belong together", async () => {
    const made = await makeCertificate();
    const wrong = [
      { certificate: "no certificate", key: made.key },
      { certificate: made.certificate, key: "no key" },
      { certificate: made.certificate, key: (await makeCertificate()).key },
    ];
    for (const files of wrong)
      await expect(openSafely(files)).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringContaining("(server.tls)") as unknown,
      });
  });
});

describe("The files of the encryption", () => {
  it("that are missing keep the gateway from starting, and it says which key names them", async () => {
    const configuration = await configure({ "config.yaml": `server: { port: 0, ${server} }\n` });
    const path = join(configuration.home, "own.pem");
    await expect(openHouse({ configuration })).rejects.toMatchObject({
      exitCode: 78,
      message: `${path} cannot be read (server.tls.certificate): ENOENT. Name a file in PEM that this user may read.`,
    });
  });

  it("are two", async () => {
    await expect(configure({ "config.yaml": "server: { tls: { key: own.key } }" })).rejects.toThrow(
      "server.tls.key: needs `server.tls.certificate` beside it",
    );
    await expect(configure({ "config.yaml": "server: { tls: { certificate: own.pem } }" })).rejects.toThrow(
      "server.tls.certificate: needs",
    );
  });
});
