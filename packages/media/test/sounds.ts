/** A voice note in Ogg Opus of so many seconds: a first page with the header, and a last one that says how many samples there are. */
export function voiceNote(seconds: number, content = "sound"): Uint8Array {
  const preSkip = 312;
  const header = Buffer.concat([
    Buffer.from("OpusHead"),
    Buffer.from([1, 1, preSkip & 0xff, preSkip >> 8, 0x80, 0xbb, 0, 0, 0, 0, 0]),
  ]);
  return Buffer.concat([page(0n, header), page(BigInt(seconds * 48_000 + preSkip), Buffer.from(content))]);
}

function page(granule: bigint, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(28);
  head.write("OggS", 0, "latin1");
  head.writeBigInt64LE(granule, 6);
  head[26] = 1;
  head[27] = body.length;
  return Buffer.concat([head, body]);
}
