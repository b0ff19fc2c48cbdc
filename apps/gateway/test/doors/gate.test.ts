import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createGate, type GateOptions } from "../../src/http/gate.ts";
import { isNetwork, plainAddress } from "../../src/http/networks.ts";
import { adminToken, bearer, connect, openHouse, signedIn, threeTokens, type House } from "./house.ts";

type Headers = Readonly<Record<string, string>>;

/** The status of an upgrade at `/ws`. */
async function upgrade({ url }: House, headers: Headers): Promise<number> {
  return await connect(url, headers).then(
    () => 101,
    (error: unknown) => Number(/\d+$/u.exec(String(error))?.[0]),
  );
}

const posts = ["/v1/messages", "/v1/files?name=a.txt", "/rpc", "/console/sign-in", "/console/sign-out"] as const;
const post = async ({ url }: House, path: string, headers: Headers): Promise<number> =>
  (await fetch(`${url}${path}`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: "{}" }))
    .status;

/** The status of a request as it is written. */
async function raw(port: number, path: string, lines: readonly string[]): Promise<number> {
  const socket = connectTcp(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
  return Number((await text(socket)).slice(9, 12));
}

describe("A page of another site", () => {
  it("opens no socket, whatever good credential its browser sends along", async () => {
    const house = await openHouse();
    const cookie = await signedIn(house);
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost:1",
      `https://127.0.0.1:${house.port}`,
      "http://127.0.0.1",
    ]) {
      expect(await upgrade(house, { cookie, origin })).toBe(403);
      expect(await upgrade(house, { ...bearer(adminToken), origin })).toBe(403);
    }
    expect(await upgrade(house, { cookie, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await upgrade(house, { cookie, origin: house.url })).toBe(101);
    expect(house.doors.web.connectionCount).toBe(1);
  });

  it("sends nothing to any of the doors", async () => {
    const house = await openHouse();
    for (const path of posts) {
      expect(await post(house, path, { ...bearer(adminToken), origin: "https://evil.example" })).toBe(403);
      expect(await post(house, path, { ...bearer(adminToken), "sec-fetch-site": "cross-site" })).toBe(403);
      expect(await post(house, path, { ...bearer(adminToken), "sec-fetch-site": "same-site" })).toBe(403);
      expect(await post(house, path, { ...bearer(adminToken), origin: house.url, "sec-fetch-site": "same-origin" })).not.toBe(
        403,
      );
    }
  });

  it("may link to our page and to nothing else", async () => {
    const { url } = await openHouse();
    const visit = {
      ...bearer(adminToken),
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    const status = async (path: string, headers: Headers): Promise<number> => (await fetch(`${url}${path}`, { headers })).status;
    expect(await status("/", visit)).not.toBe(403);
    expect(await status("/", { ...visit, "sec-fetch-dest": "iframe" })).toBe(403);
    for (const path of ["/metrics", "/readyz", "/console/session", "/v1/files/AAAAAAAAAAAAAAAAAAAAAA"])
      expect(await status(path, visit)).toBe(403);
  });
});

describe("A name", () => {
  it("that may have been made to point here is not served on loopback, and this machine's own names are", async () => {
    const { port } = await openHouse();
    const asked = (host: string): Promise<number> => raw(port, "/readyz", [`Host: ${host}`]);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "localhost.evil.example",
      "192.168.1.5",
      "[fe80::1]",
      "localhost.",
    ])
      expect(await asked(host)).toBe(421);
    for (const host of ["localhost", `localhost:${port}`, `127.0.0.1:${port}`, "[::1]", `[::1]:${port}`])
      expect(await asked(host)).toBe(200);
  });

  it("is served when it is the public one, and its page is our own", async () => {
    const house = await openHouse({ server: `${threeTokens}, publicUrl: "https://hermes.example.org"` });
    const host = "Host: hermes.example.org";
    expect(await raw(house.port, "/readyz", [host])).toBe(200);
    expect(await raw(house.port, "/readyz", ["Host: other.example.org"])).toBe(421);
    expect(await raw(house.port, "/readyz", [host, "Origin: https://hermes.example.org"])).toBe(200);
    expect(await raw(house.port, "/readyz", [host, "Origin: https://evil.example.org"])).toBe(403);
  });
});

