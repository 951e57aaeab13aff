// Which letters a font file has (its cmap) and whether it has small capitals (GSUB feature smcp), after the OpenType specification 1.9.
// Only these two tables are read: a book's letters are looked up in a few milliseconds, and no library is loaded for it.
import { closeSync, openSync, readSync } from 'node:fs';

/** {has(codePoint), smallCaps} of a TrueType file. */
export function lettersOf(path) {
  const file = openSync(path, 'r');
  try {
    const read = (at, length) => { const bytes = Buffer.alloc(length); readSync(file, bytes, 0, length, at); return bytes; };
    const count = read(4, 2).readUInt16BE(0);
    const directory = read(12, count * 16);
    const table = (tag) => {
      for (let i = 0; i < count; i++) {
        if (directory.toString('latin1', i * 16, i * 16 + 4) === tag) {
          return read(directory.readUInt32BE(i * 16 + 8), directory.readUInt32BE(i * 16 + 12));
        }
      }
      return undefined;
    };
    const ranges = rangesOf(table('cmap'));
    return { has: (codePoint) => isIn(ranges, codePoint), smallCaps: hasFeature(table('GSUB'), 'smcp') };
  } finally {
    closeSync(file);
  }
}

/** Sorted [first, last] pairs of the best Unicode subtable: format 12, else format 4. */
function rangesOf(cmap) {
  const subtables = [];
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const offset = cmap.readUInt32BE(4 + i * 8 + 4);
    subtables.push({ format: cmap.readUInt16BE(offset), offset });
  }
  const full = subtables.find((one) => one.format === 12);
  if (full) {
    const groups = cmap.readUInt32BE(full.offset + 12);
    return Array.from({ length: groups }, (_, i) => [cmap.readUInt32BE(full.offset + 16 + i * 12), cmap.readUInt32BE(full.offset + 20 + i * 12)]);
  }
  const basic = subtables.find((one) => one.format === 4);
  const segments = cmap.readUInt16BE(basic.offset + 6) / 2;
  const ends = basic.offset + 14;
  const starts = ends + segments * 2 + 2;
  return Array.from({ length: segments }, (_, i) => [cmap.readUInt16BE(starts + i * 2), cmap.readUInt16BE(ends + i * 2)]).filter(([first]) => first !== 0xffff);
}

function isIn(ranges, codePoint) {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < ranges[middle][0]) high = middle - 1;
    else if (codePoint > ranges[middle][1]) low = middle + 1;
    else return true;
  }
  return false;
}

function hasFeature(gsub, tag) {
  if (!gsub) return false;
  const list = gsub.readUInt16BE(6);
  for (let i = 0; i < gsub.readUInt16BE(list); i++) {
    if (gsub.toString('latin1', list + 2 + i * 6, list + 6 + i * 6) === tag) return true;
  }
  return false;
}
