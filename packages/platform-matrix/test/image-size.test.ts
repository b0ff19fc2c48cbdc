import { carrying, CountedFile } from "@hermes/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { imageSize } from "../src/encode/image-size.ts";
import { chatIn, connect, plainOptions, set } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";
import type { Fields } from "./server.ts";
import { eventsIn } from "./server/world.ts";

closeAfterEach();

const hex = (...parts: readonly string[]): Buffer => Buffer.from(parts.join("").replaceAll(" ", ""), "hex");
const pictures = {
  png: hex("89504e470d0a1a0a 0000000d 49484452 00000140 000000c8 0802000000"),
  gif: hex("474946383961 4001 c800 f70000"),
  jpeg: hex("ffd8 ffe0 0004 0000 ffe1 0006 00000000 ffc0 0011 08 00c8 0140 03"),
  "progressive jpeg": hex("ffd8 ffc4 0003 00 ffc2 0011 08 00c8 0140 03"),
  "lossy webp": hex("52494646 00000000 57454250 56503820 00000000 000000 9d012a 4001 c800"),
  "lossless webp": hex("52494646 00000000 57454250 5650384c 00000000 2f 3fc13100"),
  "extended webp": hex("52494646 00000000 57454250 56503858 0a000000 00000000 3f0100 c70000"),
} as const;

describe("A picture's size", () => {
  test.each(Object.entries(pictures))("stands at the beginning of a %s", (_kind, head) => {
    expect(imageSize(head)).toEqual({ w: 320, h: 200 });
  });

  test.each(Object.entries(pictures))("is not known of a %s that ends before", (_kind, head) => {
    for (let length = 0; length < head.length; length += 1) {
      const found = imageSize(head.subarray(0, length));
      expect(found === undefined || (found.w === 320 && found.h === 200)).toBe(true);
    }
    expect(imageSize(head.subarray(0, 9))).toBeUndefined();
  });

  test("is read of whatever bytes without harm", () => {
    const heads = fc.oneof(...Object.values(pictures).map((head) => fc.constant(head.subarray(0, 16))));
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
        const found = imageSize(Buffer.concat([head, rest]));
        expect(found === undefined || (Number.isInteger(found.w) && Number.isInteger(found.h))).toBe(true);
      }),
    );
  });

  test("is told with it, and nothing is told of what is none; the file is read once", async () => {
    const setting = await set();
    const { server, club } = setting;
    const { connection } = await connect(setting);
    const bytes = Buffer.concat([pictures.png, Buffer.alloc(200_000, 7)]);
    const photo = new CountedFile("image", "image/png", bytes);
    await connection.send(chatIn(club), carrying([photo]), plainOptions());
    await connection.send(chatIn(club), carrying([new CountedFile("image", "image/png", Buffer.from("none"))]), plainOptions());
    const infos = eventsIn(club).flatMap(({ sender, content }) =>
      sender === server.bot.userId && content["info"] ? [content["info"] as Fields] : [],
    );
    expect(infos).toEqual([
      { mimetype: "image/png", size: bytes.length, w: 320, h: 200 },
      { mimetype: "image/png", size: 4 },
    ]);
    expect(photo.opened).toBe(1);
    expect([...server.files.values()].map((file) => file.bytes.length)).toEqual([bytes.length, 4]);
  });
});
