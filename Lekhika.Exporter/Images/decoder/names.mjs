// Gives a font that was cut another name inside, after the OpenType specification 1.9 (file header, name table).
// Some licences reserve the name of the whole font for the whole font (OFL 1.1 §3); copyright and licence stay in the file.
const kept = new Set([0, 2, 13, 14]);
const name = 'Book Typeface';
const renamed = new Map([[1, name], [3, name], [4, name], [6, 'BookTypeface']]);

/** The TrueType file with its names replaced. */
export function withoutNames(font) {
  const count = font.readUInt16BE(4);
  const tables = Array.from({ length: count }, (_, i) => {
    const at = 12 + i * 16;
    const [offset, length] = [font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)];
    return { tag: font.toString('latin1', at, at + 4), bytes: Buffer.from(font.subarray(offset, offset + length)) };
  });
  for (const table of tables) {
    if (table.tag === 'name') table.bytes = namesOf(table.bytes);
    if (table.tag === 'head') table.bytes.writeUInt32BE(0, 8);
  }
  return fileOf(font.readUInt32BE(0), tables);
}

/** A name table of the Windows, Unicode, English records that stay. */
function namesOf(table) {
  const strings = table.readUInt16BE(4);
  const records = new Map();
  for (let i = 0; i < table.readUInt16BE(2); i++) {
    const at = 6 + i * 12;
    const [platform, encoding, language, id, length, offset] = Array.from({ length: 6 }, (_, k) => table.readUInt16BE(at + k * 2));
    if (platform === 3 && encoding === 1 && language === 0x409 && kept.has(id)) {
      records.set(id, table.subarray(strings + offset, strings + offset + length));
    }
  }
  for (const [id, text] of renamed) {
    records.set(id, Buffer.from(text, 'utf16le').swap16());
  }
  const ids = [...records.keys()].sort((one, other) => one - other);
  const head = Buffer.alloc(6 + ids.length * 12);
  head.writeUInt16BE(ids.length, 2);
  head.writeUInt16BE(head.length, 4);
  let offset = 0;
  ids.forEach((id, i) => {
    [3, 1, 0x409, id, records.get(id).length, offset].forEach((value, k) => head.writeUInt16BE(value, 6 + i * 12 + k * 2));
    offset += records.get(id).length;
  });
  return Buffer.concat([head, ...ids.map((id) => records.get(id))]);
}

function fileOf(version, tables) {
  const header = Buffer.alloc(12 + tables.length * 16);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  header.writeUInt32BE(version, 0);
  [tables.length, power * 16, Math.log2(power), (tables.length - power) * 16].forEach((value, i) => header.writeUInt16BE(value, 4 + i * 2));
  let [offset, head] = [header.length, 0];
  const bodies = tables.map(({ tag, bytes }, i) => {
    const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
    const at = 12 + i * 16;
    header.write(tag, at, 'latin1');
    [sumOf(padded), offset, bytes.length].forEach((value, k) => header.writeUInt32BE(value, at + 4 + k * 4));
    if (tag === 'head') head = offset;
    offset += padded.length;
    return padded;
  });
  const file = Buffer.concat([header, ...bodies]);
  file.writeUInt32BE((0xb1b0afba - sumOf(file)) >>> 0, head + 8);
  return file;
}

function sumOf(bytes) {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4) sum = (sum + bytes.readUInt32BE(i)) >>> 0;
  return sum;
}
