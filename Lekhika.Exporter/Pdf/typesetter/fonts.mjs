// The families that books are set in: npm packages under the SIL Open Font License, loaded by path and only when a book needs them.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lettersOf } from './letters.mjs';

const home = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/@expo-google-fonts');
const latin = ['300Light', '400Regular', '400Regular_Italic', '600SemiBold', '600SemiBold_Italic', '700Bold', '700Bold_Italic', '900Black'];
const upright = ['400Regular', '700Bold'];

// What stands in where a book's own family lacks letters: the families of scripts, then large ones, of which the one of the book's kind comes first.
const scripts = ['Noto Serif Devanagari', 'Noto Serif Bengali', 'Noto Sans Tamil', 'Noto Naskh Arabic', 'Noto Serif Hebrew'];
const general = [{ name: 'Noto Serif', serif: true }, { name: 'Noto Sans', serif: false }];
const han = { zh: 'Noto Serif SC', cmn: 'Noto Serif SC', yue: 'Noto Serif SC', ja: 'Noto Serif JP', ko: 'Noto Serif KR' };
const symbols = ['Noto Sans Symbols', 'Noto Sans Symbols 2', 'Noto Sans Math'];

// Letters that are never seen: no font need have them (Unicode: Default_Ignorable_Code_Point, white space, controls).
const unseen = /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}]/u;
const known = new Map();

/** {has, smallCaps, paths} of an installed family, read once; undefined when it is not installed. */
export function family(name) {
  if (!known.has(name)) {
    const folder = join(home, name.toLowerCase().replaceAll(' ', '-'));
    const weights = name.startsWith('Noto') && name !== 'Noto Serif' && name !== 'Noto Sans' ? upright : latin;
    const paths = weights.map((weight) => join(folder, weight)).filter(existsSync);
    const regular = paths.find((path) => path.endsWith('400Regular'));
    known.set(name, regular && { paths, ...lettersOf(join(regular, readdirSync(regular).find((file) => file.endsWith('.ttf')))) });
  }
  return known.get(name);
}

/** The installed families that may stand in, in the order in which they are tried. */
export function standInsOf(serif, lang, languages) {
  const order = [
    ...scripts,
    ...[han[lang], ...languages.map((one) => han[one]), 'Noto Serif SC', 'Noto Serif JP', 'Noto Serif KR'].filter(Boolean),
    ...[...general].sort((one) => (one.serif === serif ? -1 : 1)).map((one) => one.name),
    ...symbols,
  ];
  return [...new Set(order)].filter((name) => family(name) !== undefined);
}

/**
 * The families for a book whose words are `text` (any JSON with them): {fonts, paths, missing, absent}. `fonts` is what settings.typ reads,
 * `paths` are the folders to load, `missing` the characters that no family has, `absent` the asked
 * families that are not installed.
 */
export function chooseFonts(settings, lang, languages, text) {
  const used = new Set(text);
  const seen = [...used].filter((character) => character > '\u007e' && !unseen.test(character));
  const isOwn = (name) => family(name) !== undefined;
  const standIns = standInsOf(settings.serif, lang, languages);
  const own = [...new Set([settings.bodyFont, settings.headingFont, 'Source Code Pro'])].filter(isOwn);

  // A letter that one of the book's own families lacks needs a stand-in, since it may stand where that one is used.
  let wanted = seen.filter((character) => !own.every((name) => family(name).has(character.codePointAt(0))));
  let missing = seen.filter((character) => !own.some((name) => family(name).has(character.codePointAt(0))));
  const taken = [];
  for (const name of standIns) {
    const letters = family(name);
    const helps = (character) => letters.has(character.codePointAt(0));
    if (wanted.some(helps)) {
      taken.push(name);
      wanted = wanted.filter((character) => !helps(character));
      missing = missing.filter((character) => !helps(character));
    }
  }

  // Han letters look different in each language: a passage in another one has that language's family first.
  const byLanguage = {};
  for (const language of languages.filter((one) => han[one] && han[one] !== han[lang] && isOwn(han[one]))) {
    if (!taken.includes(han[language])) taken.push(han[language]);
    byLanguage[language] = [settings.bodyFont, han[language], ...taken.filter((name) => name !== han[language])];
  }

  const rest = [...taken, ...own];
  const list = (name) => [...new Set([...(isOwn(name) ? [name] : []), ...rest])];
  const fonts = {
    body: list(settings.bodyFont),
    heading: list(settings.headingFont),
    mono: list('Source Code Pro'),
    bodySmallCaps: family(settings.bodyFont)?.smallCaps ?? false,
    headingSmallCaps: family(settings.headingFont)?.smallCaps ?? false,
    'by-language': byLanguage,
  };
  const absent = [...new Set([settings.bodyFont, settings.headingFont])].filter((name) => !isOwn(name));
  return { fonts, missing, absent, paths: [...own, ...taken].flatMap((name) => family(name).paths) };
}
