// Sets one book: chooses its fonts, stages it in memory, compiles it, and makes the PDF.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { chooseFonts } from './fonts.mjs';

const home = dirname(fileURLToPath(import.meta.url));
const templates = readdirSync(home).filter((name) => name.endsWith('.typ')).map((name) => [name, readFileSync(join(home, name), 'utf8')]);
const compilers = new Map(); // By the fonts they know; the last few stay.

function compilerFor(root, paths) {
  const key = paths.join('\n');
  let compiler = compilers.get(key);
  if (!compiler) {
    compiler = NodeCompiler.create({ workspace: root, fontArgs: [{ fontPaths: paths }] });
    for (const [name, source] of templates) {
      compiler.addSource(join(root, name), source);
    }
  }
  compilers.delete(key);
  compilers.set(key, compiler);
  if (compilers.size > 3) {
    compilers.delete(compilers.keys().next().value);
  }
  return compiler;
}

/** {pdf, pages, folios, openings, notes} of an order, {svg, points} of one of a cover as a picture, or {error}. */
export async function setBook(root, id, { book, images = {} }) {
  const notes = [];
  const words = JSON.stringify({ ...book, settings: book.settings.ornament });
  const languages = [...new Set([...words.matchAll(/"t":"lang","lang":"([a-z]+)"/g)].map((match) => match[1]))];
  const { fonts, missing, absent, paths } = chooseFonts(book.settings, book.lang, languages, `${words}…·❦✦•©’“”`);
  notes.push(...absent.map((name) => `The typeface ${name} is not installed on this server; another stands in for it.`));
  if (missing.length > 0) {
    const shown = missing.slice(0, 20).map((character) => `${character} (U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')})`).join(', ');
    notes.push(`The typefaces have no glyph for ${missing.length === 1 ? 'a character of the book' : `${missing.length} characters of the book`}: ${shown}${missing.length > 20 ? ' …' : ''}. A question mark in brackets, [?], stands for each in the PDF.`);
    book = withoutGlyphs(book, new Set(missing));
  }
  Object.assign(book, { fonts, missing: [], pictures: Object.fromEntries(Object.entries(images).map(([name, { ratio, width }]) => [name, [ratio, width]])) });

  const compiler = compilerFor(root, paths);
  const folder = `/orders/${id}/`;
  const staged = [];
  const stage = (name, content) => {
    const path = join(root, folder, name);
    staged.push(path);
    compiler.mapShadow(path, content);
  };
  const compile = () => {
    stage('book.json', Buffer.from(JSON.stringify(book)));
    return compiler.compile({ mainFilePath: join(root, book.coverOnly ? 'front.typ' : book.wrap ? 'wrap.typ' : 'book.typ'), inputs: { book: `${folder}book.json`, pictures: folder } });
  };
  try {
    for (const [name, { content }] of Object.entries(images)) {
      stage(name, Buffer.from(content, 'base64'));
    }

    let compiled = compile();
    if (compiled.hasError() && Object.keys(images).length > 0) {
      book.missing = Object.keys(images).filter((name) => compiler.compile({ mainFileContent: `#image("${folder}${name}")` }).hasError());
      if (book.missing.length > 0) {
        notes.push(`${book.missing.length === 1 ? 'A picture' : `${book.missing.length} pictures`} could not be read; its words stand in its place.`);
        compiled = compile();
      }
    }
    if (compiled.hasError()) {
      return { error: sentences(compiled.takeError()).join('; ') };
    }

    if (book.coverOnly) {
      const [width, height] = [book.settings.width, book.settings.height].map((millimetres) => (millimetres / 25.4) * 72);
      return { svg: compiler.plainSvg(compiled.result), points: { width, height } };
    }

    // The gutter was chosen for an estimated number of pages: where the book became thicker it is set again (its lines break alike).
    let document = compiled.result;
    const gutter = gutterFor(document.numOfPages);
    if (gutter > book.settings.gutter && !book.wrap) {
      book.settings.gutter = gutter;
      document = compile().result;
    }

    notes.push(...sentences(compiled.takeWarnings()));
    const { pdf, note } = write(compiler, document, book.settings);
    return {
      pages: document.numOfPages,
      folios: compiler.query(document, { selector: '<folio>', field: 'value' }),
      openings: Object.fromEntries(compiler.query(document, { selector: '<opening>', field: 'value' }).map(({ name, page }) => [name, page])),
      notes: [...notes, ...note],
      pdf: (await withBoxes(pdf, book)).toString('base64'),
    };
  } finally {
    staged.forEach((path) => compiler.unmapShadow(path));
    compiler.evictCache(0);
  }
}

/**
 * A tagged PDF/UA-1 (or PDF/A-2a); where the book breaks a rule of the standard, a tagged PDF and a sentence that tells the rule; where Typst loses count
 * of its own tags (0.14.2: "internal error: parent group", over notes in a block that pages divide), one without tags. A book with a flaw is better than none.
 */
function write(compiler, document, settings) {
  const standard = settings.archive ? 'a-2a' : 'ua-1';
  try {
    return { pdf: compiler.pdf(document, { pdfStandard: standard }), note: [] };
  } catch (error) {
    const rule = /message: "([^"]*)"/.exec(String(error?.message ?? error))?.[1] ?? String(error?.message ?? error);
    try {
      return { pdf: compiler.pdf(document), note: [`The PDF is tagged, but not ${settings.archive ? 'PDF/A-2' : 'PDF/UA-1'}: ${rule}.`] };
    } catch {
      return { pdf: compiler.pdf(document, { pdfTags: false }), note: ['The PDF has no tags for screen readers: the typesetter could not write them for this book. The EPUB and the HTML page have its structure.'] };
    }
  }
}

/** Millimetres, as DesignData.Gutter counts them. */
function gutterFor(pages) {
  return pages <= 150 ? 0 : pages <= 300 ? 3.2 : pages <= 500 ? 6.4 : pages <= 700 ? 9.5 : 12.7;
}

/** Typst cannot tell trim from bleed: the boxes are written into the finished file. */
async function withBoxes(pdf, { settings, wrap }) {
  const sheet = wrap ? { ...settings, width: 2 * settings.width + wrap.spine, bleed: wrap.bleed } : settings;
  return sheet.bleed > 0 || sheet.marks ? (await import('./boxes.mjs')).writeBoxes(pdf, sheet) : pdf;
}

function withoutGlyphs(value, missing) {
  if (typeof value === 'string') {
    return [...value].some((character) => missing.has(character)) ? [...value].map((character) => (missing.has(character) ? '[?]' : character)).join('') : value;
  }
  if (Array.isArray(value)) return value.map((one) => withoutGlyphs(one, missing));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutGlyphs(one, missing)]));
  return value;
}

function sentences(diagnostics) {
  return diagnostics ? diagnostics.shortDiagnostics.map((one) => one.message) : [];
}
