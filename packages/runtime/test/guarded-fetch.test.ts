import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { guardedFetch, isPublicAddress } from "../src/guarded-fetch.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function listen(): Promise<{ readonly port: number; readonly hits: () => number }> {
  let hits = 0;
  const listening = createServer((_request, response) => {
    hits += 1;
    response.end("inner");
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return { port: (listening.address() as AddressInfo).port, hits: () => hits };
}

describe("A guarded fetch", () => {
  it("knows which addresses are public, however they are written", () => {
    const inner =
      "127.0.0.1 127.255.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 198.18.0.1 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:7f00:1 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 2001::1 2001:db8::1 localhost 1.2.3 0x7f.1".split(
        " ",
      );
    for (const address of ["", ...inner]) expect(isPublicAddress(address), address).toBe(false);
    for (const address of ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1"]) {
      expect(isPublicAddress(address), address).toBe(true);
    }
  });

  it("calls no inner address, whatever it is called", async () => {
    const { port, hits } = await listen();
    for (const host of [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "2130706433",
      "0x7f000001",
      "0177.0.0.1",
      "127.1",
    ]) {
      await expect(guardedFetch(new Request(`http://${host}:${port}/`)), host).rejects.toThrow(
        /not an address on the public internet/u,
      );
    }
    expect(hits()).toBe(0);
  });

  it("reads nothing of a redirect that has no end", async () => {
    const gone = Promise.withResolvers<void>();
    const listening = createServer((request, response) => {
      if (request.url === "/end") return void response.end("there");
      response.on("close", gone.resolve);
      response.writeHead(302, { location: "/end" }).write("for ever");
    });
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as AddressInfo;
    const answer = await guardedFetch(new Request(`http://127.0.0.1:${port}/`), () => true);
    expect(await answer.text()).toBe("there");
    await gone.promise;
  });

  it("looks at every redirect anew, and takes no credentials to another host", async () => {
    const seen: (string | undefined)[] = [];
    const listening = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization ?? "none"}`);
      const { port } = listening.address() as AddressInfo;
      const next: Record<string, string> = {
        "/same": "/end",
        "/other": `http://localhost:${port}/end`,
        "/inner": `http://127.0.0.2:${port}/end`,
      };
      const location = next[request.url ?? ""];
      response.writeHead(location === undefined ? 200 : 302, location === undefined ? {} : { location }).end("body");
    });
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as AddressInfo;
    const fetchPath = (path: string) =>
      guardedFetch(
        new Request(`http://127.0.0.1:${port}${path}`, { headers: { authorization: "Bearer fake" } }),
        (address) => address === "127.0.0.1",
      );
    expect(await (await fetchPath("/same")).text()).toBe("body");
    expect((await fetchPath("/other")).status).toBe(200);
    await expect(fetchPath("/inner")).rejects.toThrow(/not an address on the public internet/u);
    expect(seen).toEqual(["/same Bearer fake", "/end Bearer fake", "/other Bearer fake", "/end none", "/inner Bearer fake"]);
  });

  it("calls nothing but http and https, and no address with credentials in it", async () => {
    await expect(guardedFetch({ url: "file:///etc/passwd", headers: new Headers(), method: "GET" } as Request)).rejects.toThrow(
      /Only http and https/u,
    );
    await expect(
      guardedFetch({ url: "http://user:secret@1.1.1.1/", headers: new Headers(), method: "GET" } as Request),
    ).rejects.toThrow(/^An address with credentials in it is not fetched: 1\.1\.1\.1$/u);
  });
});
