// Paints the cover of a design as a picture: Typst sets it, librsvg draws it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';

// Nothing but what was just set is read, and only from memory.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
sharp.cache(false);
sharp.concurrency(1);

const pointsPerInch = 72;

/**
 * {image, width, height}, a PNG in base64, of {typesetter, id, book, width, height}: the typesetter's folder; what BookData.cs writes; the box in pixels
 * that the picture is to fill. {error} when it cannot be set.
 */
export async function cover({ typesetter, id, book, width, height }) {
  const { setBook } = await import(pathToFileURL(join(typesetter, 'typeset.mjs')));
  const { svg, points, error } = await setBook(process.cwd(), id, { book }); // In an empty folder: Typst can read nothing but what is staged in it.
  if (error) {
    return { error };
  }

  // Drawn at the resolution that it is to have: letters stay sharp. On white, as paper is, so that nothing shines through.
  const density = pointsPerInch * Math.max(width / points.width, height / points.height);
  const sized = svg
    .replace(/width="([\d.]+)pt" height="([\d.]+)pt"/, 'width="$1" height="$2"') // Else librsvg scales points once more.
    .replace(/<svg([^>]*)>/, '<svg$1 preserveAspectRatio="xMidYMid slice"><rect width="100%" height="100%" fill="#ffffff"/>'); // To the last pixel.
  const { data, info } = await sharp(Buffer.from(sized), { density })
    .removeAlpha()
    .resize({ width, height, fit: 'outside' })
    .png({ compressionLevel: 6 })
    .toBuffer({ resolveWithObject: true });
  return { image: data.toString('base64'), width: info.width, height: info.height };
}