describe("Forwarding headers", () => {
  it("of a proxy that nobody named keep a request out, on every door", async () => {
    const house = await openHouse();
    for (const name of ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"]) {
      expect(await upgrade(house, { ...bearer(adminToken), [name]: "127.0.0.1" })).toBe(400);
      for (const path of posts) expect(await post(house, path, { ...bearer(adminToken), [name]: "127.0.0.1" })).toBe(400);
    }
  });

  const options: GateOptions = {
    listeningOn: "127.0.0.1",
    isTls: false,
    trustedProxies: ["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"],
    allowAddresses: ["203.0.113.0/24", "2001:db8:2::/48"],
  };
  const gate = createGate(options);
  const from = (forwarded: string | undefined, remote = "127.0.0.1") =>
    gate(remote, { host: "localhost", ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }) });

  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["203.0.113.9, 198.51.100.1", "198.51.100.1"],
    ["198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"],
    ["203.0.113.9:5678", "203.0.113.9"],
    ["[2001:db8:2::9]:5678", "2001:db8:2::9"],
    ["2001:DB8:2:0::9, 2001:db8:1::1", "2001:db8:2::9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["::ffff:cb00:7109", "203.0.113.9"],
    ["10.9.9.9, 10.1.2.3", "10.9.9.9"],
    ["", "127.0.0.1"],
  ])("`%s` from proxies that are believed mean %s", (forwarded, address) => {
    expect(from(forwarded).address).toBe(address);
  });

  it.each(["203.0.113.9, unknown", "203.0.113.9, 198.51.100.1:x", "203.0.113.9,", "203.0.113.9, _hidden"])(
    "`%s` name nobody: what stands before something that is no address anybody may have written",
    (forwarded) => {
      expect(from(forwarded)).toMatchObject({ address: "unknown", refusal: "address" });
    },
  );

  it("say whether the way to the browser is encrypted only where they are believed", () => {
    const headers = { host: "localhost", "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9" };
    expect(gate("10.0.0.1", headers).isSecure).toBe(true);
    expect(gate("203.0.113.9", headers)).toMatchObject({ isSecure: false, refusal: "forwarded" });
    expect(createGate({ ...options, isTls: true })("203.0.113.9", { host: "localhost" }).isSecure).toBe(true);
  });

  it("do not let in who is not on the list, and the list takes addresses of IPv4 in the clothes of IPv6", () => {
    expect(from("203.0.113.9").refusal).toBeUndefined();
    expect(from("198.51.100.1").refusal).toBe("address");
    expect(from(undefined, "::ffff:203.0.113.9").refusal).toBeUndefined();
    expect(from(undefined, "::ffff:198.51.100.1").refusal).toBe("address");
    expect(from(undefined, "2001:db8:2::5%eth0").refusal).toBeUndefined();
    expect(from(undefined, "fe80::1%eth0").refusal).toBe("address");
    expect(from(undefined, "").refusal).toBe("address");
  });
});

describe("An address", () => {
  it("is let in by the list over real sockets, or not", async () => {
    const open = await openHouse({ server: `${threeTokens}, allowAddresses: [127.0.0.0/8]` });
    expect(await upgrade(open, bearer(adminToken))).toBe(101);
    const closed = await openHouse({ server: `${threeTokens}, allowAddresses: [10.0.0.0/8]` });
    expect(await upgrade(closed, bearer(adminToken))).toBe(403);
    expect(await post(closed, "/v1/messages", bearer(adminToken))).toBe(403);
    expect((await fetch(`${closed.url}/healthz`)).status).toBe(200);
  });

  it.each(["10.0.0.0/8/9", "10.0.0.0/33", "10.0.0/8", "::1/129", "fe80::1%eth0", "", "localhost", "10.0.0.0/"])(
    "is not `%s`",
    (entry) => {
      expect(isNetwork(entry)).toBe(false);
    },
  );

  it("has one way to be written", () => {
    expect(plainAddress("2001:0DB8::0001")).toBe("2001:db8::1");
    expect(plainAddress("[::ffff:127.0.0.1]:80")).toBe("127.0.0.1");
    expect(plainAddress("evil")).toBeUndefined();
    expect(plainAddress("1.2.3.4:99999999")).toBeUndefined();
  });
});
