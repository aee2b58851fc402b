// WOFF 1.0 (a W3C recommendation) to OpenType: the same tables, each packed with zlib.
import { inflateSync } from "node:zlib";

const HEADER = 12, RECORD = 16; // sizes of the OpenType header and of one table record, in bytes

/** Buffer of a .woff file -> Buffer of the .ttf or .otf in it. Throws when the file is something else. */
export function fontFromWoff(woff) {
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new Error("not a WOFF 1.0 file");
  const count = woff.readUInt16BE(12);
  const power = 2 ** Math.floor(Math.log2(count));
  const head = Buffer.alloc(HEADER + RECORD * count);
  woff.copy(head, 0, 4, 8); // flavour
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(power * 16, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(count * 16 - power * 16, 10);
  const parts = [head];
  let at = head.length;
  for (let index = 0; index < count; index += 1) {
    const entry = 44 + 20 * index;
    const offset = woff.readUInt32BE(entry + 4), packed = woff.readUInt32BE(entry + 8), length = woff.readUInt32BE(entry + 12);
    const raw = woff.subarray(offset, offset + packed);
    const table = packed < length ? inflateSync(raw) : raw;
    const record = HEADER + RECORD * index;
    woff.copy(head, record, entry, entry + 4); // tag
    woff.copy(head, record + 4, entry + 16, entry + 20); // checksum
    head.writeUInt32BE(at, record + 8);
    head.writeUInt32BE(length, record + 12);
    const padded = Buffer.alloc(Math.ceil(length / 4) * 4);
    table.copy(padded);
    parts.push(padded);
    at += padded.length;
  }
  return Buffer.concat(parts);
}
