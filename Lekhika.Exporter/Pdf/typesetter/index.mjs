// The exporter's typesetter: one order a line on stdin, one answer a line on stdout, until stdin closes.
// An order is {id, book}: the book is data for book.typ (see BookData.cs), never Typst source.
// An answer is {id, pdf, pages, folios, warnings, memory} or {id, error, memory}; memory is in bytes.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const home = dirname(fileURLToPath(import.meta.url));
const root = process.argv[2]; // An empty folder: Typst can read nothing but what is staged in it, in memory.
const template = join(root, 'book.typ');

// While a book is being set this thread hears nothing; the other one sees to it that no orphan goes on working.
new Worker(
  `const parent = process.ppid;
   setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGKILL'), 1000);`,
  { eval: true },
).unref();

const compiler = NodeCompiler.create({
  workspace: root,
  fontArgs: [{ fontPaths: ['eb-garamond', 'source-code-pro'].map((family) => join(home, 'node_modules/@expo-google-fonts', family)) }],
});
compiler.addSource(template, readFileSync(join(home, 'book.typ'), 'utf8'));

function set({ id, book }) {
  const staged = join(root, 'orders', `${id}.json`);
  compiler.mapShadow(staged, Buffer.from(JSON.stringify(book)));
  try {
    const compiled = compiler.compile({ mainFilePath: template, inputs: { book: `/orders/${id}.json` } });
    if (compiled.hasError()) {
      return { id, error: sentences(compiled.takeError()) };
    }

    const document = compiled.result;
    return {
      id,
      pages: document.numOfPages,
      folios: compiler.query(document, { selector: '<folio>', field: 'value' }),
      warnings: sentences(compiled.takeWarnings()),
      pdf: compiler.pdf(document).toString('base64'),
    };
  } catch (error) {
    return { id, error: String(error?.message ?? error) };
  } finally {
    compiler.unmapShadow(staged);
    compiler.evictCache(0);
  }
}

function sentences(diagnostics) {
  return diagnostics ? diagnostics.shortDiagnostics.map((one) => one.message).join('; ') : '';
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const answer = set(JSON.parse(line));
  process.stdout.write(`${JSON.stringify({ ...answer, memory: process.memoryUsage.rss() })}\n`);
}

process.exit(0);
