// Cuts the typefaces of an EPUB to its letters with HarfBuzz.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import subsetFont from 'subset-font';
import { withoutNames } from './names.mjs';

// What text needs without being asked: composition, marks, ligatures, kerning, and the forms of Arabic and Indian scripts. Alternates that nobody asks for double a font.
const features = (
  'rvrn ccmp liga locl mark mkmk rlig calt clig curs kern rclt isol init medi med2 fina fin2 fin3 mset ' +
  'nukt akhn rphf rkrf pref blwf half abvf pstf cfar vatu cjct pres abvs blws psts haln dist abvm blwm ljmo vjmo tjmo chws halt'
).split(' ');

// As the typesetter has it: letters that are never seen call for no typeface.
const unseen = /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}]/u;

/** The files of a family: the one of a weight and style, else its upright one, since readers slant that themselves. */
function fileOf({ paths }, { bold, italic }) {
  const weight = bold ? '700Bold' : '400Regular';
  const slanted = italic && paths.find((path) => path.endsWith(`/${weight}_Italic`));
  const folder = slanted || paths.find((path) => path.endsWith(`/${weight}`));
  return folder && { italic: Boolean(slanted), bold, path: join(folder, readdirSync(folder).find((file) => file.endsWith('.ttf'))) };
}

/** The families of a role (body or headings) in the order in which letters are looked for. */
function familiesOf(name, order, { family, standInsOf }) {
  const letters = [...new Set(order.faces.map((face) => face.text).join(''))].filter((letter) => !unseen.test(letter)).map((letter) => letter.codePointAt(0));
  const own = [name, order.bodyFont].filter((one, i, all) => family(one) && all.indexOf(one) === i);
  let lacking = letters.filter((letter) => !own.some((one) => family(one).has(letter)));
  const helping = [];
  for (const one of standInsOf(order.serif, order.language, order.languages)) {
    const helped = lacking.filter((letter) => family(one).has(letter));
    if (helped.length > 0) {
      helping.push({ name: one, letters: helped.length });
      lacking = lacking.filter((letter) => !family(one).has(letter));
    }
  }
  const names = helping.map((one) => one.name);
  if (order.own || names.length === 0) {
    return [...own, ...names];
  }
  const script = helping.reduce((most, one) => (one.letters > most.letters ? one : most)).name;
  return [script, ...own, ...names.filter((one) => one !== script)];
}

/**
 * {fonts, body, headings, left} of {typesetter, bodyFont, headingFont, serif, language, languages, own, faces, bytes}: the typesetter's folder, which has the
 * typefaces; `own` is whether the book's own family comes before the one of its script; a face is {heading, bold, italic, smallCaps, text}; most bytes of all
 * fonts. `fonts` are {family, bold, italic, content}, TrueType in base64; `body` and `headings` are the families in the order in which letters are looked for;
 * `left` are the faces that would have been too much.
 */
export async function typefaces(order) {
  const installed = await import(pathToFileURL(join(order.typesetter, 'fonts.mjs')));
  const roles = { body: familiesOf(order.bodyFont, order, installed), headings: familiesOf(order.headingFont, order, installed) };
  const files = new Map();
  for (const face of order.faces) {
    const names = face.heading ? roles.headings : roles.body;
    const letters = [...face.text];
    const touched = new Set();
    for (const letter of letters.filter((one) => !unseen.test(one))) {
      const name = names.find((one) => installed.family(one).has(letter.codePointAt(0)));
      const file = name && fileOf(installed.family(name), face);
      if (!file) continue;
      if (!files.has(file.path)) files.set(file.path, { ...file, family: name, letters: new Set(), smallCaps: false });
      const known = files.get(file.path);
      touched.add(known);
      known.letters.add(letter);
      known.smallCaps ||= face.smallCaps;
    }
    for (const known of touched) {
      letters.filter((one) => unseen.test(one) && installed.family(known.family).has(one.codePointAt(0))).forEach((one) => known.letters.add(one));
    }
  }

  const [fonts, left] = [[], []];
  let room = order.bytes;
  for (const { path, family, bold, italic, letters, smallCaps } of files.values()) {
    const text = [...letters].sort((one, other) => one.codePointAt(0) - other.codePointAt(0)).join('');
    const keepFeatures = smallCaps ? [...features, 'smcp'] : features;
    const content = withoutNames(await subsetFont(readFileSync(path), text, { targetFormat: 'truetype', keepFeatures, preserveNameIds: [13, 14] }));
    if (content.length > room) {
      left.push({ family, bold, italic });
    } else {
      room -= content.length;
      fonts.push({ family, bold, italic, content: content.toString('base64') });
    }
  }
  const carried = (names) => names.filter((name) => fonts.some((font) => font.family === name));
  return { fonts, body: carried(roles.body), headings: carried(roles.headings), left };
}
