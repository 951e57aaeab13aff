// What goes into an EPUB and only Node can make: one order a line on stdin, one answer a line on stdout, until stdin closes.
// An order is {cover} (see cover.mjs) or {typefaces} (see subset.mjs); an answer is theirs or {error}, with `memory` in bytes.
// Each is loaded when it is first asked for: most books need their cover alone.
import { createInterface } from 'node:readline';

async function answer(order) {
  try {
    return order.cover ? await (await import('./cover.mjs')).cover(order.cover) : await (await import('./subset.mjs')).typefaces(order.typefaces);
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify({ ...(await answer(JSON.parse(line))), memory: process.memoryUsage.rss() })}\n`);
}

process.exit(0);
