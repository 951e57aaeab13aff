// The exporter's typesetter: one order a line on stdin, one answer a line on stdout, until stdin closes.
// An order is {id, book, images}: the book is data for book.typ (see BookData.cs), never Typst source; images are {name: {content, ratio, width}}, the width in pixels.
// An answer is {id, pdf, pages, folios, openings, notes, memory} or {id, error, memory}; notes are sentences, memory is in bytes.
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { setBook } from './typeset.mjs';

const root = process.cwd(); // An empty folder: Typst can read nothing but what is staged in it, in memory.

// While a book is being set this thread hears nothing; the other one sees to it that no orphan goes on working.
new Worker(
  `const parent = process.ppid;
   setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGKILL'), 1000);`,
  { eval: true },
).unref();

async function answer({ id, ...order }) {
  try {
    return { id, ...(await setBook(root, id, order)) };
  } catch (error) {
    return { id, error: String(error?.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify({ ...(await answer(JSON.parse(line))), memory: process.memoryUsage.rss() })}\n`);
}

process.exit(0);
