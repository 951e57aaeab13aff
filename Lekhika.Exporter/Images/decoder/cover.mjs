// Paints the cover of a design as a picture: Typst sets it, librsvg draws it. One order, a line on stdin; one answer, a line on stdout.
// An order is {typesetter, id, book, width, height}: the typesetter's folder; what BookData.cs writes; the box in pixels that the picture is to fill.
// An answer is {image, width, height} or {error}: a JPEG in base64.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';

// Nothing but what was just set is read, and only from memory.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
sharp.cache(false);
sharp.concurrency(1);

const pointsPerInch = 72;

async function paint({ typesetter, id, book, width, height }) {
  const { setBook } = await import(pathToFileURL(join(typesetter, 'typeset.mjs')));
  const { svg, points, error } = await setBook(process.cwd(), id, { book }); // In an empty folder: Typst can read nothing but what is staged in it.
  if (error) {
    return { error };
  }

  // Drawn at the resolution that it is to have: letters stay sharp.
  const density = pointsPerInch * Math.max(width / points.width, height / points.height);
  const sized = svg.replace(/width="([\d.]+)pt" height="([\d.]+)pt"/, 'width="$1" height="$2"'); // Else librsvg scales points once more.
  const { data, info } = await sharp(Buffer.from(sized), { density })
    .resize({ width, height, fit: 'outside' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer({ resolveWithObject: true });
  return { image: data.toString('base64'), width: info.width, height: info.height };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const answer = await paint(JSON.parse(line)).catch((error) => ({ error: String(error?.message ?? error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
