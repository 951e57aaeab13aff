// Page boxes of a PDF for a press (ISO 32000-1, 14.11.2): the whole sheet is the media box, around the trimmed page is the bleed.
import { PDFDocument } from 'pdf-lib';

const points = (millimetres) => (millimetres * 72) / 25.4;

/** The same file with BleedBox and TrimBox on each page. */
export async function writeBoxes(pdf, { width, height, bleed, marks }) {
  const file = await PDFDocument.load(pdf, { updateMetadata: false });
  const edge = points(bleed + (marks ? 9 : 0));
  const [reach, trimWidth, trimHeight] = [points(bleed), points(width), points(height)];
  for (const page of file.getPages()) {
    page.setTrimBox(edge, edge, trimWidth, trimHeight);
    page.setBleedBox(edge - reach, edge - reach, trimWidth + 2 * reach, trimHeight + 2 * reach);
  }
  return Buffer.from(await file.save({ useObjectStreams: false, updateFieldAppearances: false }));
}
