// The exporter's decoder of pictures: one order a line on stdin, one answer a line on stdout, until stdin closes.
// An order is {image, width, height, fill, pixels, seconds}: the file in base64; the box in pixels, which it is to fit into, or to fill; most pixels; most seconds.
// An answer is {image, type, width, height, memory} or {error, memory}; memory is in bytes.
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';

// Libvips knows dozens of formats, some of which read other files. Three are let in, and only from memory.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] });
sharp.cache(false);
sharp.concurrency(1);

// As the typesetter's: no orphan goes on working.
new Worker(
  `const parent = process.ppid;
   setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGKILL'), 1000);`,
  { eval: true },
).unref();

async function decode({ image, width, height, fill, pixels, seconds }) {
  // Sharp drops what it is not told to keep: EXIF, XMP, comments, colour profiles (their colours are converted to sRGB before).
  const source = sharp(Buffer.from(image, 'base64'), { failOn: 'error', limitInputPixels: pixels }).autoOrient();
  const { data, info } = await source
    .resize({ width, height, fit: fill ? 'outside' : 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .timeout({ seconds })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = () => sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
  const answer = (file, type) => ({ image: file.toString('base64'), type, width: info.width, height: info.height });
  const isOpaque = await raw().stats().then((stats) => stats.isOpaque);
  const png = await raw().png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer();
  if (!isOpaque) {
    return answer(png, 'image/png');
  }

  // Photographs and paintings are smaller as JPEG, line drawings as PNG, and sharper.
  const jpeg = await raw().removeAlpha().jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
  return png.length <= jpeg.length ? answer(png, 'image/png') : answer(jpeg, 'image/jpeg');
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const answer = await decode(JSON.parse(line)).catch((error) => ({ error: String(error?.message ?? error) }));
  process.stdout.write(`${JSON.stringify({ ...answer, memory: process.memoryUsage.rss() })}\n`);
}

process.exit(0);
